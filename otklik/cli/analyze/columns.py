"""Which column holds the scores, where nobody said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from otklik.cli.analyze.errors import NoScoreColumn, SeveralScoreColumns
from otklik.kit.tabular import NoScore, Row, is_missing, read_score

# What an export of Otklik writes into its column "status"; only COUNTED rows are confirmed answers.
STATUS, COUNTED = "status", "complete"
NOT_COUNTED = ("duplicate", "provisional", "no_answer", "left_out", "not_sent")

_EXACT = frozenset(
    ("nps", "nps score", "nps_score", "npsscore", "score", "оценка nps", "оценка", "балл", "баллы")
)
_TELLING = re.compile(r"\bnps\b|recommend|likely|likelihood|порекоменд|рекоменд|вероятн", re.IGNORECASE)


def find_score_column(columns: Sequence[str], sample: Sequence[Row]) -> int:
    """Position of the one obvious score column.

    A telling name (nps, score, оценка, "how likely to recommend") goes first, `nps` before all; without one,
    a column whose values are scores. Raises `SeveralScoreColumns`, `NoScoreColumn`.
    """
    looks = [_looks_like_scores([row.cells[position] for row in sample]) for position in range(len(columns))]
    names = [" ".join(column.casefold().replace("_", " ").split()) for column in columns]
    tiers = (
        [position for position, name in enumerate(names) if name == "nps"],
        [position for position, name in enumerate(names) if name in _EXACT],
        [position for position, name in enumerate(names) if _TELLING.search(name) and looks[position]],
        [position for position, name in enumerate(names) if looks[position]],
    )
    for tier in tiers:
        if len(tier) > 1:
            raise SeveralScoreColumns([columns[position] for position in tier])
        if tier:
            return tier[0]
    raise NoScoreColumn(columns)


def find_status_column(columns: Sequence[str], sample: Sequence[Row]) -> int | None:
    """Position of the column that says which rows are confirmed answers: one called "status" that holds no
    other words than those of an export. Any other "status" means something else and is let be."""
    if columns.count(STATUS) != 1:
        return None
    position = columns.index(STATUS)
    words = {str(row.cells[position]) for row in sample if not is_missing(row.cells[position])}
    return position if words and words <= {COUNTED, *NOT_COUNTED} else None


def _looks_like_scores(cells: Sequence[object]) -> bool:
    """Nine in ten values are scores, of at least three kinds, some of them high: 0/1 flags and counters are
    not.
    """
    read = [read_score(cell) for cell in cells]  # type: ignore[arg-type]
    given = [value for value in read if value is not NoScore.MISSING]
    scores = [value for value in given if isinstance(value, int)]
    return (
        bool(scores)
        and len(scores) >= 0.9 * len(given)
        and len(set(scores)) >= min(3, len(scores))
        and max(scores) >= 7
    )
