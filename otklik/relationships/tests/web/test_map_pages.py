"""The map's page: who opens it, what is typed is no markup, and it asks no more for more people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Ticket
from otklik.feedback.models import Interview, Response
from otklik.kit.clock import now
from otklik.partners.imports.tests.helpers import bring
from otklik.partners.models import Contact, Partner
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.relationships.models import InfluenceLine, Tie
from otklik.relationships.queries.partner import partner_map
from otklik.relationships.rules.freshness import TitleDoubt
from otklik.relationships.rules.vocabulary import InfluenceKind, Role, Standing, TieKind, TieLevel
from otklik.relationships.tests.stories import asked, closed_wave, version_of
from otklik.relationships.web import drawing
from otklik.relationships.web.drawing import Links
from otklik.relationships.web.words import Words
from tests.world import NOW, World, make_contact

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


def test_a_map_takes_as_many_queries_for_many_people_as_for_few(client: Client, world: World) -> None:
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
    client.force_login(world.anna)
    pages = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked_of_it:
            client.get(f"/partners/{world.aurora.pk}/map/")
        pages.append(len(asked_of_it))
        for number in range(7):
            row = make_contact(world.aurora, f"Q{number}", "", Authority.NONE, Influence.LOW)
            Tie.objects.create(contact=row, user=world.boris, kind="work", level="weak", stated_at=now())
    # The first time somebody is seen is written down.
    assert pages[1] == pages[2]
    assert drawing.draw(found, Words(), Links()).count('class="map-person"') == 7


def test_a_person_opens_beside_the_map_with_what_they_said_and_is_edited_there(
    boris: Client, world: World
) -> None:
    lately(world)
    Response.objects.update(comment=f"Paid late {SCRIPT}")
    Interview.objects.create(
        program=world.program,
        partner=world.aurora,
        contact=world.vera,
        held_at=now(),
        channel="call",
        words="They look at other programs.",
        created_at=now(),
    )
    address, part = f"/map/people/{world.vera.pk}/", {"HX-Request": "true"}
    whole = boris.get(address).content.decode()
    beside = boris.get(address, headers=part).content.decode()
    for words in ("Paid late &lt;script&gt;", "They look at other programs.", "No tickets that you may see."):
        assert words in whole
        assert words in beside
    assert "<html" in whole
    assert "<html" not in beside
    said = {"user": world.boris.pk, "kind": "sponsor", "level": "strong"}
    changed = boris.post(f"{address}tie/", said, headers=part)
    assert changed["HX-Trigger"] == "map-changed"
    assert "executive sponsor" in changed.content.decode()
    wrong = boris.post(f"{address}influence/", {"target": "0", "kind": "advises"}, headers=part)
    # htmx shows nothing of any other status.
    assert (wrong.status_code, "HX-Trigger" in wrong) == (200, False)
    line = InfluenceLine.objects.create(
        source=world.gleb, target=world.vera, kind=InfluenceKind.BLOCKS, stated_at=now()
    )
    gone = boris.post(f"/map/lines/{line.pk}/remove/", {"beside": world.vera.pk}, headers=part)
    assert 'id="map-who" tabindex="-1">Vera Orlova<' in gone.content.decode()


def test_whoever_may_only_look_reads_the_map_and_states_nothing(client: Client, world: World) -> None:
    client.force_login(world.dmitri)
    address = f"/map/people/{world.vera.pk}/"
    assert "<form" not in client.get(address, headers={"HX-Request": "true"}).content.decode()
    said = {"authority": "none", "influence": "low"}
    assert client.post(address, said).status_code == 404
    assert client.get(f"/partners/{world.aurora.pk}/map/").status_code == 200


def test_a_stale_map_says_what_is_stale_and_stating_it_again_heals_it(boris: Client, world: World) -> None:
    """Titles from a file of the CRM: one was left out of the next file, one is simply old."""
    long_ago = now() - timedelta(days=500)
    Contact.objects.filter(pk=world.vera.pk).update(
        job_title="CEO", job_title_at=long_ago, job_title_imported_at=long_ago, authority_set_at=long_ago
    )
    Contact.objects.filter(pk=world.gleb.pk).update(
        job_title="Buyer", job_title_at=now(), job_title_imported_at=now(), authority_set_at=now()
    )
    Contact.objects.update(influence_set_at=now())
    page = f"/partners/{world.aurora.pk}/map/"
    html = boris.get(page).content.decode()
    for words in ("the job title of 1 person;", "the place of 1 person,", "The last file no longer names"):
        assert words in html
    boris.post(f"/map/people/{world.vera.pk}/", {"authority": "final", "influence": "high"})
    assert "the place of" not in boris.get(page).content.decode()


def test_a_score_of_few_leans_on_sister_partners(world: World) -> None:
    """Shrunk, for all answers and for decision-makers; Vera alone said 3 where others said 9 or 10."""
    lately(world)
    world.boris.may("see_feedback")
    before = partner_map(world.aurora, user=world.boris, since=None, at=now()).views
    assert [view.shrunk for view in before] == [None, None, None]
    wave = closed_wave(version_of(world), weeks_ago=8)
    for number in range(16):
        sister = Partner.objects.create(program=world.program, name=f"S{number}", created_at=now())
        for score in (9, 10, 5 if number % 4 == 0 else 9):
            person = Contact.objects.create(
                partner=sister, name="P", role="decision_maker", authority="final", created_at=now()
            )
            asked(wave, person, score)
    every, weighted, deciders = partner_map(world.aurora, user=world.boris, since=None, at=now()).views
    assert every.score is None
    assert every.shrunk is not None
    assert -0.5 < every.shrunk < 0.8
    assert every.shrunk_interval is not None
    # Everybody who decides there has answered; nobody knows of any other role what sisters say.
    assert (deciders.shrunk, weighted.shrunk) == (None, None)


def test_the_partners_page_leaves_a_place_that_takes_all_of_the_small_map(
    boris: Client, world: World
) -> None:
    """What the page around takes of its own refreshed self would be nothing of this answer."""
    html = boris.get(f"/partners/{world.aurora.pk}/").content.decode()
    place = html[html.index(f'hx-get="/partners/{world.aurora.pk}/map/beside/"') :]
    assert 'hx-select="unset"' in place[: place.index(">")]


def test_titles_of_a_crm_file_come_in_with_their_day(world: World) -> None:
    """Headers in Russian, as a CRM writes them."""
    file = (
        "ФИО;Компания;Должность;Принимает решение;Влияние;Дата выгрузки\n"
        "Vera Orlova;Aurora;Генеральный директор;решает;высокое;01.02.2024\n"
        "Gleb Sokolov;Aurora;Закупщик;не решает;низкое;\n"
    )
    assert bring(world, file, target="contacts").failed == 0
    vera, gleb = Contact.objects.get(pk=world.vera.pk), Contact.objects.get(pk=world.gleb.pk)
    assert (vera.job_title, gleb.job_title) == ("Генеральный директор", "Закупщик")
    assert vera.job_title_at is not None
    assert (vera.job_title_at.year, vera.job_title_imported_at) == (2024, NOW)
    world.boris.may("see_feedback")
    stale = partner_map(world.aurora, user=world.boris, since=None, at=NOW).stale
    assert stale.titles == {vera.pk: TitleDoubt.OLD}
