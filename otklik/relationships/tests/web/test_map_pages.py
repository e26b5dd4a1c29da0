"""The map's page: who opens it, what is typed is no markup, and it asks no more for more people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Ticket
from otklik.kit.clock import now
from otklik.partners.models import Contact
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.relationships.models import InfluenceLine, Tie
from otklik.relationships.queries.partner import partner_map
from otklik.relationships.rules.vocabulary import InfluenceKind, Role, Standing, TieKind, TieLevel
from otklik.relationships.tests.stories import asked, closed_wave, version_of
from otklik.relationships.web import drawing
from otklik.relationships.web.drawing import Links
from otklik.relationships.web.words import Words
from tests.world import World, make_contact

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def boris(client: Client, world: World) -> Client:
    client.force_login(world.boris)
    return client


def lately(world: World) -> None:
    """Vera said 3 and Gleb nothing, three weeks ago by the clock on the wall."""
    wave = closed_wave(version_of(world), weeks_ago=3)
    wave.started_at = now() - timedelta(days=20)
    wave.save()
    asked(wave, world.vera, 3)
    asked(wave, world.gleb)


def stated(world: World) -> None:
    Tie.objects.create(
        contact=world.vera, user=world.boris, kind=TieKind.MANAGER, level=TieLevel.STRONG, stated_at=now()
    )
    InfluenceLine.objects.create(
        source=world.vera, target=world.gleb, kind=InfluenceKind.LEADS, stated_at=now()
    )


def test_the_map_says_in_words_what_it_says_in_colour(boris: Client, world: World) -> None:
    Contact.objects.filter(pk=world.gleb.pk).update(name=f"Gleb {SCRIPT}", job_title=SCRIPT)
    lately(world)
    stated(world)
    page = boris.get(f"/partners/{world.aurora.pk}/map/")
    html = page.content.decode()
    assert page.status_code == 200
    assert SCRIPT not in html
    for words in (
        "Vera Orlova, detractor, score 3",
        "1 of 2 people known answered, 2 asked.",
        "never answered",
        "Boris Manager: account management, strong; by the log not known",
        f'href="/map/people/{world.vera.pk}/?since=183"',
        f'id="person-{world.vera.pk}"',
        "from us 0, answered 0, begun by them 0; complaints 0",
        "missing: decision-maker",
        "Find out who it is: 1",
    ):
        assert words in html, words


def test_a_map_without_anybody_begins_with_who_decides(client: Client, world: World) -> None:
    client.force_login(world.clara)
    html = client.get(f"/partners/{world.borealis.pk}/map/").content.decode()
    assert "Begin with who decides there." in html
    # Who is to be found is drawn where nobody is.
    assert html.count('class="map-vacancy"') == 6
    assert "map-person" not in html


@pytest.mark.parametrize("path", ["/partners/{0}/map/", "/partners/{0}/map/beside/", "/map/people/{1}/"])
def test_other_peoples_partners_are_not_found(client: Client, world: World, path: str) -> None:
    client.force_login(world.clara)
    assert client.get(path.format(world.aurora.pk, world.vera.pk)).status_code == 404


@pytest.mark.parametrize("since", ["", "92", "all", "-1", "٣", "9" * 30])
def test_odd_times_are_half_a_year(boris: Client, world: World, since: str) -> None:
    page = boris.get(f"/partners/{world.aurora.pk}/map/", {"since": since})
    assert page.context["chosen"] == (since if since in ("92", "all") else "183")


def test_people_are_placed_tied_and_untied_in_a_form(boris: Client, world: World) -> None:
    vera = f"/map/people/{world.vera.pk}/"
    back = boris.post(vera, {"authority": "shared", "influence": "medium"})
    assert back["Location"] == f"/partners/{world.aurora.pk}/map/#person-{world.vera.pk}"
    boris.post(f"{vera}tie/", {"user": world.boris.pk, "kind": "manager", "level": "working"})
    boris.post(f"{vera}influence/", {"target": world.gleb.pk, "kind": "advises"})
    world.vera.refresh_from_db()
    assert (world.vera.authority, world.vera.influence, world.vera.role) == (
        "shared",
        "medium",
        "decision_maker",
    )
    tie, line = Tie.objects.get(), InfluenceLine.objects.get()
    html = boris.get(vera).content.decode()
    assert "working" in html
    assert "Gleb Sokolov" in html
    boris.post(f"/map/ties/{tie.pk}/remove/")
    boris.post(f"/map/lines/{line.pk}/remove/")
    assert not Tie.objects.exists()
    assert not InfluenceLine.objects.exists()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", {"authority": "king", "influence": "high"}),
        ("tie/", {"user": "1" * 40, "kind": "manager", "level": "strong"}),
        ("tie/", {"user": "", "kind": "", "level": "unknown"}),
        ("influence/", {"target": "0", "kind": "advises"}),
    ],
)
def test_odd_statements_are_told_and_change_nothing(
    boris: Client, world: World, path: str, said: dict[str, Any]
) -> None:
    assert boris.post(f"/map/people/{world.vera.pk}/{path}", said).status_code == 422
    assert not Tie.objects.exists()
    assert not InfluenceLine.objects.exists()


def test_beside_a_ticket_stands_who_asked_first(boris: Client, world: World) -> None:
    ticket = Ticket.objects.create(
        program=world.program,
        partner=world.aurora,
        contact=world.gleb,
        subject="Where is the report",
        channel="email",
        owner=world.boris,
        created_at=now(),
        updated_at=now(),
        public_key="k",
    )
    lately(world)
    html = boris.get(f"/map/beside-ticket/{ticket.pk}/").content.decode()
    assert html.index("<strong>Gleb Sokolov</strong>") < html.index("Vera Orlova")
    ticket.partner = None
    ticket.save()
    assert boris.get(f"/map/beside-ticket/{ticket.pk}/").status_code == 404


def test_a_map_takes_as_many_queries_for_many_people_as_for_few(world: World) -> None:
    lately(world)
    stated(world)
    world.anna.may("see_feedback")
    with CaptureQueriesContext(connection) as few:
        partner_map(world.aurora, user=world.anna, since=None, at=now())
    wave = closed_wave(version_of(world), weeks_ago=30)
    for number in range(5):
        person = make_contact(world.aurora, f"P{number}", f"p{number}@a.ex", Authority.FINAL, Influence.LOW)
        asked(wave, person, 9)
    with CaptureQueriesContext(connection) as many:
        found = partner_map(world.aurora, user=world.anna, since=None, at=now())
    assert len(many) == len(few) <= 12
    assert {one.standing for one in found.people} == {
        Standing.PROMOTER,
        Standing.DETRACTOR,
        Standing.NEVER_ANSWERED,
    }
    assert found.coverage.roles[Role.DECISION_MAKER].known == 6
    assert drawing.draw(found, Words(), Links()).count('class="map-person"') == 7
