"""What counts as lived through before an answer: every border of the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from otklik.impact.rules.exposures import WINDOW, Course, Life, Span

ANSWERED = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIRST = ANSWERED - WINDOW
TICK = timedelta(microseconds=1)
VERA, GLEB = 7, 8


@dataclass(frozen=True, slots=True)
class Ticket:
    open: Sequence[Span]
    contact_id: int | None = VERA
    channel: str = "email"
    topics: Course = ((FIRST, None),)
    teams: Course = ((FIRST, None),)
    waits: Sequence[tuple[datetime, float]] = ()
    broken: Sequence[datetime] = ()
    unanswered: Sequence[Span] = ()
    reopened: Sequence[datetime] = ()
    handed_over: Sequence[datetime] = ()
    foreign: Sequence[datetime] = ()


def ago(days: float) -> datetime:
    return ANSWERED - timedelta(days=days)


def ticket(*spans: Span, **facts: object) -> Ticket:
    return Ticket(spans or [(ago(10), None)], **facts)  # type: ignore[arg-type]


MOMENTS = (
    (ANSWERED, 1),
    (ANSWERED + TICK, 0),
    (FIRST, 1),
    (FIRST - TICK, 0),
)


@pytest.mark.parametrize(("at", "counted"), MOMENTS)
@pytest.mark.parametrize(
    ("column", "facts"),
    [
        ("breaches", "broken"),
        ("reopened", "reopened"),
        ("handed_over", "handed_over"),
        ("foreign_language", "foreign"),
    ],
)
def test_the_window_holds_both_its_ends(column: str, facts: str, at: datetime, counted: int) -> None:
    lived = Life([ticket(**{facts: [at]})]).before(ANSWERED, contact_id=VERA)
    assert (getattr(lived.partner, column), getattr(lived.person, column)) == (counted, counted)


@pytest.mark.parametrize(("at", "counted"), MOMENTS)
def test_the_window_is_the_same_outside_support(at: datetime, counted: int) -> None:
    lived = Life([], payouts_late=[at], manager_changes=[at]).before(ANSWERED, contact_id=None).around
    assert (lived.payouts_late, lived.manager_changed) == (counted, counted)


@pytest.mark.parametrize(
    ("spans", "counted"),
    [
        ([(ago(200), None)], 1),
        ([(ago(200), FIRST)], 1),
        ([(ago(200), FIRST - TICK)], 0),
        ([(ANSWERED, None)], 1),
        ([(ANSWERED + TICK, None)], 0),
        ([(ago(20), ago(20))], 1),
        # Opened again in the window, and once more: one ticket.
        ([(ago(50), ago(40)), (ago(30), ago(20)), (ago(10), None)], 1),
        # The window lies in between: it was over, and came back later.
        ([(ago(200), ago(100)), (ANSWERED + TICK, None)], 0),
    ],
)
def test_a_ticket_counts_that_was_open_at_any_moment_of_the_window(spans: list[Span], counted: int) -> None:
    lived = Life([Ticket(spans)]).before(ANSWERED, contact_id=VERA)
    assert (lived.partner.tickets, lived.person.tickets) == (counted, counted)


@pytest.mark.parametrize(("contact", "own"), [(VERA, 2), (GLEB, 1), (None, 0), (99, 0)])
def test_own_tickets_are_those_of_who_answered(contact: int | None, own: int) -> None:
    life = Life([ticket(), ticket(), ticket(contact_id=GLEB), ticket(contact_id=None)])
    lived = life.before(ANSWERED, contact_id=contact)
    assert (lived.partner.tickets, lived.person.tickets) == (4, own)


def test_a_wait_counts_whole_on_the_day_of_its_answer() -> None:
    """Begun before the window and answered in it: the partner remembers the answer that took so long."""
    waits = [(FIRST, 40.0), (ago(3), 1.0), (ANSWERED, 2.0), (FIRST - TICK, 500.0), (ANSWERED + TICK, 600.0)]
    lived = Life([ticket(waits=waits)]).before(ANSWERED, contact_id=None).partner
    assert (lived.wait_median, lived.wait_long) == (2.0, 40.0)


@pytest.mark.parametrize(
    ("hours", "median", "long"),
    [
        ([], None, None),
        ([0.0], 0.0, 0.0),
        ([1.0, 9.0], 1.0, 9.0),
        ([float(n) for n in range(1, 11)], 5.0, 9.0),
        ([float(n) for n in range(1, 12)], 6.0, 10.0),
    ],
)
def test_waits_are_told_by_values_that_happened(
    hours: list[float], median: float | None, long: float | None
) -> None:
    life = Life([ticket(waits=[(ago(1), one) for one in hours])])
    lived = life.before(ANSWERED, contact_id=None).partner
    assert (lived.wait_median, lived.wait_long) == (median, long)


@pytest.mark.parametrize(
    ("late", "counted"),
    [
        ([(ago(1), None)], 1),
        ([(ANSWERED, None)], 1),
        ([(ANSWERED + TICK, None)], 0),
        ([(ago(1), ANSWERED + TICK)], 1),
        # Answered in the instant of the survey's answer.
        ([(ago(1), ANSWERED)], 0),
        # Late since before the window and still.
        ([(ago(200), None)], 1),
        # To both sides: one ticket.
        ([(ago(3), None), (ago(1), None)], 1),
    ],
)
def test_unanswered_is_what_was_late_at_that_very_moment(late: list[Span], counted: int) -> None:
    assert Life([ticket(unanswered=late)]).before(ANSWERED, contact_id=None).partner.unanswered == counted


def test_a_ticket_is_answered_in_a_foreign_language_once() -> None:
    replies = [ago(100), ago(95), ago(50), ago(2), ANSWERED + TICK]
    assert Life([ticket(foreign=replies)]).before(ANSWERED, contact_id=None).partner.foreign_language == 1
    later = ANSWERED + timedelta(days=200)
    assert Life([ticket(foreign=replies)]).before(later, contact_id=None).partner.foreign_language == 0


@pytest.mark.parametrize(
    ("held", "days"),
    [
        ([], 0),
        ([(ago(1), None)], 2),
        ([(ANSWERED, None)], 1),
        ([(ANSWERED + TICK, None)], 0),
        ([(ago(200), FIRST)], 1),
        ([(ago(200), FIRST - TICK)], 0),
        ([(ago(200), None)], 91),
        # Decided after the answer: until then it was held.
        ([(ago(1), ANSWERED + timedelta(days=30))], 2),
        # Two holds on the same days are the same days, also where one begins on the day the other ends.
        ([(ago(5), ago(3)), (ago(4), ago(2))], 4),
        ([(ago(5), ago(3)), (ago(3) + timedelta(hours=1), ago(2))], 4),
        ([(ago(9), ago(8)), (ago(3), ago(2))], 4),
    ],
)
def test_money_is_held_on_days(held: list[Span], days: int) -> None:
    assert Life([], held=held).before(ANSWERED, contact_id=None).around.money_held == days


def test_most_of_the_tickets_say_which_channel_topic_and_team() -> None:
    life = Life(
        [
            ticket(topics=[(ago(10), 1)], teams=[(ago(10), None)]),
            ticket(topics=[(ago(10), 2)], channel="chat"),
            # It became one of topic 2 before the answer, and of topic 1 after it.
            ticket(topics=[(ago(10), 1), (ago(5), 2), (ANSWERED + TICK, 1)], channel="portal"),
            ticket((ago(300), ago(200)), topics=[(ago(300), 1)], channel="portal"),
        ]
    )
    lived = life.before(ANSWERED, contact_id=None).around
    # Equally many: the first by name, so that it is always the same.
    assert (lived.main_channel, lived.main_topic, lived.main_team) == ("chat", 2, None)


def test_nothing_lived_through_is_zero_and_no_wait() -> None:
    nothing = (0, None, None, 0, 0, 0, 0, 0)
    assert Life([]).before(ANSWERED, contact_id=VERA) == (nothing, (0, 0, 0, "", None, None), nothing)


def test_a_person_lived_through_what_happened_in_their_own_tickets() -> None:
    """As much as a partner of whom these were all tickets."""
    mine = [ticket(waits=[(ago(1), 2.0)], reopened=[ago(1)]), ticket(broken=[ago(2)], foreign=[ago(1)])]
    others = [
        ticket(contact_id=contact, waits=[(ago(1), 9.0)], unanswered=[(ago(1), None)], handed_over=[ago(3)])
        for contact in (GLEB, None)
    ]
    lived = Life([*mine, *others]).before(ANSWERED, contact_id=VERA)
    assert (
        lived.person == Life(mine).before(ANSWERED, contact_id=None).partner == (2, 2.0, 2.0, 1, 0, 1, 0, 1)
    )
    assert lived.partner == (4, 9.0, 9.0, 1, 2, 1, 2, 1)
