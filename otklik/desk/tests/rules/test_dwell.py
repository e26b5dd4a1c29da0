"""How long each department kept a ticket, and how often it was thrown back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.dwell import Step, TeamEvent, measure_dwell
from otklik.desk.tests.rules.steady import few

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SUPPORT, FINANCE, TECH = 1, 2, 3


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def moved(at: float, team: int | None) -> TeamEvent:
    return TeamEvent(Step.MOVED, hour(at), team)


def asked(at: float, team: int, number: int) -> TeamEvent:
    return TeamEvent(Step.ASKED, hour(at), team, number)


def answered(at: float, number: int) -> TeamEvent:
    return TeamEvent(Step.ANSWERED, hour(at), None, number)


def hours(events: list[TeamEvent], until: float) -> dict[int, tuple[float, float]]:
    teams = measure_dwell(events, until=hour(until)).teams
    return {t.team_id: (t.held / timedelta(hours=1), t.asked / timedelta(hours=1)) for t in teams}


def test_a_ticket_thrown_to_finance_and_back_is_one_ping_pong():
    events = [moved(0, SUPPORT), moved(2, FINANCE), moved(5, SUPPORT)]
    result = measure_dwell(events, until=hour(6))

    assert hours(events, 6) == {FINANCE: (3, 0), SUPPORT: (3, 0)}
    assert result.ping_pong == 1
    assert result.path == (SUPPORT, FINANCE, SUPPORT)


def test_a_question_with_its_answer_is_no_ping_pong_but_its_time_is_the_departments():
    events = [moved(0, SUPPORT), asked(1, FINANCE, 1), answered(4, 1)]

    assert hours(events, 6) == {SUPPORT: (3, 0), FINANCE: (0, 3)}
    assert measure_dwell(events, until=hour(6)).ping_pong == 0


def test_the_same_department_asked_again_is_ping_pong_unless_the_first_question_was_taken_back():
    again = [moved(0, SUPPORT), asked(1, FINANCE, 1), answered(2, 1), asked(3, FINANCE, 2), answered(4, 2)]
    taken_back = [asked(1, FINANCE, 1), TeamEvent(Step.CANCELLED, hour(2), None, 1), asked(3, FINANCE, 2)]

    assert measure_dwell(again, until=hour(6)).ping_pong == 1
    assert measure_dwell(taken_back, until=hour(6)).ping_pong == 0


def test_two_departments_asked_at_once_each_count_and_the_owner_does_not():
    events = [moved(0, SUPPORT), asked(1, FINANCE, 1), asked(1, TECH, 2), answered(2, 1), answered(4, 2)]

    assert hours(events, 5) == {SUPPORT: (2, 0), FINANCE: (0, 1), TECH: (0, 3)}


def test_an_ended_ticket_lies_with_nobody_until_it_is_reopened():
    ended, reopened = TeamEvent(Step.ENDED, hour(2)), TeamEvent(Step.REOPENED, hour(50))

    assert hours([moved(0, SUPPORT), ended, reopened], 51) == {SUPPORT: (3, 0)}


def test_what_has_not_happened_yet_does_not_count_and_no_events_are_no_dwell():
    assert hours([moved(0, SUPPORT), moved(9, FINANCE)], 6) == {SUPPORT: (6, 0)}
    assert measure_dwell([], until=START).teams == ()


steps = st.lists(st.tuples(st.integers(0, 50), st.sampled_from([SUPPORT, FINANCE, TECH, None])), max_size=12)


@few
@given(steps, st.randoms())
def test_held_time_never_exceeds_the_time_there_was_and_order_of_reading_is_nothing(moves, random):
    events = [moved(at, team) for at, team in dict(moves).items()]
    shuffled = random.sample(events, len(events))
    result = measure_dwell(events, until=hour(60))

    assert sum((team.held for team in result.teams), timedelta(0)) <= timedelta(hours=60)
    assert measure_dwell(shuffled, until=hour(60)) == result
    assert 0 <= result.ping_pong <= max(0, len(result.path) - 2)
