"""From the figures of a comparison to what is behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from otklik.desk.public import InboxFilter, InboxOrder, InboxView, sees_all_of_partners
from otklik.identity.public import User
from otklik.impact.queries.comparing import Compared
from otklik.impact.rules.comparing import By
from otklik.impact.rules.vocabulary import Outcome
from otklik.impact.web.asked import query_of
from otklik.impact.web.room import Room
from otklik.impact.web.side_by_side import Named


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses of the tickets of a line, of those with a broken promise, of its ratings and of its answers;
    "" where a list would not hold as many as the figure says."""

    tickets: str
    broken: str
    ratings: str
    answers: str


def ways_of(user: User, room: Room, by: By, days: int, found: Compared, lines: Sequence[Named]) -> list[Ways]:
    sees_tickets = sees_all_of_partners(user)
    return [_ways(room, by, days, found, found.values[one.place], sees_tickets) for one in lines]


def _ways(
    room: Room, by: By, days: int, found: Compared, value: str | int | None, sees_tickets: bool
) -> Ways:
    if by is By.CHANNEL and value is None:
        return Ways("", "", "", "")
    return Ways(
        _tickets(room, by, found, value) if sees_tickets else "",
        _tickets(room, by, found, value, broken=True) if sees_tickets else "",
        _answers(room, Outcome.CSAT, by, days, value),
        _answers(room, Outcome.NPS, by, days, value),
    )


def _tickets(room: Room, by: By, found: Compared, value: str | int | None, *, broken: bool = False) -> str:
    """The desk's list, in the order in which an index has the tickets of a period."""
    chosen = InboxFilter(
        view=InboxView.ALL,
        order=InboxOrder.AGE,
        program=room.program.pk,
        channel=str(value) if by is By.CHANNEL else "",
        team=int(value or 0) if by is By.TEAM else None,
        topic=int(value or 0) if by is By.TOPIC else None,
        began_from=found.since,
        began_to=found.until,
        counted=True,
        broken=broken,
    )
    return f"{reverse('inbox')}?{urlencode(chosen.as_query())}"


def _answers(room: Room, outcome: Outcome, by: By, days: int, value: str | int | None) -> str:
    line = urlencode({"by": by.value, "days": days, "value": value or 0})
    return f"{reverse('impact-comparison-answers')}?{query_of(room.program, outcome)}&{line}"
