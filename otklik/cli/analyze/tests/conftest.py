"""`run` calls the command as a shell would and gives back what came out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from otklik.cli.analyze.command import analyze


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        return [verdict["code"] for verdict in self.object["verdicts"]]


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")

    def call(*arguments):
        status = analyze([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return call


@pytest.fixture
def file(tmp_path):
    """Writes lines (or bytes) to a file of that name and gives its path."""

    def write(content, name="answers.csv"):
        path = tmp_path / name
        data = content if isinstance(content, bytes) else "".join(f"{line}\n" for line in content).encode()
        path.write_bytes(data)
        return path

    return write


def answers(detractors, passives, promoters, *more):
    """Lines of that many answers, each with the same further cells."""
    tail = "".join(f",{cell}" for cell in more)
    return [
        f"{score}{tail}" for score, n in ((3, detractors), (8, passives), (10, promoters)) for _ in range(n)
    ]
