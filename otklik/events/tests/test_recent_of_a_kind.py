"""Events of one kind among the newest ones about an object."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from otklik.events.public import Actor, Subject, recent, record
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_only_the_newest_are_looked_at_and_only_of_that_object() -> None:
    with transaction.atomic():
        for number in range(6):
            kind = "thing.odd" if number % 2 == 0 else "thing.seen"
            at = NOW + timedelta(minutes=number)
            record(kind, by=Actor.system(), at=at, subjects=[Subject("thing", 1)], data={"n": number})
        record("thing.odd", by=Actor.system(), at=NOW, subjects=[Subject("thing", 2)], data={"n": 9})
    found = recent("thing", [1], kind="thing.odd", among=4)
    assert [data["n"] for _id, data in found] == [2, 4]
    assert [data["n"] for _id, data in recent("thing", [1, 2], kind="thing.odd", among=100)] == [0, 9, 2, 4]
