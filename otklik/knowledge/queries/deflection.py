"""Views of articles and the tickets that followed them, as ``rules/deflection.py`` counts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.desk.public import Channel, Outcome, Ticket
from otklik.kit.chunks import in_chunks
from otklik.knowledge.models import Article, KnowledgeFigures, View
from otklik.knowledge.rules.deflection import FOLLOW_UP, Deflection, Ticketed, Viewed, measure

PERIOD = timedelta(days=30)
MOST_VIEWS = 200_000
_PARTNERS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Measured:
    by_article: dict[int, Deflection]
    is_cut: bool
    """There were more than MOST_VIEWS views: the newest were counted."""


def measured(*, at: datetime) -> Measured:
    """Of the last 30 days. Reads the tickets of companies that opened an article, and no others."""
    rows = View.objects.filter(at__gte=at - PERIOD, at__lte=at).order_by("-at", "-pk")
    columns = ("article_id", "contact_id", "contact__partner_id", "at")
    found = list(rows.values_list(*columns)[: MOST_VIEWS + 1])
    views = [Viewed(*row) for row in found[:MOST_VIEWS]]
    if not views:
        return Measured({}, is_cut=False)
    companies = sorted({view.company for view in views if view.company is not None})
    since = min(view.at for view in views) - FOLLOW_UP
    by_article = measure(
        views, _tickets(companies, since, at), _topics({view.article for view in views}), at=at
    )
    return Measured(by_article, len(found) > MOST_VIEWS)


def latest_figures() -> KnowledgeFigures | None:
    """What page, export and API tell; None before the first computation."""
    return KnowledgeFigures.objects.order_by("-computed_at", "-pk").first()


def _tickets(companies: Sequence[int], since: datetime, at: datetime) -> Iterator[Ticketed]:
    """What their people asked themselves: a ticket that we begin follows nothing. "Not changed since" is no
    condition of its own; it lets the index of a partner's tickets end the walk."""
    for ids in in_chunks(companies, _PARTNERS_AT_ONCE):
        rows = Ticket.objects.filter(
            partner_id__in=ids, updated_at__gte=since, created_at__gte=since, created_at__lte=at
        )
        rows = rows.exclude(channel=Channel.STAFF).exclude(outcome=Outcome.SPAM)
        columns = ("contact_id", "partner_id", "topic_id", "created_at")
        for row in rows.order_by().values_list(*columns).iterator(chunk_size=2_000):
            yield Ticketed(*row)


def _topics(articles: set[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    through = Article.topics.through._default_manager
    for ids in in_chunks(sorted(articles), 500):
        for article_id, topic_id in through.filter(article_id__in=ids).values_list("article_id", "topic_id"):
            found.setdefault(article_id, set()).add(topic_id)
    return {article: frozenset(topics) for article, topics in found.items()}
