"""Who gets through the partners' door, and what it keeps from whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from otklik.kit.clock import now
from otklik.portal.models import PortalSession
from otklik.portal.tests.people import sign_in
from otklik.portal.web.guard import COOKIE, safe_next
from tests.world import World

HOME = "/portal/"


def test_nobody_sees_a_page_before_they_sign_in(client: Client, world: World) -> None:
    assert client.get(HOME)["Location"] == "/portal/sign-in/"
    part = client.get(HOME, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/portal/?a=1"})
    assert part.status_code == 401
    assert part["HX-Redirect"] == "/portal/sign-in/?next=%2Fportal%2F%3Fa%3D1"


def test_somebody_signed_in_is_greeted_in_their_own_language(client: Client, world: World) -> None:
    world.vera.languages = ["ru"]
    world.vera.save()
    sign_in(client, world.vera)
    page = client.get(HOME)
    assert page.status_code == 200
    assert page["Content-Language"] == "ru"
    assert "Vera Orlova" in page.content.decode()


def test_the_staff_does_not_enter_by_its_own_sign_in_nor_partners_theirs(
    client: Client, world: World
) -> None:
    client.force_login(world.root)
    assert client.get(HOME).status_code == 302
    other = Client()
    sign_in(other, world.vera)
    assert other.get("/partners/")["Location"].startswith("/account/login/")


def test_who_is_lost_finds_the_way_back_into_the_portal(client: Client, world: World) -> None:
    assert 'href="/portal/"' in client.get("/portal/nowhere/").content.decode()
    sign_in(client, world.vera)
    page = client.get("/portal/matters/999999/")
    assert page.status_code == 404
    assert 'href="/portal/me/"' in page.content.decode()


@pytest.mark.parametrize("what", ["disabled", "left", "erased", "expired", "gone"])
def test_an_end_is_an_end_at_once(client: Client, world: World, what: str) -> None:
    account = sign_in(client, world.vera)
    if what == "disabled":
        account.disable(now())
        account.save()
    elif what == "left":
        world.vera.is_active = False
        world.vera.save()
    elif what == "erased":
        world.aurora.erased_at = now()
        world.aurora.save()
    elif what == "expired":
        PortalSession.objects.update(expires_at=now() - timedelta(seconds=1))
    else:
        PortalSession.objects.all().delete()
    assert client.get(HOME).status_code == 302


def test_a_cookie_that_was_touched_opens_nothing(client: Client, world: World) -> None:
    sign_in(client, world.vera)
    client.cookies[COOKIE] = client.cookies[COOKIE].value[:-1] + "?"
    assert client.get(HOME).status_code == 302


def test_signing_out_ends_the_session_itself(client: Client, world: World) -> None:
    sign_in(client, world.vera)
    kept = client.cookies[COOKIE].value
    assert client.post("/portal/sign-out/")["Location"] == "/portal/sign-in/"
    client.cookies[COOKIE] = kept
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example/portal/",
        "https://evil.example/portal/",
        "/portal/\\evil.example",
        "/portal/../partners/",
        "/partners/",
        "javascript:alert(1)",
        "/portal/\r\nSet-Cookie: a=b",
        "/portal/" + "a" * 3000,
    ],
)
def test_nobody_is_led_out_of_the_portal_by_where_they_wanted_to_go(db: None, address: str) -> None:
    assert safe_next(address) == HOME
