"""One stream of what partners say: answers with words, interviews, mentions, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from otklik.feedback.access import Scope, visible_interviews, visible_mentions, visible_responses
from otklik.feedback.models import Interview, Response
from otklik.feedback.rules.vocabulary import ResponseStatus
from otklik.feedback.rules.voices.vocabulary import VoiceKind
from otklik.partners.public import name_key

PAGE = 30
# Voices of one moment stand in this order, and within a kind by their ids.
_RANKS = {VoiceKind.ANSWER: 1, VoiceKind.INTERVIEW: 2, VoiceKind.MENTION: 3}


@dataclass(frozen=True, slots=True)
class VoiceFilter:
    """``sentiment`` is a set of one where it is given, for None is an answer too: cannot tell."""

    kind: VoiceKind | None = None
    partner_id: int | None = None
    name: str = ""
    sentiment: tuple[int | None, ...] = ()
    topic: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """``row`` is the answer, interview or mention itself, with its partner (and contact)."""

    kind: VoiceKind
    at: datetime
    row: Any
    text: str
    sentiment: int | None
    topics: tuple[str, ...]

    @property
    def place(self) -> Place:
        return (self.at, _RANKS[self.kind], self.row.pk)


Place = tuple[datetime, int, int]


def voices(
    scope: Scope, chosen: VoiceFilter, *, before: Place | None = None, limit: int = PAGE
) -> tuple[list[Voice], Place | None]:
    """A page, and where the next one begins (None at the end). Four queries at most, whatever the page."""
    found: list[Voice] = []
    for kind, read in _READERS.items():
        if chosen.kind in (None, kind):
            found += read(scope, chosen, before, limit + 1)
    found.sort(key=lambda voice: voice.place, reverse=True)
    page = found[:limit]
    return page, page[-1].place if len(found) > limit else None


def _answers(scope: Scope, chosen: VoiceFilter, before: Place | None, limit: int) -> list[Voice]:
    rows = visible_responses(scope).filter(status=ResponseStatus.COMPLETE).exclude(comment="")
    rows = _narrowed(rows, chosen, "responded_at", VoiceKind.ANSWER, before)
    if chosen.sentiment:
        rows = rows.filter(_is(chosen.sentiment, "reading__sentiment"))
    if chosen.topic:
        rows = rows.filter(reading__topics__has_key=chosen.topic)
    rows = rows.select_related("partner", "contact", "version__survey", "reading").defer("reading__words")
    return [_answer(row) for row in rows[:limit]]


def _answer(row: Response) -> Voice:
    # Not read yet: written moments ago.
    reading = getattr(row, "reading", None)
    sentiment = reading.sentiment if reading else None
    topics = tuple(reading.topics) if reading else ()
    return Voice(VoiceKind.ANSWER, row.responded_at, row, row.comment, sentiment, topics)


def _interviews(scope: Scope, chosen: VoiceFilter, before: Place | None, limit: int) -> list[Voice]:
    rows = _narrowed(visible_interviews(scope), chosen, "held_at", VoiceKind.INTERVIEW, before)
    rows = _by_own_columns(rows, chosen).select_related("partner", "contact", "interviewer")
    found = list(rows.prefetch_related("quotes")[:limit])
    return [
        Voice(
            VoiceKind.INTERVIEW, row.held_at, row, summary_of(row), row.sentiment, tuple(row.topics.split())
        )
        for row in found
    ]


def summary_of(interview: Interview) -> str:
    """The first words there are: free ones, or what was noted under a question."""
    return interview.words or next(iter(interview.notes.values()), "")


def _mentions(scope: Scope, chosen: VoiceFilter, before: Place | None, limit: int) -> list[Voice]:
    rows = _narrowed(visible_mentions(scope), chosen, "published_at", VoiceKind.MENTION, before)
    rows = _by_own_columns(rows, chosen).select_related("partner", "suggested", "feed", "program")
    return [
        Voice(VoiceKind.MENTION, row.published_at, row, row.text, row.sentiment, tuple(row.topics.split()))
        for row in rows[:limit]
    ]


_READERS = {VoiceKind.ANSWER: _answers, VoiceKind.INTERVIEW: _interviews, VoiceKind.MENTION: _mentions}


def _narrowed(
    rows: QuerySet[Any], chosen: VoiceFilter, moment: str, kind: VoiceKind, before: Place | None
) -> QuerySet[Any]:
    if chosen.partner_id is not None:
        rows = rows.filter(partner_id=chosen.partner_id)
    if chosen.name:
        rows = rows.filter(partner__name_key__contains=name_key(chosen.name))
    if chosen.since is not None:
        rows = rows.filter(**{f"{moment}__gte": chosen.since})
    if before is not None:
        rows = rows.filter(_behind(before, moment, _RANKS[kind]))
    return rows.order_by(f"-{moment}", "-pk")


def _behind(before: Place, moment: str, rank: int) -> Q:
    at, of_rank, pk = before
    if rank < of_rank:
        return Q(**{f"{moment}__lte": at})
    earlier = Q(**{f"{moment}__lt": at})
    # The bound itself stands outside the "or": an index can begin there.
    return (Q(**{f"{moment}__lte": at}) & (earlier | Q(pk__lt=pk))) if rank == of_rank else earlier


def _by_own_columns(rows: QuerySet[Any], chosen: VoiceFilter) -> QuerySet[Any]:
    if chosen.sentiment:
        rows = rows.filter(_is(chosen.sentiment, "sentiment"))
    return rows.filter(topics__contains=f" {chosen.topic} ") if chosen.topic else rows


def _is(sentiment: Sequence[int | None], column: str) -> Q:
    return Q(**{column: sentiment[0]})


def latest_of_partner(partner_id: int, *, limit: int) -> list[Voice]:
    """Interviews and mentions: a partner's answers have a panel of their own. Three queries at most."""
    chosen = VoiceFilter(partner_id=partner_id)
    found = _interviews(Scope(), chosen, None, limit) + _mentions(Scope(), chosen, None, limit)
    return sorted(found, key=lambda voice: voice.place, reverse=True)[:limit]
