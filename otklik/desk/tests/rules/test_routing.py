"""The right person gets the ticket, and everybody can read why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.routing import (
    Candidate,
    Excluded,
    Policy,
    Request,
    Why,
    assignment_expired,
    redistribute,
    route,
)
from otklik.desk.rules.vocabulary import Availability
from otklik.desk.tests.rules.steady import few

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SUPPORT, FINANCE = 1, 2
PAYOUTS = 5
DMITRI = Candidate(1, frozenset({SUPPORT}), {"ru": 3, "en": 2})
ELENA = Candidate(2, frozenset({SUPPORT}), {"ru": 3}, {PAYOUTS: 3})
BORIS = Candidate(3, frozenset({FINANCE}), {"ru": 3, "en": 3})
ASKED = Request(team_id=SUPPORT, language="ru")


def chosen(request: Request, *candidates: Candidate, policy: Policy | None = None) -> int | None:
    return route(request, candidates, at=NOW, policy=policy).agent_id


def test_skill_language_and_free_hands_decide_among_the_team():
    assert chosen(replace(ASKED, topic_id=PAYOUTS), DMITRI, ELENA) == ELENA.id
    assert chosen(Request(SUPPORT, "en-GB"), DMITRI, ELENA) == DMITRI.id
    assert chosen(ASKED, replace(DMITRI, load=8), ELENA) == ELENA.id


def test_the_partners_own_account_manager_comes_first_where_the_policy_says_so():
    request = replace(ASKED, topic_id=PAYOUTS, manager_id=BORIS.id)

    decision = route(request, [DMITRI, ELENA, BORIS], at=NOW)

    assert decision.agent_id == BORIS.id
    assert decision.ranked[0].reasons[0] == (Why.ACCOUNT_MANAGER, 100)
    assert chosen(request, DMITRI, ELENA, BORIS, policy=Policy(prefer_manager=False)) == ELENA.id


def test_who_knows_the_matter_is_asked_again():
    assert chosen(replace(ASKED, previous_owner_id=DMITRI.id), DMITRI, ELENA) == DMITRI.id


@pytest.mark.parametrize(
    ("changed", "excluded"),
    [
        ({"is_active": False}, Excluded.INACTIVE),
        ({"teams": frozenset({FINANCE})}, Excluded.OTHER_TEAM),
        ({"languages": {"ru": 1}}, Excluded.LANGUAGE),
        ({"absent_until": NOW + timedelta(days=3)}, Excluded.ABSENT),
        ({"in_hours": False}, Excluded.OFF_HOURS),
        ({"load": 10}, Excluded.FULL),
        ({"capacity": 0}, Excluded.FULL),
    ],
)
def test_a_hard_fact_excludes_even_the_only_one_and_the_queue_says_why(changed, excluded):
    decision = route(ASKED, [replace(DMITRI, **changed)], at=NOW)

    assert decision.agent_id is None
    assert decision.queue_reason is excluded
    assert decision.ranked[0].excluded_by == (excluded,)


def test_skill_and_presence_exclude_only_where_the_policy_says_so():
    away = replace(DMITRI, presence=Availability.AWAY)

    assert chosen(replace(ASKED, topic_id=PAYOUTS), away) == DMITRI.id
    strict = route(
        replace(ASKED, topic_id=PAYOUTS), [away], at=NOW, policy=Policy(need_skill=True, need_presence=True)
    )
    assert strict.ranked[0].excluded_by == (Excluded.SKILL, Excluded.OFFLINE)


def test_an_absence_that_is_over_excludes_nobody():
    assert chosen(ASKED, replace(DMITRI, absent_until=NOW)) == DMITRI.id


def test_the_queue_names_what_the_last_possible_agents_failed_on():
    decision = route(ASKED, [BORIS, replace(DMITRI, load=10)], at=NOW)

    assert decision.queue_reason is Excluded.FULL
    assert route(ASKED, [], at=NOW).queue_reason is None


def test_a_tie_goes_to_the_one_longest_without_a_new_ticket():
    early = replace(DMITRI, id=8, last_assigned_at=NOW - timedelta(hours=2))
    late = replace(DMITRI, id=7, last_assigned_at=NOW - timedelta(hours=1))
    never = replace(DMITRI, id=9)

    assert chosen(ASKED, late, early) == 8
    assert chosen(ASKED, late, early, never) == 9


def test_the_history_can_say_who_was_considered():
    data = route(ASKED, [DMITRI, BORIS], at=NOW).as_event_data()

    assert data["ranked"] == [
        {
            "agent": 1,
            "points": 55,
            "reasons": {"free": 20, "language": 15, "online": 10, "open_hours": 10},
            "excluded_by": [],
        },
        {
            "agent": 3,
            "points": 55,
            "reasons": {"free": 20, "language": 15, "online": 10, "open_hours": 10},
            "excluded_by": ["other_team"],
        },
    ]


@pytest.mark.parametrize(
    ("acted", "minutes_later", "expired"),
    [(None, 29, False), (None, 30, True), (-5, 30, True), (0, 300, False), (10, 300, False)],
)
def test_case_81_a_silent_assignment_comes_back_after_its_minutes(acted, minutes_later, expired):
    acted_at = None if acted is None else NOW + timedelta(minutes=acted)

    assert assignment_expired(NOW, acted_at, NOW + timedelta(minutes=minutes_later), 30) is expired


def test_case_81_it_does_not_come_back_where_switched_off_nor_go_to_the_same_agent_again():
    assert not assignment_expired(NOW, None, NOW + timedelta(days=9), 0)
    assert chosen(replace(ASKED, ignored_by=frozenset({DMITRI.id})), DMITRI, ELENA) == ELENA.id
    assert chosen(replace(ASKED, ignored_by=frozenset({DMITRI.id})), DMITRI) is None


def test_case_80_the_tickets_of_a_leaver_are_spread_evenly():
    gone = replace(DMITRI, is_active=False, load=9)
    team = [replace(ELENA, id=number, capacity=10) for number in (4, 5, 6)]

    handovers = redistribute([(n, ASKED) for n in range(9)], [gone, *team], at=NOW)

    takers = [h.decision.agent_id for h in handovers]
    assert [takers.count(number) for number in (4, 5, 6)] == [3, 3, 3]
    assert [h.ticket_id for h in handovers] == list(range(9))


def test_case_80_what_does_not_fit_goes_to_the_teams_queue_with_the_reason():
    handovers = redistribute([(n, ASKED) for n in range(3)], [replace(ELENA, capacity=2)], at=NOW)

    assert [h.decision.agent_id for h in handovers] == [2, 2, None]
    assert handovers[-1].decision.queue_reason is Excluded.FULL


candidates = st.builds(
    Candidate,
    id=st.integers(1, 99),
    teams=st.frozensets(st.sampled_from([SUPPORT, FINANCE])),
    languages=st.dictionaries(st.sampled_from(["ru", "en"]), st.integers(1, 3)),
    skills=st.dictionaries(st.just(PAYOUTS), st.integers(1, 3)),
    in_hours=st.booleans(),
    presence=st.sampled_from(Availability),
    capacity=st.integers(0, 9),
    load=st.integers(0, 9),
    is_active=st.booleans(),
)
pools = st.lists(candidates, max_size=8, unique_by=lambda c: c.id)
requests = st.builds(
    Request,
    team_id=st.sampled_from([None, SUPPORT]),
    language=st.sampled_from(["", "ru", "en"]),
    topic_id=st.sampled_from([None, PAYOUTS]),
    manager_id=st.none() | st.integers(1, 99),
)


@few
@given(requests, pools, st.randoms())
def test_nobody_excluded_is_chosen_everybody_is_explained_and_the_order_asked_is_nothing(
    request, pool, random
):
    decision = route(request, pool, at=NOW)

    assert {r.agent_id for r in decision.ranked} == {c.id for c in pool}
    free = [r.agent_id for r in decision.ranked if not r.excluded_by]
    assert decision.agent_id == (free[0] if free else None)
    assert (decision.queue_reason is None) == bool(free or not pool)
    assert route(request, random.sample(pool, len(pool)), at=NOW) == decision


@few
@given(requests, pools, st.integers(1, 5))
def test_more_load_never_makes_an_agent_more_likely(request, pool, more):
    decision = route(request, pool, at=NOW)
    for candidate in pool:
        if candidate.id != decision.agent_id:
            busier = [replace(c, load=c.load + more) if c.id == candidate.id else c for c in pool]
            assert route(request, busier, at=NOW).agent_id == decision.agent_id


@few
@given(st.lists(requests, max_size=12), pools)
def test_case_80_nobody_is_given_more_than_his_capacity(asked, pool):
    handovers = redistribute(list(enumerate(asked)), pool, at=NOW)
    for candidate in pool:
        taken = sum(h.decision.agent_id == candidate.id for h in handovers)
        assert not taken or candidate.load + taken <= candidate.capacity
