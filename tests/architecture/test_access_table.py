from __future__ import annotations

import os

from tests.architecture import access_walk
from tests.architecture.access_table import WRITE
from tests.world import World

UPDATE = "python -m tests.architecture.access_table --write"


def test_every_address_answers_everybody_as_the_table_says(world: World) -> None:
    found = access_walk.answers(world)
    if os.environ.get(WRITE):
        access_walk.TABLE.write_text(access_walk.render(found), encoding="utf-8")
    stated = access_walk.read()
    missing = [f"{key}: not in access_table.txt; add it with {UPDATE}" for key in found if key not in stated]
    gone = [f"{key}: there is no such address any more; {UPDATE}" for key in stated if key not in found]
    other = [
        f"{key}: {column} gets {cell}, the table says {stated[key][column]}"
        for key, row in found.items()
        if key in stated
        for column, cell in row.items()
        if cell != stated[key][column]
    ]
    assert not (problems := missing + gone + other), "\n".join(problems)


def test_no_address_breaks() -> None:
    broken = [
        key
        for key, row in access_walk.read().items()
        if any(c.lstrip("+").startswith("5") for c in row.values())
    ]
    assert not broken


def test_an_outsider_gets_no_page_of_the_staff() -> None:
    open_to_all = ("/health/", "/account/", "/start/", "/i18n/", "/api/", "/static/", "/ask/", "/t/")
    seen = [
        key
        for key, row in access_walk.read().items()
        if row["outsider"] in ("200", "+200") and not key.startswith(open_to_all)
    ]
    assert not seen
