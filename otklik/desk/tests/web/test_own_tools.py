"""Macros of one's own and saved views: kept, changed and removed by whose they are."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import Macro, SavedView
from otklik.desk.tests.web.test_inbox import page, ticket
from otklik.desk.tests.web.test_ticket_page import show
from tests.world import World

pytestmark = pytest.mark.django_db
TAG = {"action": "aa", "a-aa-do": "add_tag", "a-aa-value": "escalated"}


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


@pytest.fixture
def dmitri(world: World) -> Client:
    return signed_in(world.dmitri)


def make_macro(client: Client, name: str = "Mine", url: str = "my-macro-new") -> Macro:
    posted = {"name": name, "position": "5", "is_active": "on", **TAG}
    assert client.post(reverse(url), posted).status_code == 302
    return Macro.objects.get(name=name)


def test_an_agent_makes_a_macro_of_their_own_and_nobody_else_has_it(world: World, dmitri: Client) -> None:
    assert "by one key" in dmitri.get(reverse("my-macros")).content.decode()
    mine = make_macro(dmitri)
    assert mine.owner == world.dmitri
    found = ticket(world)
    run = reverse("ticket-macro", args=[found.pk, mine.pk])
    assert run in show(dmitri, found)

    dmitri.post(run)
    assert [tag.name for tag in found.tags.all()] == ["escalated"]

    anna = signed_in(world.anna)
    assert run not in show(anna, found)
    for name in ("my-macro", "macro", "my-macro-removal"):
        method = anna.post if name.endswith("removal") else anna.get
        assert method(reverse(name, args=[mine.pk])).status_code == 404
    assert anna.post(run).status_code == 404


def test_a_macro_is_changed_and_removed_by_its_owner(world: World, dmitri: Client) -> None:
    mine = make_macro(dmitri)
    url = reverse("my-macro", args=[mine.pk])
    assert reverse("my-macro-removal", args=[mine.pk]) in dmitri.get(url).content.decode()
    dmitri.post(url, {"name": "Renamed", "position": "5", "is_active": "on", **TAG})
    mine.refresh_from_db()
    assert (mine.name, mine.owner) == ("Renamed", world.dmitri)

    dmitri.post(reverse("my-macro-removal", args=[mine.pk]))
    assert not Macro.objects.exists()


def test_a_macro_of_everybody_is_kept_by_who_leads_the_desk(world: World, dmitri: Client) -> None:
    anna = signed_in(world.anna)
    shared = make_macro(anna, "Ours", "macro-new")
    assert shared.owner is None
    for name in ("macro", "macro-removal"):
        method = dmitri.post if name.endswith("removal") else dmitri.get
        assert method(reverse(name, args=[shared.pk])).status_code == 403
    anna.post(reverse("macro-removal", args=[shared.pk]))
    assert not Macro.objects.exists()


def test_a_broken_macro_says_where(dmitri: Client) -> None:
    posted = {"name": "Bad", "position": "5", "action": "aa", "a-aa-do": "add_tag", "a-aa-value": ""}
    assert dmitri.post(reverse("my-macro-new"), posted).status_code == 422
    assert not Macro.objects.exists()


def a_view(world: World, **facts: object) -> SavedView:
    given = {"name": "New ones", "owner": world.dmitri, "filters": {"view": "open", "status": "new"}}
    return SavedView.objects.create(**{**given, **facts, "created_at": world.now})


def change(client: Client, view: SavedView, **posted: str) -> int:
    given = {"name": view.name, "position": str(view.position), "filters": "kept", **posted}
    return client.post(reverse("inbox-view", args=[view.pk]), given).status_code


def test_a_view_takes_the_filters_of_the_moment(world: World, dmitri: Client) -> None:
    view = a_view(world)
    query = "view=open&status=waiting&q=payout"
    assert f"/inbox/views/{view.pk}/?view=open&amp;status=waiting" in page(
        dmitri, "?view=open&status=waiting"
    )
    shown = dmitri.get(reverse("inbox-view", args=[view.pk]) + f"?{query}").content.decode()
    assert "All open · new" in shown
    assert "From now on: All open · “payout” · waiting for the partner" in shown

    assert change(dmitri, view, name="Waiting ones", filters="present", query=query, position="3") == 302

    view.refresh_from_db()
    assert (view.name, view.position, view.owner) == ("Waiting ones", 3, world.dmitri)
    assert view.filters == {"view": "open", "status": "waiting", "q": "payout"}


def test_a_view_is_given_to_everybody_by_who_leads_the_desk_alone(world: World, dmitri: Client) -> None:
    mine, hers = a_view(world), a_view(world, owner=world.anna, name="Hers")
    change(dmitri, mine, for_everybody="on")
    mine.refresh_from_db()
    assert mine.owner == world.dmitri
    anna = signed_in(world.anna)
    assert change(anna, hers, for_everybody="on") == 302
    hers.refresh_from_db()
    assert hers.owner is None
    assert "Hers" in page(dmitri)
    assert change(dmitri, hers, name="Stolen") == 404
    assert change(anna, mine, name="Stolen") == 404


def test_views_stand_in_the_order_of_their_places(world: World, dmitri: Client) -> None:
    first, second = a_view(world, name="Alpha", position=9), a_view(world, name="Beta", position=8)
    assert page(dmitri).index("Beta") < page(dmitri).index("Alpha")
    change(dmitri, first, position="1")
    assert page(dmitri).index("Alpha") < page(dmitri).index(second.name)


def test_two_views_of_one_name_are_refused(world: World, dmitri: Client) -> None:
    a_view(world)
    other = a_view(world, name="Other")
    assert change(dmitri, other, name="New ones") == 422


def test_a_view_is_removed_from_its_page(world: World, dmitri: Client) -> None:
    view = a_view(world)
    url = reverse("inbox-view-removal", args=[view.pk])
    assert url in dmitri.get(reverse("inbox-view", args=[view.pk])).content.decode()
    dmitri.post(url)
    assert not SavedView.objects.exists()
