"""Partners and contacts in bulk: what imports and the demo stand on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.partners.models import Address, Contact, Partner
from otklik.partners.public import (
    ContactRow,
    Fate,
    PartnerRow,
    change_contact,
    store_contacts,
    store_partners,
)
from otklik.partners.rules.vocabulary import Authority, Consent, ContactRole, Influence
from tests.world import NOW, World

BY = Actor.importer(7)


def store(world: World, *rows: PartnerRow | ContactRow, by: Actor = BY):
    later = NOW + timedelta(days=1)
    if isinstance(rows[0], PartnerRow):
        return store_partners(world.program.pk, rows, by=by, at=later)
    return store_contacts(world.program.pk, rows, by=by, at=later)


def test_a_partner_comes_in_with_everything_its_row_says(world: World) -> None:
    row = PartnerRow(
        name=" Лотос  Медиа ",
        external_id="L-1",
        tier="gold",
        country="Россия",
        language="русский",
        time_zone="europe/moscow",
        manager_email="Boris@Example.com",
        revenue=Decimal("1200.5"),
        products=("Ads", "Ads", "Feed"),
        needs=("API",),
        custom={"Legal form": "ООО"},
    )
    [outcome] = store(world, row)
    partner = Partner.objects.get(pk=outcome.id)
    assert outcome.fate is Fate.CREATED
    assert (partner.name, partner.country, partner.language) == ("Лотос Медиа", "RU", "ru")
    assert (partner.time_zone, partner.manager, partner.revenue) == (
        "Europe/Moscow",
        world.boris,
        Decimal("1200.50"),
    )
    assert sorted(partner.items.values_list("kind", "name")) == [
        ("need", "API"),
        ("product", "Ads"),
        ("product", "Feed"),
    ]


def test_the_same_rows_twice_add_and_change_nothing(world: World) -> None:
    partners = [
        PartnerRow(name="Лотос", external_id="L-1", products=("Ads",), custom={"a": "b"}),
        PartnerRow(name="Мимоза", country="kz", revenue=Decimal("1.10")),
    ]
    contacts = [
        ContactRow(
            name="Ольга", partner_name="Лотос", emails=("o@lotos.example",), authority=Authority.FINAL
        ),
        ContactRow(name="Пётр", partner_name="Мимоза", phones=("+7 700 000 00 01",), consent=Consent.GIVEN),
        ContactRow(name="Без адреса", partner_external_id="L-1", role=ContactRole.INFLUENCER),
    ]
    assert {o.fate for o in [*store(world, *partners), *store(world, *contacts)]} == {Fate.CREATED}
    events = Event.objects.count()
    again = [*store(world, *partners), *store(world, *contacts)]
    assert {o.fate for o in again} == {Fate.UNCHANGED}
    assert Event.objects.count() == events


def test_a_partner_without_an_id_is_known_by_its_name_whatever_the_case(world: World) -> None:
    [created] = store(world, PartnerRow(name="Алёна и Ко"))
    [changed] = store(world, PartnerRow(name="АЛЕНА И КО", tier="silver"))
    assert (changed.fate, changed.id) == (Fate.CHANGED, created.id)


def test_an_id_is_given_to_the_partner_that_had_none_and_never_taken_over(world: World) -> None:
    [first] = store(world, PartnerRow(name="Aurora", external_id="A-1"))
    [second] = store(world, PartnerRow(name="Aurora", external_id="A-2"))
    assert (first.fate, first.id) == (Fate.CHANGED, world.aurora.pk)
    assert second.fate is Fate.CREATED
    [third] = store(world, PartnerRow(name="Aurora", tier="x"))
    assert (third.fate, third.code) == (Fate.FAILED, "partner_ambiguous")


def test_a_later_row_of_the_chunk_sees_the_earlier_one(world: World) -> None:
    one, two = store(world, PartnerRow(name="Twin", tier="a"), PartnerRow(name="TWIN", tier="b"))
    assert (one.fate, two.fate, one.id) == (Fate.CREATED, Fate.CHANGED, two.id)
    assert Partner.objects.get(pk=one.id).tier == "b"


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (PartnerRow(), "name_missing", "name"),
        (PartnerRow(name="  "), "name_missing", "name"),
        (PartnerRow(name="x" * 201), "too_long", "name"),
        (PartnerRow(name="X", country="Narnia"), "country_unknown", "country"),
        (PartnerRow(name="X", language="klingonish"), "language_unknown", "language"),
        (PartnerRow(name="X", time_zone="Mars/Base"), "time_zone_unknown", "time_zone"),
        (PartnerRow(name="X", manager_email="nobody@example.com"), "manager_unknown", "manager_email"),
        (PartnerRow(name="X", revenue=Decimal("1e20")), "revenue_out_of_range", "revenue"),
        (ContactRow(name="X"), "partner_missing", ""),
        (ContactRow(name="X", partner_name="Nowhere"), "partner_unknown", "partner_name"),
        (ContactRow(partner_name="Aurora"), "name_missing", "name"),
        (ContactRow(name="X", partner_name="Aurora", emails=("x@",)), "email_invalid", "emails"),
        (ContactRow(name="X", partner_name="Aurora", phones=("call me",)), "phone_invalid", "phones"),
        (
            ContactRow(name="X", partner_name="Aurora", preferred_hours="mornings"),
            "hours_unclear",
            "preferred_hours",
        ),
    ],
)
def test_a_bad_row_fails_with_its_reason_and_stops_no_other(
    world: World, row: PartnerRow | ContactRow, code: str, field: str
) -> None:
    good: PartnerRow | ContactRow = PartnerRow(name="Good")
    if isinstance(row, ContactRow):
        good = ContactRow(name="Good", partner_name="Aurora")
    bad, stored = store(world, row, good)
    assert (bad.fate, bad.code, bad.field) == (Fate.FAILED, code, field)
    assert stored.fate is Fate.CREATED


def test_a_contact_is_known_by_address_even_without_its_partner(world: World) -> None:
    [outcome] = store(world, ContactRow(emails=("VERA@aurora.example",), job_title="CEO"))
    assert (outcome.fate, outcome.id) == (Fate.CHANGED, world.vera.pk)


def test_namesakes_with_different_addresses_are_two_people(world: World) -> None:
    row = ContactRow(name="Vera Orlova", partner_name="Aurora", emails=("other@aurora.example",))
    [outcome] = store(world, row)
    assert outcome.fate is Fate.CREATED
    [unsure] = store(world, ContactRow(name="vera orlova", partner_name="Aurora", job_title="?"))
    assert (unsure.fate, unsure.code) == (Fate.FAILED, "contact_ambiguous")


def test_one_address_at_two_partners_is_two_contacts(world: World) -> None:
    row = ContactRow(name="Vera", partner_name="Borealis", emails=("vera@aurora.example",))
    [outcome] = store(world, row)
    assert outcome.fate is Fate.CREATED
    assert Contact.objects.get(pk=outcome.id).partner == world.borealis


def test_addresses_are_added_never_taken_away(world: World) -> None:
    row = ContactRow(emails=("vera@aurora.example", "vera@home.example"), phones=("8 (495) 123-45-67",))
    store(world, row)
    found = Address.objects.filter(contact=world.vera).order_by("pk")
    assert [(a.kind, a.normalised, a.is_primary) for a in found] == [
        ("email", "vera@aurora.example", True),
        ("email", "vera@home.example", False),
        ("phone", "74951234567", True),
    ]


def test_the_role_follows_from_facts_and_a_stated_role_overrules(world: World) -> None:
    rows = [
        ContactRow(name="A", partner_name="Aurora", authority=Authority.NONE, influence=Influence.HIGH),
        ContactRow(name="B", partner_name="Aurora", influence=Influence.LOW, role=ContactRole.DECISION_MAKER),
    ]
    a, b = (Contact.objects.get(pk=outcome.id) for outcome in store(world, *rows))
    assert (a.role, a.role_overruled, a.authority_set_at) == ("influencer", "", NOW + timedelta(days=1))
    assert (b.role, b.role_overruled) == ("decision_maker", "decision_maker")


def test_who_states_a_fact_is_remembered(world: World) -> None:
    store(
        world,
        ContactRow(partner_name="Aurora", name="A", influence=Influence.LOW),
        by=Actor.person(world.anna.pk),
    )
    assert Contact.objects.get(name="A").influence_set_by == world.anna


def test_a_new_manager_is_an_event_of_its_own(world: World) -> None:
    store(world, PartnerRow(name="Aurora", manager_email="clara@example.com", tier="silver"))
    told = {e.kind: e.data for e in Event.objects.all()}
    assert told == {
        "partner.changed": {"fields": ["tier"], "values": {"tier": ["gold", "silver"]}},
        "partner.manager_changed": {"from": world.boris.pk, "to": world.clara.pk},
    }


def test_a_bigger_chunk_needs_no_more_queries(world: World) -> None:
    def partner_rows(count: int, start: int) -> list[PartnerRow]:
        return [
            PartnerRow(
                name=f"P{n}", external_id=f"{n}", products=("a", "b"), manager_email="boris@example.com"
            )
            for n in range(start, start + count)
        ]

    def contact_rows(count: int, start: int) -> list[ContactRow]:
        return [
            ContactRow(
                name=f"C{n}",
                partner_external_id=f"{n}",
                emails=(f"c{n}@x.example",),
                authority=Authority.FINAL,
            )
            for n in range(start, start + count)
        ]

    def queries(rows: list[PartnerRow] | list[ContactRow]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert {o.fate for o in store(world, *rows)} <= {Fate.CREATED, Fate.CHANGED}
        return len(captured)

    few, many = partner_rows(5, 0), partner_rows(30, 100)
    assert queries(few) == queries(many)
    assert queries([replace(r, tier="x") for r in few]) == queries([replace(r, tier="x") for r in many])
    few_people, many_people = contact_rows(5, 0), contact_rows(30, 100)
    assert queries(few_people) == queries(many_people)
    assert queries([replace(r, job_title="x") for r in few_people]) == queries(
        [replace(r, job_title="x") for r in many_people]
    )


def test_a_role_stated_here_later_than_the_file_stays(world: World) -> None:
    vera = {"name": "Vera Orlova", "partner_name": "Aurora"}
    later = NOW + timedelta(days=2)
    Contact.objects.filter(pk=world.vera.pk).update(
        role="influencer", role_overruled="influencer", role_overruled_at=later
    )
    store(world, ContactRow(**vera, role=ContactRole.END_USER, as_of=NOW))
    assert Contact.objects.get(pk=world.vera.pk).role == "influencer"
    row = ContactRow(**vera, role=ContactRole.END_USER, as_of=later + timedelta(days=1))
    store_contacts(world.program.pk, [row], by=BY, at=later + timedelta(days=1))
    assert Contact.objects.get(pk=world.vera.pk).role == "end_user"


def test_what_is_said_again_holds_from_today_and_what_is_older_than_ours_stays_out(world: World) -> None:
    """A file of the company's CRM: titles and places with the day they were true on."""
    vera = {"name": "Vera Orlova", "partner_name": "Aurora"}
    row = ContactRow(**vera, job_title="CEO", authority=Authority.FINAL)
    store(world, row)
    came = NOW + timedelta(days=1)
    person = Contact.objects.get(pk=world.vera.pk)
    assert (person.job_title_at, person.job_title_imported_at, person.authority_set_at) == (came, came, came)
    old = replace(row, job_title="Intern", authority=Authority.NONE, as_of=NOW - timedelta(days=400))
    assert [one.fate for one in store(world, old)] == [Fate.UNCHANGED]
    version = Contact.objects.get(pk=world.vera.pk).version
    again = store_contacts(world.program.pk, [row], by=BY, at=NOW + timedelta(days=90))
    person.refresh_from_db()
    assert [one.fate for one in again] == [Fate.UNCHANGED]
    assert (person.job_title, person.authority, person.version) == ("CEO", "final", version)
    assert person.job_title_imported_at == person.authority_set_at == NOW + timedelta(days=90)
    change_contact(contact_id=person.pk, facts={"job_title": "Chair"}, by=BY, at=NOW + timedelta(days=91))
    person.refresh_from_db()
    assert (person.job_title_at, person.job_title_imported_at) == (NOW + timedelta(days=91), None)
