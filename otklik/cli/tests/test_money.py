"""`otklik import money`: whole or not at all, and said so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from otklik.cli.importing import import_file
from otklik.payouts.models import Balance, Entry, Hand, Payout
from otklik.payouts.public import LineProblem, line_problem_text
from tests.world import World

ENTRIES = "key;partner;amount;currency;earned_on\nc-1;A-1;10,50;EUR;2026-02-01\n"
PAYOUTS = "key;partner;amount;currency;state;expected_on\np-1;A-1;10,50;EUR;planned;2026-02-01\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    world.aurora.external_id = "A-1"
    world.aurora.save()

    def run(text: str, *arguments: str, kind: str = "entries") -> tuple[int, str, str]:
        path = tmp_path / "money.csv"
        path.write_text(text)
        given = ["money", str(path), "--kind", kind, "--program", "north", "--lang", "en", *arguments]
        status = import_file(given)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_entries_and_payouts_come_in_once(run: Run) -> None:
    assert run(ENTRIES, "--total", "EUR=10.50") == (
        0,
        "New: 1, changed: 0, known already: 0\nTotal of the file: 10.50 EUR\n",
        "",
    )
    assert json.loads(run(ENTRIES, "--json")[1])["repeat"] is True
    assert json.loads(run(PAYOUTS, "--json", kind="payouts")[1])["new"] == 1
    assert (Entry.objects.count(), Payout.objects.count()) == (1, 1)
    assert Balance.objects.get().planned == Balance.objects.get().total


def test_who_brings_a_file_in_by_the_command_may_be_named(run: Run, world: World) -> None:
    assert "nobody of the staff who may change" in run(ENTRIES, "--by", "boris@example.com")[2]
    assert not Entry.objects.exists()
    assert run(ENTRIES, "--by", world.anna.email.upper())[0] == 0
    assert Hand.objects.get().user == world.anna


def test_a_wrong_line_is_named_and_nothing_is_stored(run: Run) -> None:
    status, out, err = run(ENTRIES + "c-2;A-1;-3;EUR;2026-02-01\n")
    assert status == 2
    assert out.startswith("  line 3: amount “-3” – The sign is wrong")
    assert "Nothing is stored" in err
    status, out, _ = run(ENTRIES, "--total", "EUR=10.51", "--json")
    assert status == 2
    assert [one["problem"] for one in json.loads(out)["problems"]] == ["total_differs"]
    assert not Entry.objects.exists()


def test_a_wrong_question_is_answered_with_what_to_do(run: Run) -> None:
    assert "There is no such program" in run(ENTRIES, "--program", "moon")[2]
    assert "write it as EUR=1234.56" in run(ENTRIES, "--total", "EUR")[2]
    assert "There is no time zone" in run(ENTRIES, "--time-zone", "Moon")[2]
    assert run("")[0] == 2
    assert "строка 2" in run(ENTRIES.replace("A-1", "Z-9"), "--lang", "ru")[1]


def test_every_problem_has_words() -> None:
    assert all(map(line_problem_text, LineProblem))
