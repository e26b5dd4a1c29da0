"""Answers as columns, ready to be looked at: what was lived through beside what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from otklik.impact.rules.vocabulary import Exposure, Outcome
from otklik.stats.grouping import codes
from otklik.stats.impact_verdict import BadRow
from otklik.stats.nps import Floats, Integers

Masks = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.datetime64]
MOST_LABELS = 6
"""Of a column of words; whoever is in none of the largest is among the others."""


@dataclass(frozen=True, slots=True)
class Table:
    """Answers (n,). ``outcome`` in points, ``ranks`` 0, 1, 2, ...; ``exposures`` nan where there was none.

    ``tickets``: how many the partner had, None where an answer is about one ticket. ``labels``: columns of
    words or ids, by name; ``held``: which of them every study holds. ``without_ticket``: share of answers of
    people who had none. ``known``: support is known for the whole window of the answer. ``bad``: what is
    wrong.
    """

    outcome_kind: Outcome
    outcome: Floats
    ranks: Floats
    partners: Integers
    at: Moments
    exposures: Mapping[Exposure, Floats]
    tickets: Floats | None
    labels: Mapping[str, npt.NDArray[Any]]
    held: tuple[str, ...]
    without_ticket: Masks
    known: Masks
    bad: Mapping[BadRow, Masks]

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def months(self) -> Integers:
        return np.asarray(self.at.astype("datetime64[M]").astype(np.int64))

    def only(self, rows: Masks) -> Table:
        if rows.all():
            return self
        return Table(
            outcome_kind=self.outcome_kind,
            outcome=self.outcome[rows],
            ranks=self.ranks[rows],
            partners=self.partners[rows],
            at=self.at[rows],
            exposures={name: values[rows] for name, values in self.exposures.items()},
            tickets=None if self.tickets is None else self.tickets[rows],
            labels={name: values[rows] for name, values in self.labels.items()},
            held=self.held,
            without_ticket=self.without_ticket[rows],
            known=self.known[rows],
            bad={reason: mask[rows] for reason, mask in self.bad.items()},
        )


def indicators(labels: npt.NDArray[Any], most: int = MOST_LABELS) -> Floats:
    """Labels (n,) as columns of 0 and 1, (n, up to ``most``): one for each of the largest, all others
    together, and none for the very largest, which the rest is compared with."""
    at = codes(labels)
    sizes = np.bincount(at)
    order = np.argsort(-sizes, kind="stable")[: most + 1]
    place = np.full(len(sizes), len(order) - 1 if len(sizes) > most + 1 else 0)
    place[order] = np.minimum(np.arange(len(order)), most)
    return np.asarray((place[at][:, None] == np.arange(1, len(order))).astype(np.float64))


def stacked(columns: Sequence[Floats], rows: int) -> Floats:
    """Columns (rows,) and tables (rows, c) side by side."""
    return np.column_stack(columns) if columns else np.empty((rows, 0))
