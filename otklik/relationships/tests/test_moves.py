"""Every move is listed; how certain it is stands beside it, with a rate of false alarms that holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.relationships.rules.moves import Line, MoveKind, Task, moves_of_wave
from otklik.relationships.rules.scatter import FALSE_ALARMS, Certainty, Doubtful, judge_scores
from otklik.relationships.rules.vocabulary import Category, Role

few = settings(max_examples=25, deadline=None, derandomize=True)
lines = st.lists(
    st.lists(st.none() | st.integers(0, 10), min_size=1, max_size=6).map(tuple), max_size=20
).map(lambda found: [Line(n, scores) for n, scores in enumerate(found)])


def calm(people: int = 120, waves: int = 5, seed: int = 1) -> dict[int, list[int]]:
    """People in whom nothing changes, each with a level and a scatter of their own."""
    rng = np.random.default_rng(seed)
    level, scatter = rng.uniform(3, 10, people), rng.lognormal(-0.3, 0.7, people)
    noise = rng.standard_t(4, (people, waves)) * scatter[:, None]
    scores = np.clip(np.rint(level[:, None] + noise), 0, 10).astype(int)
    return {n: row.tolist() for n, row in enumerate(scores)}


@pytest.mark.parametrize(
    ("scores", "kind", "task"),
    [
        ((10, 4), MoveKind.FELL, Task.CALL_WITHIN_DEADLINE),
        ((10, 8), MoveKind.FELL, Task.ASK_WHAT_CHANGED),
        ((3, 8), MoveKind.RECOVERED, Task.TELL_TEAM_WHAT_HELPED),
        ((7, 9), MoveKind.ROSE, Task.THANK),
        ((6, 2), MoveKind.LOWER, Task.CALL_WITHIN_DEADLINE),
        ((2, 5), MoveKind.HIGHER, Task.THANK),
        ((9, None), MoveKind.DROPPED_OUT, Task.REACH_PERSONALLY),
        ((9, None, 9), MoveKind.CAME_BACK, Task.THANK),
        ((5, None, 5), MoveKind.CAME_BACK, Task.CALL_WITHIN_DEADLINE),
        ((9, None, 3), MoveKind.FELL, Task.CALL_WITHIN_DEADLINE),
        ((8,), MoveKind.NEW, Task.GET_TO_KNOW),
        ((None, 2), MoveKind.NEW, Task.CALL_WITHIN_DEADLINE),
    ],
)
def test_each_move_is_a_task(scores: tuple[int | None, ...], kind: MoveKind, task: Task) -> None:
    (move,) = moves_of_wave([Line(1, scores)])
    assert (move.kind, move.task) == (kind, task)


@pytest.mark.parametrize("scores", [(9, 9), (9, 10), (None, None), (9, None, None), (None,), ()])
def test_what_did_not_move_is_no_task(scores: tuple[int | None, ...]) -> None:
    assert moves_of_wave([Line(1, scores)]) == []


@few
@given(lines)
def test_every_change_of_category_is_listed_however_uncertain(people: list[Line]) -> None:
    found = {move.person: move for move in moves_of_wave(people)}
    for line in people:
        known = [score for score in line.scores[:-1] if score is not None]
        after = line.scores[-1]
        if known and after is not None:
            bounds = [sum(score > edge for edge in (6, 8)) for score in (known[-1], after)]
            assert bounds[0] == bounds[1] or line.id in found
        if len(line.scores) > 1 and line.scores[-2] is not None and after is None:
            assert found[line.id].kind is MoveKind.DROPPED_OUT


def test_losses_come_before_gains_and_deciders_before_users() -> None:
    wave = [
        Line(1, (3, 9)),
        Line(2, (9, 3), Role.END_USER),
        Line(3, (9, 3), Role.DECISION_MAKER),
        Line(4, (9, None), chance=0.9),
        Line(5, (8,)),
    ]
    found = moves_of_wave(wave)
    assert [move.person for move in found] == [3, 2, 4, 1, 5]
    assert (found[0].delta, found[0].categories) == (-6, (Category.PROMOTER, Category.DETRACTOR))


@pytest.mark.parametrize(
    ("chance", "certainty"),
    [(0.99, Certainty.BEYOND), (0.6, Certainty.WITHIN), (None, Certainty.CANNOT_TELL)],
)
def test_a_drop_out_is_as_certain_as_the_habit_was(chance: float | None, certainty: Certainty) -> None:
    (move,) = moves_of_wave([Line(1, (9, 9, None), chance=chance)])
    assert move.certainty is certainty
    assert move.p_value == (None if chance is None else pytest.approx(1 - chance))


def test_the_same_fall_is_certain_in_a_steady_person_and_not_in_an_unsteady_one() -> None:
    people = calm(300)
    people[1000], people[1001] = [9, 9, 9, 9, 5], [9, 4, 10, 5, 5]
    found = judge_scores(people)
    steady, unsteady = found[1000], found[1001]
    assert steady.certainty is Certainty.BEYOND
    assert unsteady.certainty is Certainty.WITHIN
    assert steady.usual == 9
    assert steady.distance is not None
    assert steady.distance < -3
    assert steady.scatter < unsteady.scatter


def test_a_move_is_told_with_its_yardstick() -> None:
    people = [Line(n, tuple(scores)) for n, scores in calm(300).items()]
    found = {move.person: move for move in moves_of_wave([*people, Line(999, (10, 10, 10, 10, 4))])}
    move = found[999]
    assert (move.kind, move.certainty) == (MoveKind.FELL, Certainty.BEYOND)
    assert move.judged is not None
    assert move.judged.usual == 10
    assert move.p_value == move.judged.p_value


def test_a_few_people_cannot_show_what_is_rare() -> None:
    found = judge_scores({1: [9, 9, 9, 2], 2: [8, 8, 7, 8], 3: [5]})
    assert found[1].certainty is Certainty.CANNOT_TELL
    assert found[1].doubtful is Doubtful.TOO_FEW_PEOPLE
    assert found[3].doubtful is Doubtful.NO_EARLIER_ANSWER
    assert judge_scores({}) == {}


@pytest.mark.parametrize("waves", [2, 3, 6, 12])
@pytest.mark.parametrize("rate", [0.02, 0.1])
def test_where_nothing_changed_alarms_stay_under_their_rate(waves: int, rate: float) -> None:
    alarms = judged = 0
    for seed in range(12):
        found = judge_scores(calm(200, waves, seed), false_alarms=rate)
        alarms += sum(one.certainty is Certainty.BEYOND for one in found.values())
        judged += len(found)
    # The rate holds on average; thrice its standard deviation is left to luck.
    assert alarms <= rate * judged + 3 * (rate * judged) ** 0.5
    assert FALSE_ALARMS <= 0.02


@few
@given(st.integers(0, 2**31), st.integers(2, 6))
def test_whichever_answer_comes_last_the_same_number_of_them_stands_out(seed: int, waves: int) -> None:
    """The proof of the rate, by counting: turn every person's answers round, and in all turns together no
    more than the stated share is called changed, whatever the scores are."""
    rng, rate = np.random.default_rng(seed), 0.1
    table = rng.integers(0, 11, (40, waves)) ** rng.integers(1, 3) % 11
    called = 0
    for turn in range(waves):
        found = judge_scores(dict(enumerate(np.roll(table, turn, axis=1).tolist())), false_alarms=rate)
        called += sum(one.certainty is Certainty.BEYOND for one in found.values())
    assert called <= rate * table.size


@few
@given(st.permutations(range(30)))
def test_the_order_of_people_changes_nothing(order: list[int]) -> None:
    people = calm(30)
    assert judge_scores({n: people[n] for n in order}) == judge_scores(people)
