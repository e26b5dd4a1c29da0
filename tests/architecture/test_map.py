"""The map in ARCHITECTURE.md and the import contract say the same, and both speak of what exists."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def layers_on_the_map() -> list[str]:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(r"```layers\n(.*?)```", text, re.S)
    assert block, "ARCHITECTURE.md has no ```layers block"
    return [line.strip() for line in block.group(1).strip().splitlines()]


def layers_in_the_contract() -> list[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return [
        line.strip()
        for line in parser["importlinter:contract:layers"]["layers"].strip().splitlines()
        if line.strip()
    ]


def test_the_map_is_the_contract() -> None:
    assert layers_on_the_map() == layers_in_the_contract()


def test_every_app_on_the_map_has_a_room_and_every_room_is_described() -> None:
    named = {name.strip() for line in layers_on_the_map() for name in line.split("|")}
    found = {
        path.name for path in (ROOT / "otklik").iterdir() if path.is_dir() and (path / "__init__.py").exists()
    }
    assert named == found
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert [name for name in sorted(named) if f"| `{name}` |" not in text] == []
