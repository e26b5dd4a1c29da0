"""What counts as lived through in one ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from otklik.desk.rules.lived import (
    ClockRun,
    Happening,
    LivedTicket,
    Span,
    StaffReply,
    TicketNow,
    lived_ticket,
)

TICK = timedelta(microseconds=1)
KNOWS = {8: {"en": 3, "ru": 1}, 9: {"ru": 2}, 10: {}}


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, number, hour, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Story:
    log: Sequence[Happening] = ()
    clocks: Sequence[ClockRun] = ()
    replies: Sequence[StaffReply] = ()
    now: dict[str, Any] = field(default_factory=dict)

    def read(self) -> LivedTicket | None:
        ticket = TicketNow(1, 17, 5, "email", "", "open", day(2), None, None, None, "ru")
        return lived_ticket(ticket._replace(**self.now), self.log, self.clocks, self.replies, KNOWS)

    @property
    def lived(self) -> LivedTicket:
        lived = self.read()
        assert lived is not None
        return lived


def moved(at: datetime, before: str, after: str, outcome: str = "answered") -> Happening:
    return Happening("ticket.status_changed", at, {"before": before, "after": after, "outcome": outcome})


def changed(what: str, at: datetime, before: object, after: object) -> Happening:
    return Happening(f"ticket.{what}_changed", at, {"before": before, "after": after})


@pytest.mark.parametrize(
    ("outcome", "verdict", "counts"),
    [
        ("", None, True),
        ("answered", "person", True),
        # Answered by itself: the partner asked all the same.
        ("auto_resolved", "person", True),
        ("spam", "person", False),
        ("merged", "person", False),
        ("", "auto_reply", False),
        ("", "bulk", False),
    ],
)
def test_nobody_lives_through_spam_copies_and_machines(
    outcome: str, verdict: str | None, counts: bool
) -> None:
    begun = Happening("ticket.created", day(2), {"verdict": verdict})
    assert (Story([begun], now={"outcome": outcome}).read() is not None) is counts


@pytest.mark.parametrize(
    ("log", "status", "spans"),
    [
        ([], "open", [(day(2), None)]),
        # Brought in as it had ended.
        ([], "closed", [(day(2), day(2))]),
        ([moved(day(4), "open", "solved")], "solved", [(day(2), day(4))]),
        ([moved(day(3), "open", "waiting"), moved(day(4), "waiting", "open")], "open", [(day(2), None)]),
        (
            [
                moved(day(4), "open", "solved"),
                moved(day(5), "solved", "closed"),
                moved(day(6), "closed", "open"),
            ],
            "open",
            [(day(2), day(4)), (day(6), None)],
        ),
    ],
)
def test_a_ticket_is_open_until_it_is_solved(
    log: list[Happening], status: str, spans: list[tuple[datetime, datetime | None]]
) -> None:
    assert list(Story(log, now={"status": status}).lived.open) == spans


def run(
    kind: str,
    state: str,
    due: datetime | None,
    ended: datetime | None = None,
    missed: datetime | None = None,
) -> ClockRun:
    return ClockRun(kind, state, due, ended, missed, 7200)


@pytest.mark.parametrize(
    ("clock", "is_broken"),
    [
        (run("first_response", "met", day(3), day(3)), False),
        (run("first_response", "met_late", day(3), day(4)), True),
        (run("next_response", "breached", day(3)), True),
        (run("resolution", "breached", day(3)), True),
        # Nobody has looked since: it passes by itself.
        (run("resolution", "running", day(3)), True),
        (run("resolution", "paused", None), False),
        (run("resolution", "cancelled", day(3), day(2)), False),
        (run("sub_request", "breached", day(3)), False),
    ],
)
def test_a_promise_is_broken_in_the_instant_after_its_time(clock: ClockRun, is_broken: bool) -> None:
    assert Story(clocks=[clock]).lived.broken == ((day(3) + TICK,) if is_broken else ())


@pytest.mark.parametrize(
    ("clock", "until"),
    [
        # More time was given after it was late.
        (run("first_response", "running", day(9), missed=day(3)), None),
        (run("first_response", "met", day(9), day(6), missed=day(3)), day(6)),
        # And missed once more.
        (run("first_response", "met_late", day(5), day(6), missed=day(3)), day(6)),
        # And nothing is promised at all any more.
        (run("first_response", "cancelled", None, day(5), missed=day(3)), day(5)),
    ],
)
def test_a_promise_that_was_broken_stays_broken(clock: ClockRun, until: datetime | None) -> None:
    lived = Story(clocks=[clock]).lived
    assert (lived.broken, lived.unanswered) == ((day(3) + TICK,), (Span(day(3) + TICK, until),))


@pytest.mark.parametrize(
    ("clock", "waits"),
    [
        (run("first_response", "met", day(3), day(3)), [(day(3), 2.0)]),
        (run("next_response", "met_late", day(3), day(4)), [(day(4), 2.0)]),
        (run("resolution", "met", day(3), day(3)), []),
        (run("first_response", "running", day(3)), []),
        # Given up late: solved without the answer.
        (run("first_response", "breached", day(3), day(4)), []),
    ],
)
def test_a_wait_is_over_when_somebody_answered(clock: ClockRun, waits: list[tuple[datetime, float]]) -> None:
    assert list(Story(clocks=[clock]).lived.waits) == waits


SOLVED_AND_BACK = [moved(day(5), "open", "solved"), moved(day(9), "solved", "open", "")]


@pytest.mark.parametrize(
    ("clock", "spans"),
    [
        (run("first_response", "running", day(3)), [Span(day(3) + TICK, day(5)), Span(day(9), None)]),
        (run("first_response", "met_late", day(3), day(4)), [Span(day(3) + TICK, day(4))]),
        # Solved without it, and answered after the ticket had come back: late in between as well.
        (
            run("first_response", "breached", day(3), day(5)),
            [Span(day(3) + TICK, day(5)), Span(day(9), None)],
        ),
        (
            run("first_response", "met_late", day(3), day(10)),
            [Span(day(3) + TICK, day(5)), Span(day(9), day(10))],
        ),
        (run("first_response", "met", day(3), day(3)), []),
        (run("resolution", "breached", day(3)), []),
    ],
)
def test_a_partner_waits_in_vain_while_the_ticket_is_open_and_we_are_late(
    clock: ClockRun, spans: list[Span]
) -> None:
    assert list(Story(SOLVED_AND_BACK, [clock]).lived.unanswered) == spans


def test_what_we_took_for_solved_came_back() -> None:
    spam = [moved(day(10), "open", "closed", "spam"), moved(day(11), "closed", "open", "")]
    taken_back = Happening("ticket.message_taken_back", day(12), {"message": 3})
    undone = [moved(day(12), "open", "solved"), moved(day(12), "solved", "open"), taken_back]
    assert Story([*SOLVED_AND_BACK, *spam, *undone]).lived.reopened == (day(9),)


def test_another_person_and_another_team_in_one_step_are_one_hand_over() -> None:
    log = [
        changed("owner", day(2), None, 8),
        changed("owner", day(3), 8, 9),
        changed("team", day(3), 1, 2),
        changed("team", day(4), 2, 3),
    ]
    assert Story(log).lived.handed_over == (day(3), day(4))


@pytest.mark.parametrize(
    ("author", "is_foreign"),
    # Reads Russian; writes it; said nothing of languages; is not known.
    [(8, True), (9, False), (10, False), (11, False)],
)
def test_who_does_not_write_the_tickets_language_is_foreign_to_it(author: int, is_foreign: bool) -> None:
    lived = Story(replies=[StaffReply(author, day(3))]).lived
    assert lived.foreign == ((day(3),) if is_foreign else ())


def test_the_language_is_that_of_the_day_of_the_reply() -> None:
    log = [changed("language", day(4), "en", "ru")]
    replies = [StaffReply(8, day(3)), StaffReply(8, day(4)), StaffReply(9, day(3))]
    assert Story(log, replies=replies).lived.foreign == (day(4), day(3))


def test_topic_and_team_are_told_with_their_days() -> None:
    log = [changed("topic", day(4), None, 7), changed("topic", day(5), 7, 8)]
    lived = Story(log, now={"topic_id": 8, "team_id": 3}).lived
    assert lived.topics == ((day(2), None), (day(4), 7), (day(5), 8))
    assert lived.teams == ((day(2), 3),)


def test_a_team_that_was_removed_had_the_ticket_all_the_same() -> None:
    begun = Happening("ticket.created", day(2), {"verdict": None, "topic": None, "team": 3})
    assert Story([begun], now={"team_id": None}).lived.teams == ((day(2), 3),)


def test_who_has_a_closed_ticket_is_our_own_matter() -> None:
    log = [changed("owner", day(3), 8, 9), moved(day(4), "open", "closed"), changed("owner", day(5), 9, 8)]
    assert Story(log, now={"status": "closed", "closed_at": day(4)}).lived.handed_over == (day(3),)
