"""What somebody had lived through when they answered, counted in the window of 90 days before.

The window is closed: it holds what happened exactly 90 days before the answer, and what happened in the very
instant of it. Definitions, borders and examples: docs/formulas/exposures.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar

from otklik.impact.rules.vocabulary import WINDOW_DAYS

WINDOW = timedelta(days=WINDOW_DAYS)
# The least that a later instant is later by.
_NEXT = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
Value = TypeVar("Value", bound=Hashable)
Ranked = TypeVar("Ranked", int, str)
# From when until when; None: it goes on.
Span = tuple[datetime, datetime | None]
# What held from then on.
Course = Sequence[tuple[datetime, int | None]]


class LivedTicket(Protocol):
    """As the desk tells it (``desk/rules/lived.py``)."""

    @property
    def contact_id(self) -> int | None: ...
    @property
    def channel(self) -> str: ...
    @property
    def open(self) -> Sequence[Span]: ...
    @property
    def topics(self) -> Course: ...
    @property
    def teams(self) -> Course: ...
    @property
    def waits(self) -> Sequence[tuple[datetime, float]]:
        """When it was answered, and after how many hours of business time."""

    @property
    def broken(self) -> Sequence[datetime]: ...
    @property
    def unanswered(self) -> Sequence[Span]: ...
    @property
    def reopened(self) -> Sequence[datetime]: ...
    @property
    def handed_over(self) -> Sequence[datetime]: ...
    @property
    def foreign(self) -> Sequence[datetime]: ...


# A ticket, and for which moments of answering it was open at some moment of the window.
Seen = tuple[LivedTicket, Sequence[tuple[datetime, datetime]]]


class Served(NamedTuple):
    """What somebody lived through at the desk, in so many tickets."""

    tickets: int
    wait_median: float | None
    wait_long: float | None
    breaches: int
    unanswered: int
    reopened: int
    handed_over: int
    foreign_language: int


NO_TICKETS = Served(0, None, None, 0, 0, 0, 0, 0)


class Around(NamedTuple):
    """What else the partner lived through, and what most of its tickets were."""

    money_held: int
    payouts_late: int
    manager_changed: int
    main_channel: str
    main_topic: int | None
    main_team: int | None


class Lived(NamedTuple):
    """``person``: the same as ``partner``, in the tickets of whoever answered alone."""

    partner: Served
    around: Around
    person: Served


class Happened:
    """Instants of which each counts."""

    def __init__(self, moments: Iterable[datetime]) -> None:
        self._moments = sorted(moments)

    def before(self, moment: datetime) -> int:
        return bisect_right(self._moments, moment) - bisect_left(self._moments, moment - WINDOW)


class Standing:
    """Spans of which each counts while it lasts, its beginning included and its end not."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime]]) -> None:
        self._spans = list(spans)
        self._since = sorted(since for since, _ in self._spans)
        self._until = sorted(until for _, until in self._spans)

    def at(self, moment: datetime) -> int:
        return bisect_right(self._since, moment) - bisect_right(self._until, moment)


class Service:
    """Of these tickets, a partner's or one person's. Built once, asked for the moment of each answer: no
    question goes through the tickets again."""

    def __init__(self, seen: Sequence[Seen]) -> None:
        tickets = [ticket for ticket, _ in seen]
        self._tickets = Standing(span for _, spans in seen for span in spans)
        waits = sorted(wait for ticket in tickets for wait in ticket.waits)
        self._answered = [answered_at for answered_at, _ in waits]
        self._hours = [hours for _, hours in waits]
        self._breaches = Happened(at for ticket in tickets for at in ticket.broken)
        self._unanswered = Standing(span for ticket in tickets for span in _joined(_ended(ticket.unanswered)))
        self._reopened = Happened(at for ticket in tickets for at in ticket.reopened)
        self._handed_over = Happened(at for ticket in tickets for at in ticket.handed_over)
        self._foreign = Standing(
            span for ticket in tickets for span in _in_window((at, at) for at in ticket.foreign)
        )

    def before(self, moment: datetime) -> Served:
        hours = self._waits(moment)
        return Served(
            tickets=self._tickets.at(moment),
            wait_median=_least_within(hours, 5),
            wait_long=_least_within(hours, 9),
            breaches=self._breaches.before(moment),
            unanswered=self._unanswered.at(moment),
            reopened=self._reopened.before(moment),
            handed_over=self._handed_over.before(moment),
            foreign_language=self._foreign.at(moment),
        )

    def _waits(self, moment: datetime) -> list[float]:
        first = bisect_left(self._answered, moment - WINDOW)
        return sorted(self._hours[first : bisect_right(self._answered, moment)])


class Life:
    """Of one partner and its people, each built once. Whoever has no ticket costs nothing."""

    def __init__(
        self,
        tickets: Sequence[LivedTicket],
        *,
        held: Iterable[Span] = (),
        payouts_late: Iterable[datetime] = (),
        manager_changes: Iterable[datetime] = (),
    ) -> None:
        seen = [(ticket, list(_seen(ticket.open))) for ticket in tickets]
        self._service = Service(seen)
        self._tickets_of: dict[int, list[Seen]] = defaultdict(list)
        for ticket, spans in seen:
            if ticket.contact_id is not None:
                self._tickets_of[ticket.contact_id].append((ticket, spans))
        self._people: dict[int, Service] = {}
        self._channels = _by(((ticket.channel, span) for ticket, spans in seen for span in spans))
        self._topics = _by(_courses(seen, lambda ticket: ticket.topics))
        self._teams = _by(_courses(seen, lambda ticket: ticket.teams))
        self._held = list(_joined(_ended(held)))
        self._payouts_late = Happened(payouts_late)
        self._manager_changes = Happened(manager_changes)

    def before(self, moment: datetime, *, contact_id: int | None) -> Lived:
        """``contact_id`` None: nobody is known by name, and none of the tickets is theirs."""
        return Lived(
            self._service.before(moment), self._around(moment), self._person_before(moment, contact_id)
        )

    def _person_before(self, moment: datetime, contact_id: int | None) -> Served:
        if contact_id is None or contact_id not in self._tickets_of:
            return NO_TICKETS
        if contact_id not in self._people:
            self._people[contact_id] = Service(self._tickets_of[contact_id])
        return self._people[contact_id].before(moment)

    def _around(self, moment: datetime) -> Around:
        return Around(
            money_held=self._days_held(moment),
            payouts_late=self._payouts_late.before(moment),
            manager_changed=self._manager_changes.before(moment),
            main_channel=_main(self._channels, moment) or "",
            main_topic=_main(self._topics, moment),
            main_team=_main(self._teams, moment),
        )

    def _days_held(self, moment: datetime) -> int:
        begun, days, last = moment - WINDOW, 0, date.min
        for since, until in self._held:
            if since > moment or until < begun:
                continue
            first = max(_day(max(since, begun)), last + _DAY)
            last = max(last, _day(min(until, moment)))
            days += max(0, (last - first).days + 1)
        return days


def _seen(open_spans: Iterable[Span]) -> Iterator[tuple[datetime, datetime]]:
    """For which moments of answering the ticket was open at some moment of the window."""
    return _in_window(_ended(open_spans))


def _in_window(spans: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """What ends in an instant is seen from there for the length of the window, and once, however often it
    came back meanwhile."""
    return _joined(
        (since, until + WINDOW + _NEXT if until < _NEVER - WINDOW else _NEVER) for since, until in spans
    )


def _ended(spans: Iterable[Span]) -> Iterator[tuple[datetime, datetime]]:
    return ((since, _NEVER if until is None else until) for since, until in spans)


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """In order, those that touch or overlap made one."""
    held: tuple[datetime, datetime] | None = None
    for since, until in sorted(spans):
        if held is not None and since <= held[1]:
            held = held[0], max(held[1], until)
            continue
        if held is not None:
            yield held
        held = since, until
    if held is not None:
        yield held


def _by(found: Iterable[tuple[Value | None, tuple[datetime, datetime]]]) -> dict[Value, Standing]:
    """None, for no topic or nobody, is nothing to count."""
    spans: dict[Value, list[tuple[datetime, datetime]]] = defaultdict(list)
    for value, span in found:
        if value is not None:
            spans[value].append(span)
    return {value: Standing(of_one) for value, of_one in spans.items()}


def _courses(
    seen: Iterable[Seen],
    of: Callable[[LivedTicket], Course],
) -> Iterator[tuple[int | None, tuple[datetime, datetime]]]:
    """What the ticket was about, or who had it, while it was seen: what was changed later was not yet so."""
    for ticket, spans in seen:
        course = of(ticket)
        ends = [*(at for at, _ in course[1:]), _NEVER]
        for (at, value), end in zip(course, ends, strict=True):
            for since, until in spans:
                begin, stop = max(since, at), min(until, end)
                if begin < stop:
                    yield value, (begin, stop)


def _main(counted: dict[Ranked, Standing], moment: datetime) -> Ranked | None:
    """Of several that are equally many the least, so that it is always the same."""
    found = [(-standing.at(moment), value) for value, standing in counted.items()]
    most = min((one for one in found if one[0]), default=None)
    return None if most is None else most[1]


def _least_within(ordered: Sequence[float], tenths: int) -> float | None:
    """The least value within which so many tenths of them lie (docs/formulas/waits.md)."""
    return ordered[-(-len(ordered) * tenths // 10) - 1] if ordered else None


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
