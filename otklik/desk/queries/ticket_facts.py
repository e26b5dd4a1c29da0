"""Ended tickets as rows for analytics: surrogate ids, closed-list words, counts and times.

No subject, text, name or address, because segments outlive an erasure. Everything follows from rows and
events that it leaves as they are, but for the mood of the words that it takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any, cast

from django.db.models import Count

from otklik.analytics.public import ColumnType
from otklik.desk.models import AgentProfile, Clock, DepartmentStay, Message, Rating, Ticket
from otklik.desk.queries.moods import Moods, moods_of
from otklik.desk.rules.handling import Move, answers_in, hand_overs
from otklik.desk.rules.languages import short_code
from otklik.desk.rules.lived import Happening, reopenings
from otklik.desk.rules.vocabulary import (
    MESSAGE_SENT,
    MESSAGE_TAKEN_BACK,
    OWNER_CHANGED,
    STATUS_CHANGED,
    TEAM_CHANGED,
    ClockKind,
    ClockState,
    MessageKind,
    TicketStatus,
)
from otklik.events.public import histories
from otklik.kit.among import Among
from otklik.kit.chunks import in_chunks
from otklik.kit.raw import as_moment, raw
from otklik.partners.public import TierChange, tier_changes

# Only ever added to at the end. Counts are wide: two machines that write to each other must not fill a byte.
COLUMNS = (
    ("id", ColumnType.BIG),
    ("created_at", ColumnType.INSTANT),
    ("day", ColumnType.DAY),
    ("program", ColumnType.BIG),
    ("partner", ColumnType.BIG),
    # The partner's when the ticket was created.
    ("tier", ColumnType.WORD),
    ("topic", ColumnType.BIG),
    ("team", ColumnType.BIG),
    ("owner", ColumnType.BIG),
    ("channel", ColumnType.WORD),
    ("priority", ColumnType.WORD),
    ("outcome", ColumnType.WORD),
    # Minutes of business time; empty where nothing was promised, or it was never given.
    ("first_response", ColumnType.BIG),
    ("resolution", ColumnType.BIG),
    # Clocks of any kind that were late, whatever more time they were given since.
    ("breaches", ColumnType.BIG),
    ("reopened", ColumnType.BIG),
    ("messages", ColumnType.BIG),
    # How often it came back to a department that had it before.
    ("came_back", ColumnType.BIG),
    ("rating", ColumnType.SMALL),
    ("closed_at", ColumnType.INSTANT),
    # Without its region; "" where nobody found out.
    ("language", ColumnType.WORD),
    # Who gave the first answer, or began the ticket where we did; empty where that is nobody of the staff.
    ("agent", ColumnType.BIG),
    # 1: a rule or an automatic answer wrote to the partner before any person did. Receipts do not count.
    ("first_by_machine", ColumnType.SMALL),
    # 1: somebody answered who does not write the ticket's language; empty where it is not known of anybody.
    ("foreign_language", ColumnType.SMALL),
    # How many were given, and their minutes of business time.
    ("next_responses", ColumnType.BIG),
    ("next_response_median", ColumnType.REAL),
    ("next_response_longest", ColumnType.BIG),
    # Of breaches: whether the first response and a resolution were late, and how many next responses.
    ("late_first", ColumnType.SMALL),
    ("late_next", ColumnType.BIG),
    ("late_resolution", ColumnType.SMALL),
    # From one person to another, and from one team to another (rules/handling.py).
    ("handed_over", ColumnType.BIG),
    # What a rating can be of: the same as above, of what had happened when it was first given. A low one may
    # itself be why a ticket is opened again. Empty where nobody rated.
    ("rated_at", ColumnType.INSTANT),
    ("first_response_before_rating", ColumnType.BIG),
    ("breaches_before_rating", ColumnType.BIG),
    ("reopened_before_rating", ColumnType.BIG),
    ("handed_over_before_rating", ColumnType.BIG),
    ("foreign_language_before_rating", ColumnType.SMALL),
    # How angry whoever wrote sounded, 0 to 10 (rules/mood.py): in their first message, and at the worst.
    # Empty where no person wrote, and where the words were erased since.
    ("mood_first", ColumnType.SMALL),
    ("mood_worst", ColumnType.SMALL),
)
_FIELDS = (
    "id",
    raw("created_at"),
    "program_id",
    "partner_id",
    "topic_id",
    "team_id",
    "owner_id",
    "channel",
    "priority",
    "outcome",
    "reopened_count",
    "message_count",
    raw("closed_at"),
    "language",
)
_GIVEN = (ClockState.MET, ClockState.MET_LATE)
_LATE = (ClockState.BREACHED, ClockState.MET_LATE)
_ANSWERS = (MessageKind.REPLY, MessageKind.CALL)
_READ = (OWNER_CHANGED, TEAM_CHANGED, STATUS_CHANGED, MESSAGE_SENT, MESSAGE_TAKEN_BACK)
CHUNK = 2_000


@dataclass(slots=True)
class _Promises:
    """Clocks of one ticket. ``used``: seconds of those that were given, by kind, in the order of time.
    ``due``: when those should have been given that were late."""

    used: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    late: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    due: list[datetime] = field(default_factory=list)
    first_given_at: datetime | None = None

    def minutes(self, kind: ClockKind) -> list[int]:
        return [seconds // 60 for seconds in self.used.get(kind, ())]


@dataclass(slots=True)
class _Course:
    """What the log of one ticket says. ``machine``: when a machine wrote first."""

    owners: list[Move] = field(default_factory=list)
    teams: list[Move] = field(default_factory=list)
    machine: datetime | None = None
    taken_back: set[int] = field(default_factory=set)
    statuses: list[Happening] = field(default_factory=list)

    def handed_over(self) -> set[datetime]:
        """Another person and another team in one step are one hand-over."""
        return {*hand_overs(self.owners), *hand_overs(self.teams)}


@dataclass(frozen=True, slots=True)
class _Answer:
    message_id: int
    author_id: int | None
    at: datetime


def ticket_rows(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """In the order of COLUMNS, of those that are closed. A constant number of queries a chunk."""
    # Once for all chunks: most partners have tickets in many of them. First what they are in and then how
    # they came there: a change in between is known, and one that comes while rows are read changes neither.
    there = Ticket.objects.filter(pk__in=Among(ids), partner__isnull=False).order_by()
    tiers = dict(there.values_list("partner_id", "partner__tier").distinct())
    changes = tier_changes(tiers)
    for part in in_chunks(ids, CHUNK):
        yield from _rows(part, tiers, changes)


def _rows(
    ids: Sequence[int], tiers: Mapping[int, str], changes: Mapping[int, Sequence[TierChange]]
) -> Iterator[tuple[Any, ...]]:
    promises, courses, answers, moods = _promises(ids), _courses(ids), _answers(ids), moods_of(ids)
    stays = DepartmentStay.objects.filter(ticket_id__in=Among(ids), came_back=True).values("ticket_id")
    back = dict(stays.annotate(n=Count("pk")).values_list("ticket_id", "n"))
    rated = Rating.objects.filter(ticket_id__in=Among(ids)).values_list("ticket_id", "value", "at")
    ratings = {pk: (value, at) for pk, value, at in rated}
    spoken = dict(AgentProfile.objects.values_list("user_id", "languages"))
    rows = Ticket.objects.filter(pk__in=Among(ids), status=TicketStatus.CLOSED).order_by("pk")
    for pk, made, program, partner, *words, reopened, messages, closed, language in rows.values_list(
        *_FIELDS
    ).iterator(chunk_size=CHUNK):
        created_at, closed_at = cast(datetime, as_moment(made)), as_moment(closed)
        clocks, course = promises[pk], courses[pk]
        given = [one for one in answers[pk] if one.message_id not in course.taken_back]
        rating, rated_at = ratings.get(pk, (None, None))
        mood = moods.get(pk, Moods())
        yield (
            pk,
            created_at,
            created_at.astimezone(UTC).date(),
            program,
            partner,
            _at(created_at, changes.get(partner, ()), now=tiers.get(partner, "")),
            *words,
            next(iter(clocks.minutes(ClockKind.FIRST_RESPONSE)), None),
            next(iter(clocks.minutes(ClockKind.RESOLUTION)), None),
            sum(clocks.late.values()),
            reopened,
            messages,
            back.get(pk, 0),
            rating,
            closed_at,
            short_code(language),
            given[0].author_id if given else None,
            int(course.machine is not None and (not given or course.machine < given[0].at)),
            _in_foreign_language(language, given, spoken),
            *_next_responses(clocks),
            int(clocks.late[ClockKind.FIRST_RESPONSE] > 0),
            clocks.late[ClockKind.NEXT_RESPONSE],
            int(clocks.late[ClockKind.RESOLUTION] > 0),
            len(course.handed_over()),
            rated_at,
            *_before(rated_at, clocks, course, _in_foreign_language(language, _by(rated_at, given), spoken)),
            mood.first,
            mood.worst,
        )


def _at(moment: datetime, changes: Sequence[TierChange], *, now: str) -> str:
    return next((change.before for change in changes if change.at > moment), now)


def _by(moment: datetime | None, given: Sequence[_Answer]) -> list[_Answer]:
    return [one for one in given if moment is not None and one.at <= moment]


def _before(
    rated_at: datetime | None, clocks: _Promises, course: _Course, foreign: int | None
) -> tuple[int | None, ...]:
    if rated_at is None:
        return (None,) * 5
    answered = clocks.first_given_at is not None and clocks.first_given_at <= rated_at
    return (
        clocks.minutes(ClockKind.FIRST_RESPONSE)[0] if answered else None,
        sum(due < rated_at for due in clocks.due),
        sum(at <= rated_at for at in reopenings(course.statuses)),
        sum(at <= rated_at for at in course.handed_over()),
        foreign,
    )


def _next_responses(clocks: _Promises) -> tuple[int, float | None, int | None]:
    used = clocks.used.get(ClockKind.NEXT_RESPONSE)
    if not used:
        return 0, None, None
    return len(used), median(used) / 60, max(clocks.minutes(ClockKind.NEXT_RESPONSE))


def _in_foreign_language(
    language: str, given: Sequence[_Answer], spoken: Mapping[int, Mapping[str, int]]
) -> int | None:
    authors = {one.author_id for one in given if one.author_id is not None}
    told = [answers_in(language, spoken.get(author, {})) for author in authors]
    known = [one for one in told if one is not None]
    return int(not all(known)) if known else None


def _promises(ids: Sequence[int]) -> dict[int, _Promises]:
    found: dict[int, _Promises] = defaultdict(_Promises)
    rows = Clock.objects.filter(ticket_id__in=Among(ids)).order_by("started_at", "pk")
    columns = ("ticket_id", "kind", "state", "used_seconds", raw("due_at"), raw("ended_at"), raw("missed_at"))
    for ticket, kind, state, seconds, *moments in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        due_at, ended_at, missed_at = map(as_moment, moments)
        clocks = found[ticket]
        if state in _GIVEN:
            clocks.used[kind].append(seconds)
            if kind == ClockKind.FIRST_RESPONSE:
                clocks.first_given_at = clocks.first_given_at or ended_at
        late = missed_at or (due_at if state in _LATE else None)
        if late is not None:
            clocks.late[kind] += 1
            clocks.due.append(late)
    return found


def _courses(ids: Sequence[int]) -> dict[int, _Course]:
    found: dict[int, _Course] = defaultdict(_Course)
    for line in histories("ticket", ids, kinds=_READ):
        course, data = found[line.object_id], line.data
        if line.kind in (STATUS_CHANGED, MESSAGE_TAKEN_BACK):
            course.statuses.append(Happening(line.kind, line.happened_at, data))
        if line.kind == MESSAGE_TAKEN_BACK:
            course.taken_back.add(data["message"])
        elif line.kind == MESSAGE_SENT:
            # The log and not the messages: an erasure takes from these what a machine's are known by.
            if data.get("kind") == MessageKind.NOTICE:
                course.machine = course.machine or line.happened_at
        elif line.kind != STATUS_CHANGED:
            moves = course.owners if line.kind == OWNER_CHANGED else course.teams
            moves.append(Move(line.happened_at, data.get("before"), data.get("after")))
    return found


def _answers(ids: Sequence[int]) -> dict[int, list[_Answer]]:
    """What staff wrote or said to the outside, in the order of time. What an erasure kept from leaving was
    an answer all the same: the clocks that it stopped say so."""
    found: dict[int, list[_Answer]] = defaultdict(list)
    rows = Message.objects.filter(ticket_id__in=Among(ids), kind__in=_ANSWERS).order_by("created_at", "pk")
    columns = ("ticket_id", "pk", "author_id", raw("created_at"))
    for ticket, pk, author, at in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        found[ticket].append(_Answer(pk, author, cast(datetime, as_moment(at))))
    return found
