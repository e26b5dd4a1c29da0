"""Documents and courses: the article that tells of them, where one surely does."""

from __future__ import annotations

from otklik.assist.registry import Asked, Told
from otklik.knowledge.public import Reader, search_articles

# The share of what was asked that the article holds. Below this it shares a word with the question, no more.
LEAST_SCORE = 0.5


def answer_from_article(asked: Asked) -> Told | None:
    contact = asked.contact
    reader = Reader(
        program_id=contact.partner.program_id,
        partner_id=contact.partner_id,
        tier=contact.partner.tier,
        contact_id=contact.pk,
        language=asked.language,
    )
    found = next(iter(search_articles(asked.text, reader, 1)), None)
    if found is None or found.score < LEAST_SCORE:
        return None
    lines = [found.excerpt] if found.excerpt else []
    return Told(found.title, lines, ("portal-article", (found.slug,)), [("article", found.article_id)])
