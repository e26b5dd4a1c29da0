"""Who is signed in, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from otklik.identity.models import User
from otklik.kit.clock import now
from tests.world import World

pytestmark = pytest.mark.django_db
OWN = "/profile/"


@pytest.fixture
def anna(world: World) -> Client:
    client = Client()
    client.force_login(world.anna)
    return client


def test_a_session_ends_with_its_day(anna: Client) -> None:
    Session.objects.update(expire_date=now() + timedelta(minutes=1))
    assert anna.get(OWN).status_code == 200
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert anna.get(OWN).status_code == 302


def test_a_session_ends_with_its_row(anna: Client) -> None:
    assert anna.get(OWN).status_code == 200
    Session.objects.all().delete()
    assert anna.get(OWN).status_code == 302


def test_a_made_up_session_is_nobodys_and_is_not_taken_over(world: World, client: Client) -> None:
    for key in ("x" * 32, "' OR 1=1 --", "x" * 5000):
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert client.get(OWN).status_code == 302
        assert not Session.objects.filter(session_key=key).exists()


def test_whoever_is_deactivated_is_out_at_once(world: World, anna: Client) -> None:
    User.objects.filter(pk=world.anna.pk).update(is_active=False)
    assert anna.get(OWN).status_code == 302


def test_a_right_that_is_taken_away_is_gone_with_the_next_page(world: World, client: Client) -> None:
    client.force_login(world.root)
    assert client.get("/staff/").status_code == 200
    world.root.grants.all().delete()
    assert client.get("/staff/").status_code == 403


def test_a_new_password_ends_the_other_sessions(world: World, anna: Client) -> None:
    world.anna.set_password("another horse battery")
    world.anna.save()
    assert anna.get(OWN).status_code == 302
