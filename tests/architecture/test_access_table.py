from __future__ import annotations

import os

import pytest

from tests.architecture import access_walk
from tests.architecture.access_table import WRITE
from tests.world import World

# Addresses with a number that belongs to no partner: articles and the like.
FOR_EVERY_PARTNER: tuple[str, ...] = ("/portal/learn/folder/",)
# Some thousand answers: each worker of a run takes some of them.
PARTS = 6
UPDATE = "python -m tests.architecture.access_table --write"


@pytest.mark.parametrize("part", range(PARTS))
def test_every_address_answers_everybody_as_the_table_says(world: World, part: int) -> None:
    found = access_walk.answers(world, access_walk.addresses()[part::PARTS])
    stated = access_walk.read()
    missing = [f"{key}: not in access_table.txt; add it with {UPDATE}" for key in found if key not in stated]
    other = [
        f"{key}: {column} gets {cell}, the table says {stated[key][column]}"
        for key, row in found.items()
        if key in stated
        for column, cell in row.items()
        if cell != stated[key][column]
    ]
    assert not (problems := missing + other), "\n".join(problems)


def test_every_address_of_the_table_is_there() -> None:
    there = {access_walk.key_of(address) for address in access_walk.addresses()}
    gone = [key for key in access_walk.read() if key not in there]
    assert not gone, UPDATE


if os.environ.get(WRITE):

    def test_the_table_is_written(world: World) -> None:
        found = access_walk.answers(world, access_walk.addresses())
        access_walk.TABLE.write_text(access_walk.render(found), encoding="utf-8")


def test_no_address_breaks() -> None:
    broken = [
        key
        for key, row in access_walk.read().items()
        if any(c.lstrip("+").startswith("5") for c in row.values())
    ]
    assert not broken


def test_an_outsider_gets_no_page_of_the_staff() -> None:
    open_to_all = (
        "/health/",
        "/account/",
        "/start/",
        "/i18n/",
        "/api/",
        "/static/",
        "/ask/",
        "/t/",
        "/portal/sign-in/",
        "/apply/",
        "/dialogue/stop/",
        "/articles/",
    )
    seen = [
        key
        for key, row in access_walk.read().items()
        if row["outsider"] in ("200", "+200") and not key.startswith(open_to_all)
    ]
    assert not seen


def test_a_partners_person_is_an_outsider_wherever_the_staff_works() -> None:
    other = [
        f"{key}: {column} gets {row[column]}, an outsider {row['outsider']}"
        for key, row in access_walk.read().items()
        for column in ("portal", "portal-other")
        if not key.startswith("/portal/") and row[column] != row["outsider"]
    ]
    assert not other


def test_the_staff_are_outsiders_in_the_portal() -> None:
    staff = [column for column in access_walk.COLUMNS if not column.startswith("portal")]
    other = [
        key
        for key, row in access_walk.read().items()
        if key.startswith("/portal/") and len({row[column] for column in staff}) > 1
    ]
    assert not other


def test_what_belongs_to_a_partner_is_not_there_for_another_one() -> None:
    """Whatever Vera of Aurora opens by a number, Nadia of Borealis does not find: for her it is as if it were
    not there at all."""
    found = [
        key
        for key, row in access_walk.read().items()
        if key.startswith("/portal/")
        and "<int:" in key
        and not key.startswith(FOR_EVERY_PARTNER)
        and row["portal-other"].lstrip("+") != "404"
    ]
    assert not found
