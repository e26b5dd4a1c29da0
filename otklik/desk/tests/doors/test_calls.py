"""A telephone system says who calls; the people who answer see it while it rings."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from otklik.desk.operations.ringing import announce_call, ringing_for
from otklik.desk.queries.installation import call_keys
from otklik.desk.topics import may_hear_calls
from otklik.events.models import Event
from otklik.kit.clock import now
from otklik.partners.models import Address
from tests.world import World

pytestmark = pytest.mark.django_db
NUMBER = "+7 912 345-67-89"


def posts(client: Client, body: Any, key: str | None = None) -> Any:
    url = f"/desk/hooks/calls/{call_keys()[0] if key is None else key}/"
    return client.post(url, body if isinstance(body, str) else json.dumps(body), "application/json")


def rings(client: Client, world: World, who: str = "dmitri") -> str:
    client.force_login(getattr(world, who))
    return str(client.get("/calls/ringing/").content.decode())


def test_who_calls_is_shown_with_the_way_to_their_page(world: World, client: Client) -> None:
    Address.objects.create(contact=world.vera, kind="phone", value=NUMBER, normalised="79123456789")
    assert posts(Client(enforce_csrf_checks=True), {"number": NUMBER}).status_code == 204
    shown = rings(client, world)
    assert f"/contacts/{world.vera.pk}/" in shown
    assert "/calls/new/?number=%2B7%20912" in shown
    assert "Vera" not in rings(client, world, "clara"), "not a partner of hers"


def test_a_call_to_one_person_rings_there_alone(world: World, client: Client) -> None:
    posts(client, {"number": NUMBER, "to": "Dmitri@example.com"})
    assert NUMBER in rings(client, world)
    assert NUMBER not in rings(client, world, "anna")
    assert may_hear_calls(world.dmitri, str(world.dmitri.pk))
    assert not may_hear_calls(world.anna, str(world.dmitri.pk))
    assert not may_hear_calls(world.stranger, "0")


def test_what_is_no_call_announces_nothing(world: World, client: Client) -> None:
    assert posts(client, {"number": NUMBER}, key="guess").status_code == 404
    assert posts(client, {"number": NUMBER}, key="ключ").status_code == 404
    assert client.get(f"/desk/hooks/calls/{call_keys()[0]}/").status_code == 405
    for odd in ("", "[]", "{", {"number": ""}, {"number": 7}, {"to": "x"}):
        assert posts(client, odd).status_code == 400, odd
    assert posts(client, {"number": "1" * 20_000}).status_code == 413
    assert posts(client, {"number": NUMBER, "direction": "outgoing"}).status_code == 204
    assert not Event.objects.exists()


def test_a_repeated_post_is_one_call(world: World, client: Client) -> None:
    for _ in range(3):
        assert posts(client, {"number": NUMBER, "id": "a1"}).status_code == 204
    assert len(ringing_for(world.dmitri.pk, at=now())) == 1


def test_it_stops_ringing(world: World) -> None:
    announce_call(number=NUMBER, at=now())
    assert ringing_for(world.dmitri.pk, at=now() + timedelta(minutes=3)) == []


def test_the_log_keeps_no_number(world: World) -> None:
    announce_call(number=NUMBER, at=now())
    assert "912" not in json.dumps(list(Event.objects.values("kind", "data")))


def test_a_number_is_words_and_never_markup(world: World, client: Client) -> None:
    posts(client, {"number": "<script>alert(1)</script>"})
    shown = rings(client, world)
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
