"""The API tells the figure that the page tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from otklik.api.rules.scopes import Scope
from otklik.knowledge.models import KnowledgeFigures
from otklik.knowledge.rules.deflection import Deflection
from tests.world import World

ApiAs = Callable[..., Client]
URL = "/api/v1/articles/deflection"


@pytest.mark.django_db
def test_deflection_is_told_as_it_was_stored(world: World, api_as: ApiAs) -> None:
    client = api_as(world.anna, Scope.TICKETS_READ)
    empty: Any = client.get(URL).json()
    assert (empty["computed_at"], empty["counted"], empty["share"]) == (None, 0, None)

    told = Deflection(counted=10, solved=8, company=7, pending=3).as_data()
    KnowledgeFigures.objects.create(computed_at=world.now, deflection=told)
    shown = client.get(URL).json()
    assert {name: shown[name] for name in told} == told
    assert api_as(world.stranger, Scope.TICKETS_READ).get(URL).status_code == 403
    assert api_as(world.anna, Scope.PARTNERS_READ).get(URL).status_code == 403
