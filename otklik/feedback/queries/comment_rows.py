"""Comments with what was read in them, as somebody may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import QuerySet

from otklik.feedback.access import Scope, visible_responses
from otklik.feedback.models import Response
from otklik.feedback.rules.periods import Period
from otklik.feedback.rules.vocabulary import ResponseStatus, SurveyKind
from otklik.kit.texts.reading import cleaned
from otklik.kit.texts.words import ContentWord

# Above that a page would take longer than anybody waits; it says so and takes the newest.
MOST_COMMENTS = 3_000
_FIELDS = (
    "pk", "kind", "score", "comment", "partner_id", "partner__name", "responded_at", "version__survey__name",
    "reading__language", "reading__sentiment", "reading__topics", "reading__words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommentFilter:
    """``language``: "ru", "en" or "" for both."""

    period: Period
    survey_id: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class CommentRow:
    """``text`` is cleaned: places count in it. ``topics``: places by key. ``is_read`` False: waits for a
    job."""

    id: int
    kind: str
    score: int
    text: str
    partner_id: int | None
    partner_name: str
    responded_at: datetime
    survey: str
    is_read: bool
    language: str = ""
    sentiment: int | None = None
    topics: dict[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    topic_sentiments: dict[str, int | None] = field(default_factory=dict)
    words: tuple[ContentWord, ...] = ()

    @property
    def is_nps(self) -> bool:
        return self.kind == SurveyKind.NPS


def comments_in(scope: Scope, asked: CommentFilter) -> QuerySet[Response]:
    rows = visible_responses(scope).filter(
        status=ResponseStatus.COMPLETE,
        responded_at__gte=datetime.combine(asked.period.start, time(), UTC),
        responded_at__lt=datetime.combine(asked.period.end, time(), UTC),
    )
    if asked.survey_id is not None:
        rows = rows.filter(version__survey_id=asked.survey_id)
    if asked.language:
        rows = rows.filter(reading__language=asked.language)
    return rows.exclude(comment="")


def comment_rows(rows: QuerySet[Response], *, limit: int = MOST_COMMENTS) -> list[CommentRow]:
    """Newest first, one query."""
    found = rows.order_by("-responded_at", "-pk").values_list(*_FIELDS)[:limit]
    return [_row(*values) for values in found]


def _row(
    pk: int,
    kind: str,
    score: int,
    comment: str,
    partner_id: int | None,
    partner_name: str | None,
    responded_at: datetime,
    survey: str,
    language: str | None,
    sentiment: int | None,
    topics: dict[str, dict[str, Any]] | None,
    words: list[list[Any]] | None,
) -> CommentRow:
    topics = topics or {}
    return CommentRow(
        pk,
        kind,
        score,
        cleaned(comment),
        partner_id,
        partner_name or "",
        responded_at,
        survey,
        language is not None,
        language or "",
        sentiment,
        {key: [(start, end) for start, end in found["places"]] for key, found in topics.items()},
        {key: found["sentiment"] for key, found in topics.items()},
        tuple(ContentWord(*word) for word in words or ()),
    )
