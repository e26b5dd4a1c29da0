"""What people see and may do on the pages of partners and contacts."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.identity.rules.roles import Right
from otklik.kit.registry import Provider, partner_providers
from otklik.partners.models import Contact, Partner
from otklik.partners.operations.documents import contact_documents, partner_documents
from otklik.partners.operations.merge import merge_contacts, merge_partners
from otklik.partners.operations.partners import change_partner
from otklik.partners.public import ContactRow, PartnerRow, store_contacts, store_partners
from otklik.partners.timeline import Sentence, sentences
from otklik.search.public import put
from tests.world import NOW, World

AT = NOW + timedelta(hours=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def indexed(world: World) -> World:
    put(partner_documents([world.aurora.pk, world.borealis.pk]), at=AT)
    put(contact_documents([world.vera.pk, world.gleb.pk]), at=AT)
    return world


def addresses(world: World) -> list[str]:
    partner, contact = f"/partners/{world.aurora.pk}", f"/contacts/{world.vera.pk}"
    return [
        *(f"{partner}/{page}" for page in ("", "edit/", "items/", "merge/", "contacts/")),
        *(f"{contact}/{page}" for page in ("", "edit/", "merge/")),
    ]


def test_the_manager_sees_own_partner_and_everybody_at_it(world: World) -> None:
    client = signed_in(world.boris)
    assert {url: client.get(url).status_code for url in addresses(world)} == dict.fromkeys(
        addresses(world), 200
    )


def test_an_old_link_leads_to_the_merged_partner_only_who_may_see_it(world: World) -> None:
    gone = Partner.objects.create(program=world.program, name="Aurora Ltd", created_at=NOW)
    merge_partners(source_id=gone.pk, target_id=world.aurora.pk, by=Actor.system(), at=AT)
    assert signed_in(world.boris).get(f"/partners/{gone.pk}/")["Location"] == f"/partners/{world.aurora.pk}/"
    assert signed_in(world.clara).get(f"/partners/{gone.pk}/").status_code == 404


def test_an_old_link_leads_to_the_merged_contact_only_who_may_see_it(world: World) -> None:
    gone, kept = world.gleb.pk, world.vera.pk
    merge_contacts(source_id=gone, target_id=kept, by=Actor.system(), at=AT)
    assert signed_in(world.boris).get(f"/contacts/{gone}/")["Location"] == f"/contacts/{kept}/"
    assert signed_in(world.clara).get(f"/contacts/{gone}/").status_code == 404


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", "x"])
def test_an_odd_version_in_a_form_is_as_good_as_none(world: World, version: str) -> None:
    client = signed_in(world.boris)
    for address in (f"/partners/{world.aurora.pk}/edit/", f"/contacts/{world.vera.pk}/edit/"):
        answer = client.post(address, {"name": "New", "initial-name": "Old", "version": version})
        assert answer.status_code in (200, 302)


def test_another_manager_does_not_even_learn_that_it_exists(world: World) -> None:
    client = signed_in(world.clara)
    assert {url: client.get(url).status_code for url in addresses(world)} == dict.fromkeys(
        addresses(world), 404
    )


def changes(world: World) -> dict[str, dict[str, object]]:
    partner, contact = f"/partners/{world.aurora.pk}", f"/contacts/{world.vera.pk}"
    address = world.vera.addresses.get()
    return {
        f"{partner}/edit/": {"name": "X", "status": "active", "time_zone": "UTC"},
        f"{partner}/manager/": {"manager": world.clara.pk},
        f"{partner}/items/": {"kind": "need", "names": "X"},
        f"{partner}/contacts/": {"name": "X", "authority": "none", "influence": "low"},
        f"{partner}/merge/": {"target": world.borealis.pk},
        f"{partner}/erasure/": {"sure": "on"},
        f"{contact}/edit/": {"name": "X"},
        f"{contact}/authority/": {"authority": "none"},
        f"{contact}/influence/": {"influence": "low"},
        f"{contact}/role/": {"role": "end_user"},
        f"{contact}/consent/": {"consent": "given"},
        f"{contact}/addresses/": {"kind": "email", "value": "x@x.example"},
        f"{contact}/addresses/{address.pk}/removal/": {},
        f"{contact}/merge/": {"target": world.gleb.pk},
        f"{contact}/erasure/": {"sure": "on"},
    }


@pytest.mark.parametrize(("who", "answers"), [("clara", {404, 403}), ("dmitri", {403}), ("stranger", {403})])
def test_whoever_may_not_change_it_changes_nothing(world: World, who: str, answers: set[int]) -> None:
    def state() -> list[object]:
        rows = [*Partner.objects.order_by("pk").values(), *Contact.objects.order_by("pk").values()]
        return [*rows, *world.vera.addresses.values()]

    before, client = state(), signed_in(getattr(world, who))
    assert {client.post(url, data).status_code for url, data in changes(world).items()} <= answers
    assert state() == before


def test_the_list_and_the_search_show_only_own_rows(indexed: World) -> None:
    client = signed_in(indexed.clara)
    shown = client.get("/partners/").content.decode()
    assert "Borealis" in shown
    assert "Aurora" not in shown
    assert "Vera Orlova" not in client.get("/search/?q=orlova").content.decode()
    assert "Vera Orlova" in signed_in(indexed.boris).get("/search/?q=orlova").content.decode()


def test_where_the_program_is_open_managers_see_all(world: World) -> None:
    world.program.managers_see_own_only = False
    world.program.save()
    assert signed_in(world.clara).get(f"/partners/{world.aurora.pk}/").status_code == 200


@pytest.mark.parametrize(("who", "sees"), [("anna", True), ("boris", True), ("dmitri", False)])
def test_revenue_is_for_those_who_may_see_it(world: World, who: str, sees: bool) -> None:
    change_partner(partner_id=world.aurora.pk, facts={"revenue": Decimal(987654)}, by=Actor.system(), at=AT)
    client = signed_in(getattr(world, who))
    page = client.get(f"/partners/{world.aurora.pk}/").content.decode()
    shown = client.get("/partners/?sort=-revenue").content.decode()
    assert ("987,654" in page, "987,654" in shown, "revenue highest" in shown) == (sees, sees, sees)


def test_a_form_without_the_right_to_revenue_leaves_it_alone(world: World) -> None:
    change_partner(partner_id=world.aurora.pk, facts={"revenue": Decimal(5)}, by=Actor.system(), at=AT)
    lead = world.dmitri
    lead.grants.create(role="lead", granted_at=NOW)
    data = {"name": "Aurora", "status": "active", "time_zone": "UTC", "tier": "iron", "revenue": "1"}
    signed_in(lead).post(f"/partners/{world.aurora.pk}/edit/", data)
    assert Partner.objects.get(pk=world.aurora.pk).revenue == Decimal(5)
    assert Partner.objects.get(pk=world.aurora.pk).tier == "iron"


def many(world: World, count: int, start: int) -> None:
    partners = [
        PartnerRow(
            name=f"P{n:04}", external_id=f"{n}", manager_id=world.boris.pk, tier=f"t{n % 3}", country="RU"
        )
        for n in range(start, start + count)
    ]
    people = [
        ContactRow(name=f"C{n}-{k}", partner_external_id=f"{n}", emails=(f"c{n}-{k}@x.example",))
        for n in range(start, start + count)
        for k in range(2)
    ]
    store_partners(world.program.pk, partners, by=Actor.importer(1), at=AT)
    store_contacts(world.program.pk, people, by=Actor.importer(1), at=AT)


@pytest.mark.parametrize("query", ["", "?q=p0", "?tier=t1&sort=-renewal&manager=0", "?sort=-revenue&page=2"])
@pytest.mark.parametrize("who", ["anna", "boris"])
def test_a_longer_list_needs_no_more_queries(
    world: World, who: str, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = Provider("score", lambda ids: dict.fromkeys(ids, 9), label="Score")
    monkeypatch.setattr(partner_providers, "_entries", {"score": score})
    monkeypatch.setattr("otklik.partners.web.pages.PAGE_SIZE", 10)
    client = signed_in(getattr(world, who))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/partners/{query}").status_code == 200
        return len(captured)

    many(world, 25, 0)
    queries()
    few = queries()
    many(world, 25, 100)
    assert queries() == few


def test_a_partner_with_more_people_and_history_needs_no_more_queries(world: World) -> None:
    client = signed_in(world.anna)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/partners/{world.aurora.pk}/").status_code == 200
        return len(captured)

    def people(start: int) -> None:
        rows = [
            ContactRow(name=f"C{n}", partner_name="Aurora", phones=(f"+7 900 {n:07}",))
            for n in range(start, start + 12)
        ]
        store_contacts(world.program.pk, rows, by=Actor.person(world.anna.pk), at=AT)

    people(0)
    queries()
    few = queries()
    people(100)
    assert queries() == few


def test_filters_narrow_and_odd_values_do_no_harm(indexed: World) -> None:
    client = signed_in(indexed.anna)

    def names(query: str) -> set[str]:
        page = client.get(f"/partners/?{query}").content.decode()
        return {name for name in ("Aurora", "Borealis") if f">{name}</a>" in page}

    assert names("tier=gold") == names("country=RU") == names(f"manager={indexed.boris.pk}") == {"Aurora"}
    assert names("q=бореалис") == set()
    assert names("q=boreal") == {"Borealis"}
    assert names("manager=0") == names("status=left") == set()
    assert names("sort=evil&page=99999&program=x&manager=-1") == {"Aurora", "Borealis"}


def test_the_order_is_the_same_whatever_the_letters(world: World) -> None:
    rows = [PartnerRow(name=name) for name in ("ёлка", "Ель", "ЁРШ", "Ежи")]
    store_partners(world.program.pk, rows, by=Actor.importer(1), at=AT)
    page = signed_in(world.anna).get("/partners/?sort=name").content.decode()
    places = [page.index(f">{name}</a>") for name in ("Ежи", "ёлка", "Ель", "ЁРШ")]
    assert places == sorted(places)


def test_the_file_holds_what_the_list_shows_and_no_formula(world: World) -> None:
    change_partner(partner_id=world.aurora.pk, facts={"name": "=1+1"}, by=Actor.system(), at=AT)
    answer = signed_in(world.anna).get("/partners/export.csv?tier=gold", headers={"accept-language": "en"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    told = dict(zip(header, row, strict=True))
    assert (told["Name"], told["Tier"], told["Country"], told["People"]) == ("'=1+1", "gold", "Russia", "2")
    assert signed_in(world.dmitri).get("/partners/export.csv").status_code == 403
    own = b"".join(signed_in(world.clara).get("/partners/export.csv").streaming_content).decode()
    assert "Borealis" in own
    assert "1+1" not in own


def test_the_link_of_a_merged_partner_leads_on(world: World) -> None:
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=Actor.system(), at=AT)
    answer = signed_in(world.anna).get(f"/partners/{world.aurora.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/partners/{world.borealis.pk}/")
    assert signed_in(world.anna).get("/partners/999999/").status_code == 404


def test_a_long_timeline_goes_on_where_it_stopped(world: World) -> None:
    rows = [ContactRow(name=f"Person {n}", partner_name="Aurora") for n in range(70)]
    store_contacts(world.program.pk, rows, by=Actor.importer(1), at=AT)
    client, seen, url = signed_in(world.anna), set(), f"/partners/{world.aurora.pk}/"
    while url:
        page = client.get(url).content.decode()
        found = {n for n in range(70) if f"Person {n} was added" in page}
        assert not seen & found
        seen |= found
        url = page.split('hx-get="/partners/')[-1].split('"')[0] if "/timeline/?before=" in page else ""
        url = f"/partners/{url}" if url else ""
    assert seen == set(range(70))
    assert client.get(f"/partners/{world.aurora.pk}/timeline/?before=x").status_code == 404


def test_the_timeline_speaks_the_readers_language(world: World) -> None:
    change_partner(
        partner_id=world.aurora.pk, facts={"status": "paused"}, by=Actor.person(world.anna.pk), at=AT
    )
    client = signed_in(world.anna)
    assert "Status: active → paused." in client.get(f"/partners/{world.aurora.pk}/").content.decode()
    client.cookies["django_language"] = "ru"
    assert "Статус: работает → на паузе." in client.get(f"/partners/{world.aurora.pk}/").content.decode()


def test_a_line_that_needs_a_right_is_told_to_nobody_without_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Sentence("partner.changed", lambda line, names: "SECRET", right=Right.SEE_REVENUE)
    monkeypatch.setattr(sentences, "_entries", {"partner.changed": line})
    change_partner(partner_id=world.aurora.pk, facts={"tier": "x"}, by=Actor.system(), at=AT)
    url = f"/partners/{world.aurora.pk}/"
    assert "SECRET" in signed_in(world.anna).get(url).content.decode()
    assert "SECRET" not in signed_in(world.dmitri).get(url).content.decode()


def test_handing_a_partner_over_may_be_the_last_one_sees_of_it(world: World) -> None:
    answer = signed_in(world.boris).post(f"/partners/{world.aurora.pk}/manager/", {"manager": world.clara.pk})
    assert answer["Location"] == "/partners/"
    assert Partner.objects.get(pk=world.aurora.pk).manager == world.clara


def test_empty_lists_say_what_to_do_first(db: None, world: World) -> None:
    Contact.objects.all().delete()
    Partner.objects.all().delete()
    assert "Import partners" in signed_in(world.anna).get("/partners/").content.decode()
    assert "No partners yet" in signed_in(world.dmitri).get("/partners/").content.decode()
