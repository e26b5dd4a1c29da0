"""`run` calls the command as a shell would and gives back what came out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from otklik.cli.impact.command import impact
from otklik.stats.tests.simulated_programs import program

SCORES = {0: (0, 3, 5, 6), 1: (7, 8), 2: (9, 10)}


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        return json.loads(self.out)


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")

    def call(*arguments):
        status = impact([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return call


@pytest.fixture
def file(tmp_path):
    """Writes a head and rows of cells to a CSV file and gives its path."""

    def write(head, rows, name="answers.csv"):
        path = tmp_path / name
        lines = [head, *(",".join(str(cell) for cell in row) for row in rows)]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return write


HEAD = "partner,month,score,wait,next,difficulty"
QUESTION = ("--outcome", "score", "--exposure", "wait", "--unit", "partner", "--period", "month")


def answers(**shape):
    """Rows for HEAD of a program with a known truth."""
    rng = np.random.default_rng(shape.pop("seed", 5))
    found = program(rng, **{"partners": 60, **shape})
    return [
        [
            f"P{found.partner[at]}",
            f"2025-{found.month[at] + 1:02d}",
            rng.choice(SCORES[int(found.category[at])]),
            round(found.wait[at], 4),
            "" if np.isnan(found.next_wait[at]) else round(found.next_wait[at], 4),
            round(found.difficulty[at], 4),
        ]
        for at in range(len(found.wait))
    ]
