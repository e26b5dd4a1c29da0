"""Ids by the thousand."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.identity.public import User
from otklik.kit.among import Among
from tests.world import World


@pytest.mark.django_db
def test_thousands_of_ids_are_one_parameter(world: World) -> None:
    wanted = [world.anna.pk, world.boris.pk]
    with CaptureQueriesContext(connection) as seen:
        found = set(User.objects.filter(pk__in=Among([*wanted, *range(10**6, 10**6 + 40_000)])))
    assert found == {world.anna, world.boris}
    assert len(seen) == 1
    assert not User.objects.filter(pk__in=Among([])).exists()
    assert world.anna not in User.objects.exclude(pk__in=Among(wanted))
