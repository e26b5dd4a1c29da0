"""The navigation beside every page."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from otklik.identity.web.context import Entry, shell
from otklik.kit.registry import NavigationItem, navigation
from tests.world import World

pytestmark = pytest.mark.django_db


def entries(world: World, path: str) -> dict[str, Entry]:
    request = RequestFactory().get(path)
    request.user = world.root
    return {item.url: item for section in shell(request)["navigation"] for item in section.items}


def test_a_page_of_a_room_keeps_its_entry_lit_and_home_is_lit_on_itself_alone(
    world: World, rf: object
) -> None:
    shown = entries(world, "/staff/7/")
    assert shown["/staff/"].is_current
    assert not shown["/"].is_current
    assert entries(world, "/")["/"].is_current
    inner = entries(world, "/loop/rules/new/")
    assert [inner[url].is_current for url in ("/loop/rules/", "/loop/")] == [True, False]


def test_a_room_that_is_not_served_leaves_no_dead_link(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = NavigationItem("nowhere", "Nowhere at all", "no-such-page", "home")
    monkeypatch.setitem(navigation._entries, "nowhere", entry)
    client.force_login(world.root)
    assert "Nowhere at all" not in client.get("/staff/").content.decode()
