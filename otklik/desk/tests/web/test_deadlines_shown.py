"""Case 71 where people meet it: on the page of the ticket and in the inbox."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import Ticket
from otklik.desk.tests.clocks.promised import a_policy, at
from otklik.desk.tests.web.test_inbox import ticket
from otklik.identity.rules.roles import Role
from tests.world import World, make_user

pytestmark = pytest.mark.django_db
ZONES = {"Europe/Moscow": "11:00", "Asia/Almaty": "13:00", "America/New_York": "03:00"}


def test_case_71_agents_in_three_zones_are_shown_the_same_instant_each_by_own_watch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("tickets", "inbox"):
        monkeypatch.setattr(f"otklik.desk.web.{module}.now", lambda: at(2, "10:10"))
    a_policy()
    found = ticket(world, at=at(2, "10:00"))
    due = Ticket.objects.get(pk=found.pk).next_due_at
    assert due == at(2, "11:00")
    shown = {}
    for number, (zone, watch) in enumerate(ZONES.items()):
        agent = make_user(f"agent{number}@example.com", "Agent", Role.AGENT)
        agent.time_zone = zone
        agent.save()
        client = Client()
        client.force_login(agent)
        for address in (reverse("ticket", args=[found.pk]), reverse("inbox") + "?view=all"):
            page = client.get(address).content.decode()
            times = re.findall(r'<time class="[^"]*" datetime="([^"]+)" title="([^"]+)">([^<]+)</time>', page)
            first = next(found for found in times if found[0] == due.isoformat())
            assert watch in first[1], (zone, first)
            shown[zone, address] = (first[0], first[2])
    assert len(set(shown.values())) == 1, shown
