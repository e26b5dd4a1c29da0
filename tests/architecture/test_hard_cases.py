"""The 83 cases in which other desks went wrong: each is held by a test that carries its number."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CASES = range(1, 84)
# test_case_57_friday_evening..., test_case_19_and_21_...
NAME = re.compile(r"def test_cases?_((?:\d+_(?:and_|to_)?)+)")


def covered() -> set[int]:
    found: set[int] = set()
    for folder in ("otklik", "tests"):
        for path in (ROOT / folder).rglob("test_*.py"):
            for numbers in NAME.findall(path.read_text(encoding="utf-8")):
                found |= {int(number) for number in re.findall(r"\d+", numbers)}
    return found


def test_every_hard_case_has_a_test_of_its_name() -> None:
    missing = sorted(set(CASES) - covered())
    assert not missing, f"no test is named after the cases {missing}"
