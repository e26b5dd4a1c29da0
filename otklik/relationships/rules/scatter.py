"""Is a person's new score beyond their usual scatter? With a stated rate of false alarms.

The yardstick is the people themselves. If nobody has changed, a person's last answer is as likely to be their
farthest out as any earlier one. So each answer of everybody is measured against the person's other answers,
and the new one must lie among the farthest of all of these. Proof and limits: docs/formulas/moves.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from otklik.stats.nps import Floats

FALSE_ALARMS = 0.02
"""Of the people in whom nothing has changed, at most this share is called changed; half on each side."""
LONGEST = 8
"""Earlier answers looked at; older ones tell little of today."""
COMMON_WEIGHT = 8.0
"""Answers the scatter usual among all people counts for beside a person's own."""
LEVEL_WEIGHT = 0.5
"""Answers the mean of all people counts for beside a person's own level: whoever once said 10 says 9 sooner
than 10 again."""
LEAST_SCATTER = 0.5
_TIED = 1e-9


class Certainty(StrEnum):
    BEYOND = "beyond_usual_scatter"
    WITHIN = "within_usual_scatter"
    CANNOT_TELL = "cannot_tell"


class Doubtful(StrEnum):
    """Why it cannot be told."""

    NO_EARLIER_ANSWER = "no_earlier_answer"
    TOO_FEW_PEOPLE = "too_few_people"
    """To compare with: so few answers cannot hold anything as rare as the stated rate."""


@dataclass(frozen=True, slots=True)
class Judged:
    """`usual`: the median of the person's earlier answers; `expected`: that, drawn a little to the mean of
    all; `scatter`: how far the person's answers usually lie from their median, drawn to what is usual among
    all; `distance` = (score - expected) / scatter. `p_value`: twice the share of all answers that lie as far
    out on that side; None where it cannot be told."""

    certainty: Certainty
    usual: float | None = None
    expected: float | None = None
    scatter: float | None = None
    distance: float | None = None
    p_value: float | None = None
    doubtful: Doubtful | None = None


def judge_scores(
    histories: Mapping[int, Sequence[int]], *, false_alarms: float = FALSE_ALARMS
) -> dict[int, Judged]:
    """Each person's last score against their earlier ones. `histories`: id -> scores 0..10, the oldest first,
    of everybody who answered the wave: the answers of all are the yardstick of each."""
    groups: dict[int, list[int]] = {}
    judged: dict[int, Judged] = {}
    for person, scores in histories.items():
        earlier = min(len(scores) - 1, LONGEST)
        if earlier < 1:
            judged[person] = Judged(Certainty.CANNOT_TELL, doubtful=Doubtful.NO_EARLIER_ANSWER)
        else:
            groups.setdefault(earlier, []).append(person)
    for earlier, people in groups.items():
        table = np.array([histories[person][-(earlier + 1) :] for person in people], dtype=np.float64)
        judged.update(zip(people, _judge_group(table, false_alarms), strict=True))
    return judged


def _judge_group(table: Floats, false_alarms: float) -> list[Judged]:
    """People with the same number of answers, (people, answers), the last column the new one."""
    usual, expected, scatter = _yardsticks(table)
    distances = (table - expected) / scatter
    pool = np.sort(distances.ravel())
    new = distances[:, -1]
    above = len(pool) - np.searchsorted(pool, new - _TIED, side="left")
    below = np.searchsorted(pool, new + _TIED, side="right")
    p_values = np.minimum(1.0, 2 * np.minimum(above, below) / len(pool))
    # One of the pool is always as far out as the farthest: below this no answer could stand out.
    enough = 2 / len(pool) <= false_alarms
    columns = (usual[:, -1], expected[:, -1], scatter[:, -1], new, p_values)
    return [
        _judged(*row, enough=enough, false_alarms=false_alarms)
        for row in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _judged(
    usual: float,
    expected: float,
    scatter: float,
    distance: float,
    p_value: float,
    *,
    enough: bool,
    false_alarms: float,
) -> Judged:
    if not enough:
        few = Doubtful.TOO_FEW_PEOPLE
        return Judged(Certainty.CANNOT_TELL, usual, expected, scatter, distance, doubtful=few)
    certainty = Certainty.BEYOND if p_value <= false_alarms else Certainty.WITHIN
    return Judged(certainty, usual, expected, scatter, distance, p_value)


def _yardsticks(table: Floats) -> tuple[Floats, Floats, Floats]:
    """For each answer: the median of the person's other answers, what was to be expected, and the scatter."""
    answers = table.shape[1]
    others = np.stack([np.delete(table, column, axis=1) for column in range(answers)], axis=1)
    usual = np.median(others, axis=2)
    expected = ((answers - 1) * usual + LEVEL_WEIGHT * table.mean()) / (answers - 1 + LEVEL_WEIGHT)
    spread = np.abs(others - usual[:, :, None]).mean(axis=2)
    # Answers lie nearer to a median they helped to make than a new one will: n - 1 of n are free.
    free = answers - 2
    stretched = spread * (answers - 1) / max(free, 1)
    common = max(LEAST_SCATTER, float(np.sort(stretched, axis=None).mean())) if free else 1.0
    scatter = (COMMON_WEIGHT * common + free * stretched) / (COMMON_WEIGHT + free)
    return usual, expected, np.maximum(scatter, LEAST_SCATTER)
