"""What was planted among a thousand partners is found, better than by the plain rules, at equal alarms."""

from __future__ import annotations

import pytest

from otklik.relationships.rules.scatter import FALSE_ALARMS
from otklik.relationships.tests.simulation import (
    HELD_OUT_SEEDS,
    REPORTED_SEEDS,
    World,
    build,
    false_alarm_share,
    figures,
    report,
    silence_figures,
    task_list,
)


def test_a_small_program_is_simulated_and_judged_whole() -> None:
    program = build(3, partners=60)
    assert all(found.alarms >= found.hits for found in silence_figures(program).values())
    assert sum(task_list(program).values()) > 0
    assert len(program.gaming) == 1


@pytest.mark.slow
def test_what_was_planted_is_found_better_than_by_plain_rules() -> None:
    print(report(REPORTED_SEEDS))
    found = figures(REPORTED_SEEDS)
    pairs = [
        ("silence: never answered (naive)", "silence: our ranking, as many"),
        ("moves: moved by 2 or more (naive)", "moves: beyond scatter, losses first"),
        ("moves: largest moves (naive), as many", "moves: certain"),
        ("moves: largest falls (naive), as many", "moves: certain falls"),
        ("gaming: most promoters asked (naive)", "gaming: least chance, as many"),
    ]
    for naive, ours in pairs:
        assert found[ours].alarms == found[naive].alarms, ours
        assert found[ours].precision > found[naive].precision, ours
        assert found[ours].recall > found[naive].recall, ours


@pytest.mark.slow
@pytest.mark.parametrize("world", World)
def test_so_it_is_on_programs_nobody_looked_at_and_on_people_made_another_way(world: World) -> None:
    """ "Answered last time" is not among the pairs: it is as good as our ranking, and moves.md says so."""
    found = figures(HELD_OUT_SEEDS, world=world)
    pairs = [
        ("silence: never answered (naive)", "silence: our ranking, as many"),
        ("moves: moved by 2 or more (naive)", "moves: beyond scatter, losses first"),
        ("moves: fell by 2 or more (naive)", "moves: falls beyond scatter, as many"),
        ("moves: largest moves (naive), as many", "moves: certain"),
        ("gaming: most promoters asked (naive)", "gaming: least chance, as many"),
    ]
    for naive, ours in pairs:
        print(f"{naive:42s} {found[naive]}\n{ours:42s} {found[ours]}")
        assert found[ours].alarms == found[naive].alarms, ours
        assert found[ours].hits > found[naive].hits, ours


@pytest.mark.slow
@pytest.mark.parametrize("world", World)
def test_where_nothing_changed_the_stated_rate_holds(world: World) -> None:
    shares = [false_alarm_share(seed, world=world) for seed in range(100, 110)]
    alarms, judged = (sum(column) for column in zip(*shares, strict=True))
    print(f"{alarms} of {judged}: {alarms / judged:.4f}")
    assert alarms <= FALSE_ALARMS * judged
