"""What the contract wants, what is missing of it, and the next step."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.relationships.rules.coverage import (
    STANDARD,
    Contract,
    Known,
    State,
    Step,
    Todo,
    Wanted,
    check_coverage,
    gap_points,
)
from otklik.relationships.rules.vocabulary import Role

few = settings(max_examples=25, deadline=None, derandomize=True)
DECIDES, WEIGHS_IN, USES = Role.DECISION_MAKER, Role.INFLUENCER, Role.END_USER
people_of_any_kind = st.lists(
    st.builds(
        Known,
        id=st.integers(1, 9999),
        role=st.sampled_from(Role),
        asked_days_ago=st.none() | st.integers(0, 900),
        answered_ever=st.booleans(),
        reachable=st.booleans(),
    ),
    max_size=15,
    unique_by=lambda one: one.id,
)


def heard(number: int, role: Role, days: int = 10) -> Known:
    return Known(number, role, days, answered_ever=True)


def test_a_met_contract_leaves_nothing_to_do() -> None:
    people = [heard(1, DECIDES), heard(2, DECIDES), heard(3, WEIGHS_IN), *(heard(n, USES) for n in (4, 5, 6))]
    found = check_coverage(people)
    assert found.met
    assert found.todo == found.never_heard == ()


def test_each_hole_has_a_next_step() -> None:
    people = [
        Known(1, DECIDES, 400, answered_ever=True),
        Known(2, DECIDES, reachable=False),
        Known(3, USES, 20),
        heard(4, USES),
        Known(5, Role.UNKNOWN),
    ]
    found = check_coverage(people)
    assert {cover.role: cover.state for cover in found.roles} == {
        DECIDES: State.MISSING_ASKED, WEIGHS_IN: State.MISSING_KNOWN, USES: State.MISSING_KNOWN
    }  # fmt: skip
    assert found.todo == (
        Todo(Step.ASK_NEXT_WAVE, DECIDES, 1, (1,)),
        Todo(Step.FIND_ADDRESS, DECIDES, 1, (2,)),
        Todo(Step.STATE_ROLES, WEIGHS_IN, 1, (5,)),
        Todo(Step.STATE_ROLES, USES, 1, (5,)),
    )
    assert found.never_heard == (3,)
    assert not found.met


def test_nobody_known_means_looking_for_everybody() -> None:
    assert [(one.step, one.role, one.count) for one in check_coverage([]).todo] == [
        (Step.FIND_PEOPLE, DECIDES, 2), (Step.FIND_PEOPLE, WEIGHS_IN, 1), (Step.FIND_PEOPLE, USES, 3)
    ]  # fmt: skip


def test_a_decider_who_never_answered_fulfils_the_contract_and_stays_a_blind_spot() -> None:
    contract = Contract({DECIDES: Wanted(1, 1)})
    found = check_coverage([Known(7, DECIDES, 30)], contract)
    assert found.met
    assert found.never_heard == (7,)
    assert found.todo == (Todo(Step.REACH_PERSONALLY, DECIDES, 1, (7,)),)


def test_a_half_year_is_up_to_its_last_day() -> None:
    contract = Contract({DECIDES: Wanted(1, 1)})
    assert check_coverage([heard(1, DECIDES, 183)], contract).met
    assert not check_coverage([heard(1, DECIDES, 184)], contract).met


@pytest.mark.parametrize(
    ("people", "points"),
    [
        ([], 2 * 4 + 2 + 3),
        (
            [heard(1, DECIDES), heard(2, DECIDES), heard(3, WEIGHS_IN), *(heard(n, USES) for n in (4, 5, 6))],
            0,
        ),
        ([Known(1, DECIDES, None), heard(2, DECIDES)], 4 / 2 + 2 + 3),
        ([Known(1, DECIDES, 30), heard(2, DECIDES)], 4 / 4 + 2 + 3),
        ([heard(1, DECIDES), heard(2, DECIDES), *(Known(n, USES, 400) for n in (4, 5, 6))], 2 + 3 / 2),
    ],
)
def test_a_gap_weighs_by_role_and_whoever_is_not_known_once(people: list[Known], points: float) -> None:
    assert gap_points(check_coverage(people)) == pytest.approx(points)


@few
@given(people_of_any_kind, st.sampled_from(list(STANDARD.roles)))
def test_one_more_person_heard_never_makes_it_worse(people: list[Known], role: Role) -> None:
    before, after = check_coverage(people), check_coverage([*people, heard(10_000, role)])
    assert after.met or not before.met
    for one, other in zip(before.roles, after.roles, strict=True):
        assert list(State).index(other.state) <= list(State).index(one.state)
        assert (one.state is State.MET) or one.todo
