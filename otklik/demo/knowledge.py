"""The demo's articles: written in two languages, read, found helpful or not; one translation is behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from otklik.demo.story import SEED
from otklik.events.public import Actor, ActorKind, Origin
from otklik.identity.public import User
from otklik.knowledge.public import (
    Article,
    ArticleText,
    CameFrom,
    Verdict,
    WhyNot,
    Written,
    give_feedback,
    import_articles,
    record_view,
    save_text,
)

FOLDER = Path(__file__).parent / "articles"
READERS = 60
CHANGED = "how-traffic-is-checked"
_WORDS = (
    (WhyNot.INCOMPLETE, "А если выходной длинный, как в мае?"),
    (WhyNot.UNCLEAR, "Which of the two days counts, sent or arrived?"),
    (WhyNot.NOT_MY_CASE, ""),
    (WhyNot.WANT_PERSON, ""),
)


def write_articles(
    contact_ids: Mapping[str, int],
    staff: Mapping[str, User],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """A few seconds: two dozen texts, some hundred views."""
    begun = at - timedelta(days=120)
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
    import_articles(files=files, program_id=None, owner_id=staff["lead"].pk, by=by, at=begun)
    _say_more(staff["officer"], at=at - timedelta(days=9))
    people = sorted(contact_ids.values())
    _read(Random(SEED), people, at=at)  # noqa: S311 - a story, not a secret


def _say_more(officer: User, *, at: datetime) -> None:
    """The Russian text gains a paragraph; the English one is behind since."""
    source = ArticleText.objects.get(article__slug=CHANGED, language="ru")
    more = "\n\nЕсли источник новый, первую проверку делает человек: сравнивать пока не с чем."
    text = Written(
        title=source.title,
        body=source.body + more,
        based_on=source.number,
        note="Про новые источники",
    )
    by = Actor(ActorKind.PERSON, officer.pk, Origin.DEMO)
    save_text(article_id=source.article_id, language="ru", written=text, by=by, at=at)


def _read(random: Random, people: Sequence[int], *, at: datetime) -> None:
    articles = list(Article.objects.filter(state="published").order_by("slug"))
    ways = (CameFrom.SEARCH, CameFrom.ASK, CameFrom.PORTAL, CameFrom.SUGGESTION)
    for contact_id in random.sample(people, min(READERS, len(people))):
        for article in random.sample(articles, random.randint(1, 4)):
            moment = at - timedelta(minutes=random.randint(60, 40 * 24 * 60))
            language = random.choice(("ru", "en"))
            record_view(
                article_id=article.pk,
                language=language,
                came_from=random.choice(ways),
                contact_id=contact_id,
                at=moment,
            )
            if random.random() < 0.3:
                give_feedback(
                    article_id=article.pk,
                    language=language,
                    verdict=_verdict(random),
                    by=Actor(ActorKind.CONTACT, contact_id, Origin.DEMO),
                    at=moment + timedelta(minutes=2),
                )


def _verdict(random: Random) -> Verdict:
    if random.random() < 0.75:
        return Verdict(helped=True)
    why, words = random.choice(_WORDS)
    return Verdict(helped=False, why=why, words=words)
