"""Which articles fit a ticket, for whoever answers it, and what of each may be sent to its partner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from otklik.desk.public import Message, MessageKind, Ticket
from otklik.kit.markup import text_of
from otklik.knowledge.models import Article, ArticleText
from otklik.knowledge.queries.reading import readable_articles
from otklik.knowledge.queries.searching import Found, search_articles
from otklik.knowledge.rules.languages import best_language
from otklik.knowledge.rules.visibility import Reader
from otklik.knowledge.rules.vocabulary import ArticleState, Visibility

MOST = 5
# Of the search's own measure: below it an article shares a word with the question and no more.
_FITS = 0.3
_LONGEST_TEXT = 3_000
_QUESTION = 400


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``link`` and ``text`` "" where the partner may not read the article: nothing of it is sent with one
    tap. ``language`` is that of ``text``; not the partner's where nobody has translated the article."""

    article_id: int
    title: str
    excerpt: str
    language: str
    is_theirs: bool
    link: str
    text: str


def suggestions_for(ticket: Ticket, writing: str, *, address: Callable[[str], str]) -> list[Suggestion]:
    """Best first. By what the agent writes, where that says something, and by the ticket's own words."""
    staff = Reader(is_staff=True, language=ticket.language)
    found: dict[int, Found] = {}
    for words in (writing.strip()[-_QUESTION:], _question(ticket)):
        for hit in search_articles(words, staff, MOST) if words else []:
            if hit.score >= _FITS:
                found.setdefault(hit.article_id, hit)
    chosen = list(found.values())[:MOST]
    ids = [hit.article_id for hit in chosen]
    published = set(
        Article.objects.filter(pk__in=ids, state=ArticleState.PUBLISHED).values_list("pk", flat=True)
    )
    theirs = readable_articles(_partner(ticket)).filter(pk__in=ids).prefetch_related("texts").in_bulk()
    return [
        _suggestion(hit, theirs.get(hit.article_id), ticket.language, address)
        for hit in chosen
        if hit.article_id in published
    ]


def _question(ticket: Ticket) -> str:
    asked = Message.objects.filter(ticket=ticket, kind=MessageKind.INCOMING).order_by("-pk")
    last = asked.values_list("text", flat=True).first() or ""
    return f"{ticket.subject} {last}"[:_QUESTION]


def _partner(ticket: Ticket) -> Reader:
    partner = ticket.partner
    if partner is None:
        return Reader(language=ticket.language)
    return Reader(
        program_id=ticket.program_id,
        partner_id=partner.pk,
        tier=partner.tier,
        contact_id=ticket.contact_id,
        language=ticket.language,
    )


def _suggestion(
    hit: Found, theirs: Article | None, language: str, address: Callable[[str], str]
) -> Suggestion:
    text = _text_in(theirs, language) if theirs is not None else None
    if theirs is None or text is None:
        return Suggestion(hit.article_id, hit.title, hit.excerpt, hit.language, False, "", "")
    return Suggestion(
        article_id=hit.article_id,
        title=text.title,
        excerpt=hit.excerpt,
        language=text.language,
        is_theirs=True,
        link=_link(theirs, text, address),
        text=_plain(text),
    )


def _text_in(article: Article, language: str) -> ArticleText | None:
    there = {text.language: text for text in article.texts.all()}
    chosen = best_language(there, wanted=language, source=article.source_language)
    return there[chosen] if chosen is not None else None


def _plain(text: ArticleText) -> str:
    plain = text_of(text.body).strip()
    return plain if len(plain) <= _LONGEST_TEXT else plain[:_LONGEST_TEXT].rsplit(None, 1)[0] + " …"


def _link(article: Article, text: ArticleText, address: Callable[[str], str]) -> str:
    """Where the partner reads it: the open page, or the portal's own, which has the name alone."""
    try:
        if article.visibility == Visibility.PUBLIC:
            path = reverse("public-article", args=[text.language, article.slug])
        else:
            path = reverse("portal-article", args=[article.slug])
    except NoReverseMatch:
        return ""
    return f"{text.title}: {address(path)}"
