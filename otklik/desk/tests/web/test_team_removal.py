"""A team that the desk has asked something is named in tickets for good."""

from __future__ import annotations

import pytest
from django.test import Client

from otklik.desk.models import SubRequest
from otklik.desk.tests.web.test_inbox import ticket
from otklik.events.models import Event
from otklik.identity.public import Team
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_team_that_was_asked_something_stays_and_says_why(world: World, client: Client) -> None:
    team = Team.objects.create(name="Finance")
    SubRequest.objects.create(ticket=ticket(world), team=team, question="?", asked_at=world.now)
    client.force_login(world.root)

    answer = client.post(f"/teams/{team.pk}/removal/", follow=True)

    assert "rename it instead" in answer.content.decode().lower()
    assert Team.objects.filter(pk=team.pk).exists()
    assert not Event.objects.filter(kind="team.removed").exists()
