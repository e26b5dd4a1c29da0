"""Which question goes where: for partners, from the topics, the promises and what was counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from otklik.desk.models import AnswerTime, Ticket, Topic
from otklik.desk.queries.clock_log import TicketLog
from otklik.desk.queries.derived import clocks_of
from otklik.desk.queries.priority import decide_for_new
from otklik.desk.queries.promises import Promises, read_promises
from otklik.desk.rules.vocabulary import (
    SLA_ASSIGNED,
    TICKET_CREATED,
    Channel,
    ClockKind,
    Priority,
    Side,
    TicketStatus,
    Verdict,
)
from otklik.kit.calendar import (
    BeyondTheTimetable,
    BusinessCalendar,
    EmptyCalendar,
    is_open,
    next_open,
    windows_on,
)
from otklik.partners.public import Contact, Partner

_DAYS = 7
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Answered:
    """``half``, ``most``: within which half, and nine of ten, were answered; None where it cannot be told."""

    channel: Channel | None
    n: int
    waiting: int
    half: timedelta | None
    most: timedelta | None
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """Of one day, in the reader's zone. ``until`` may lie on the next day."""

    begins: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """The coming week. ``next_open`` None: open now, or never."""

    is_open: bool
    next_open: datetime | None
    openings: tuple[Opening, ...]
    is_always: bool


@dataclass(frozen=True, slots=True)
class Room:
    """A topic as partners are told of it. ``promised``: minutes of our hours until a first answer."""

    topic: Topic
    note: str
    team: str
    owner: str
    promised: int | None
    hours: Hours | None
    overall: Answered | None
    channels: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    rooms: tuple[Room, ...]
    overall: Answered | None
    hours: Hours | None


def offered_topics() -> list[Topic]:
    """What partners choose from, in order. One query."""
    return list(Topic.objects.filter(is_active=True, is_offered=True).select_related("team", "owner"))


def directory_for(partner: Partner, *, language: str, zone: ZoneInfo, at: datetime) -> Directory:
    """Three queries."""
    promises, figures = read_promises(), _figures(partner.program_id)
    hours: dict[int, Hours | None] = {}
    rooms = []
    for topic in offered_topics():
        minutes, calendar = _promise(promises, partner, topic.pk)
        rooms.append(
            Room(
                topic=topic,
                note=in_language(topic.notes, language),
                team=topic.team.name if topic.team else "",
                owner=topic.owner.name if topic.owner and topic.owner.is_active else "",
                promised=minutes,
                hours=_hours_once(hours, calendar, zone, at),
                overall=figures.get((topic.pk, "")),
                channels=_by_channel(figures, topic.pk),
            )
        )
    _, calendar = _promise(promises, partner, None)
    return Directory(tuple(rooms), figures.get((None, "")), _hours_once(hours, calendar, zone, at))


def answer_expected(
    partner: Partner, contact: Contact, topic: Topic | None, *, text: str = "", at: datetime
) -> datetime | None:
    """When the first answer to a question asked now is promised, with the priority the rules would give it.
    None where nothing is promised."""
    ticket = Ticket(
        program_id=partner.program_id,
        partner=partner,
        contact=contact,
        topic=topic,
        channel=Channel.PORTAL,
        status=TicketStatus.NEW,
        created_at=at,
        updated_at=at,
    )
    ticket.priority = decide_for_new([ticket], [text])[0].priority
    promises = read_promises()
    terms = promises.terms(ticket)
    if terms["policy"] is None:
        return None
    log = TicketLog(created_at=at)
    said = {
        "side": Side.PARTNER,
        "verdict": Verdict.PERSON,
        "channel": Channel.PORTAL,
        "status": ticket.status,
    }
    log.add(TICKET_CREATED, at, 0, said)
    log.add(SLA_ASSIGNED, at, 1, terms)
    clocks = clocks_of(log, promises.calendars, name="(asked)")
    return next((clock.due_at for clock in clocks if clock.kind is ClockKind.FIRST_RESPONSE), None)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Or in whichever there is: a note that is read with some trouble is better than none."""
    for one in (language[:2], "en", "ru"):
        if text := str(texts.get(one) or "").strip():
            return text
    return ""


def questions_of(topic: Topic | None, language: str) -> list[str]:
    """What is asked with this topic, a line each."""
    lines = in_language(topic.questions, language).splitlines() if topic is not None else []
    return [line.strip()[:200] for line in lines if line.strip()][:8]


def hours_of(calendar: BusinessCalendar, zone: ZoneInfo, at: datetime) -> Hours | None:
    """None for a calendar that is never open."""
    try:
        open_now = is_open(calendar, at)
        ahead = None if open_now else next_open(calendar, at).astimezone(zone)
    except (EmptyCalendar, BeyondTheTimetable):
        return None
    openings = list(_openings(calendar, zone, at))
    whole = [one for one in openings if one.until - one.begins >= timedelta(days=1)]
    return Hours(open_now, ahead, tuple(openings), is_always=len(whole) >= _DAYS)


def _openings(calendar: BusinessCalendar, zone: ZoneInfo, at: datetime) -> Iterable[Opening]:
    there = ZoneInfo(calendar.zone)
    first = at.astimezone(there).date()
    for number in range(_DAYS):
        day = first + timedelta(days=number)
        for window in windows_on(calendar, day):
            ends = [
                datetime.combine(day, time(), there) + timedelta(minutes=minutes)
                if minutes < _MINUTES_A_DAY
                else datetime.combine(day + timedelta(days=1), time(), there)
                for minutes in window
            ]
            yield Opening(ends[0].astimezone(zone), ends[1].astimezone(zone))


def _hours_once(
    known: dict[int, Hours | None], calendar: BusinessCalendar | None, zone: ZoneInfo, at: datetime
) -> Hours | None:
    if calendar is None:
        return None
    if id(calendar) not in known:
        known[id(calendar)] = hours_of(calendar, zone, at)
    return known[id(calendar)]


def _promise(
    promises: Promises, partner: Partner, topic_id: int | None
) -> tuple[int | None, BusinessCalendar | None]:
    """Of usual priority."""
    policy = promises.choose(Ticket(program_id=partner.program_id, partner=partner, topic_id=topic_id))
    if policy is None:
        return None, None
    promise = policy.promises(Priority.NORMAL).get(ClockKind.FIRST_RESPONSE)
    calendar = next((c for ref, c in promises.calendars.items() if ref.id == policy.calendar_id), None)
    return promise.minutes if promise is not None else None, calendar


def _figures(program_id: int) -> dict[tuple[int | None, str], Answered]:
    rows: Sequence[AnswerTime] = list(AnswerTime.objects.filter(program_id=program_id))
    return {
        (row.topic_id, row.channel): Answered(
            channel=Channel(row.channel) if row.channel else None,
            n=row.answered,
            waiting=row.unanswered,
            half=None if row.p50_seconds is None else timedelta(seconds=row.p50_seconds),
            most=None if row.p90_seconds is None else timedelta(seconds=row.p90_seconds),
            counted_at=row.counted_at,
        )
        for row in rows
    }


def _by_channel(figures: Mapping[tuple[int | None, str], Answered], topic_id: int) -> tuple[Answered, ...]:
    """Those through which anybody came, most used first."""
    found = [one for (topic, channel), one in figures.items() if topic == topic_id and channel]
    return tuple(sorted(found, key=lambda one: (-one.n - one.waiting, str(one.channel))))
