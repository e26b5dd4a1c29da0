"""Silence is news where an answer was to be expected; who never answers is a gap, and stays in the list."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.relationships.rules.silence import (
    Circumstances,
    Habits,
    Record,
    Silence,
    SilenceReason,
    chance_of_answering,
    chances_in_wave,
    judge_silence,
    learn_habits,
    rank_silence,
)
from otklik.relationships.rules.titles import Seniority
from otklik.relationships.rules.vocabulary import Role, TieLevel

few = settings(max_examples=25, deadline=None, derandomize=True)
DECIDES, USES = Role.DECISION_MAKER, Role.END_USER
HABITS = Habits(0.4, {DECIDES: 0.3, USES: 0.5}, 2.0)
answers = st.lists(st.booleans(), max_size=12).map(tuple)
roles = st.sampled_from(Role)
circumstances = st.builds(
    Circumstances,
    seniority=st.sampled_from(Seniority),
    tie=st.sampled_from(TieLevel),
    renewal_in_days=st.none() | st.floats(-50, 500),
    open_tickets=st.integers(0, 9),
)


def record(marks: str, role: Role = USES) -> Record:
    """x: answered, -: silent; the oldest first."""
    return Record(role, tuple(mark == "x" for mark in marks))


@pytest.mark.parametrize(
    ("marks", "chance"),
    [
        ("", 0.5),
        ("x", 2 / 3),
        ("-", 1 / 3),
        ("x---x", (1 + 1 + 2**-1.0) / (2 + 1 + 2**-0.25 + 2**-0.5 + 2**-0.75 + 2**-1.0)),
    ],
)
def test_a_habit_is_the_record_drawn_to_the_role(marks: str, chance: float) -> None:
    assert chance_of_answering(record(marks), HABITS) == pytest.approx(chance)


@few
@given(answers, roles)
def test_an_answer_raises_the_chance_and_a_recent_one_more_than_an_old_one(
    marks: tuple[bool, ...], role: Role
) -> None:
    here = chance_of_answering(Record(role, marks), HABITS)
    assert 0 < here < 1
    assert chance_of_answering(Record(role, (*marks, True)), HABITS) >= here - 1e-12 or all(marks)
    old, new = Record(role, (True, *marks, False)), Record(role, (False, *marks, True))
    assert chance_of_answering(new, HABITS) > chance_of_answering(old, HABITS)


def test_roles_and_the_strength_of_habits_are_learnt() -> None:
    steady = [record("xxxx", DECIDES), record("----", DECIDES)] * 30 + [record("xx--")] * 5
    mixed = [record("x-x-", DECIDES), record("-x-x", DECIDES)] * 30
    by_person, alike = learn_habits(steady), learn_habits(mixed)
    assert by_person.strength < alike.strength  # people differ: their own record says more
    assert by_person.rate(DECIDES) == pytest.approx(0.5, abs=0.01)
    assert learn_habits([]) == Habits()
    assert 0 < learn_habits([record("----", DECIDES)] * 50).rate(DECIDES) < 0.1


def test_a_role_of_two_people_is_drawn_to_the_program() -> None:
    habits = learn_habits([record("xxxx")] * 50 + [record("--", DECIDES)])
    assert habits.rate(DECIDES) > 0.8


def test_in_a_wave_all_let_pass_one_more_silence_says_less() -> None:
    chances = [0.9, 0.6, 0.3, 0.2]
    assert chances_in_wave(chances, 2) == pytest.approx(chances, abs=0.02)
    poor, good = chances_in_wave(chances, 0), chances_in_wave(chances, 4)
    assert all(low < usual < high for low, usual, high in zip(poor, chances, good, strict=True))
    assert sum(poor) == pytest.approx(4 * 0.5 / 5)
    assert chances_in_wave([], 0) == []


@pytest.mark.parametrize(
    ("marks", "role", "kind"),
    [
        ("xxxx", USES, Silence.REGULAR),
        ("x----", USES, Silence.OCCASIONAL),
        ("---", DECIDES, Silence.GAP),
        ("---", Role.INFLUENCER, Silence.GAP),
        ("---", USES, Silence.NEVER),
        ("", DECIDES, Silence.FIRST),
    ],
)
def test_silences_are_of_different_kinds(marks: str, role: Role, kind: Silence) -> None:
    assert judge_silence(1, record(marks, role), HABITS, Circumstances()).kind is kind


@few
@given(
    answers.map(lambda marks: marks[:4]),
    answers,
    st.sampled_from([DECIDES, Role.INFLUENCER]),
    circumstances,
    st.floats(0.01, 0.99),
)
def test_a_silent_regular_always_stands_above_a_gap_of_the_same_rank_and_nobody_is_dropped(
    some: tuple[bool, ...], other: tuple[bool, ...], role: Role, about: Circumstances, chance: float
) -> None:
    regular = judge_silence(1, Record(role, (*some, *[True] * 4)), HABITS, about, chance=chance)
    gap = judge_silence(2, Record(role, (False, *(False for _ in other))), HABITS, about)
    ranked = rank_silence([gap, regular])
    assert [one.kind for one in ranked] == [Silence.REGULAR, Silence.GAP]
    assert gap.points > 0


@few
@given(answers, roles, circumstances)
def test_points_are_the_sum_of_reasons_that_name_their_values(
    marks: tuple[bool, ...], role: Role, about: Circumstances
) -> None:
    found = judge_silence(1, Record(role, marks), HABITS, about)
    assert found.points == pytest.approx(sum(one.points for one in found.reasons))
    assert all(abs(one.points) >= abs(other.points) for one, other in pairwise(found.reasons))


def test_what_is_at_stake_counts_too() -> None:
    marks = record("xx-x", DECIDES)
    calm = judge_silence(1, marks, HABITS, Circumstances(tie=TieLevel.STRONG))
    worrying = judge_silence(
        2, marks, HABITS, Circumstances(Seniority.TOP, TieLevel.NONE, renewal_in_days=20, open_tickets=2)
    )
    assert [one.id for one in rank_silence([calm, worrying])] == [2, 1]
    assert {one.reason: one.points for one in worrying.reasons if one.reason is not SilenceReason.HABIT} == {
        SilenceReason.ROLE: 8, SilenceReason.RENEWAL: 8, SilenceReason.TITLE: 4,
        SilenceReason.TIE: 4, SilenceReason.TICKETS: 4,
    }  # fmt: skip
    overdue = judge_silence(3, marks, HABITS, Circumstances(renewal_in_days=-5))
    assert SilenceReason.RENEWAL in {one.reason for one in overdue.reasons}
