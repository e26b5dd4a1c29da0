"""Merging loses nothing; erasing leaves nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.kit.registry import erasure_hooks, merge_hooks
from otklik.partners.models import Address, Contact, ImportFailure, ImportRun, Merged, Partner
from otklik.partners.operations.contacts import add_address, record_consent
from otklik.partners.operations.erase import erase_contact, erase_partner
from otklik.partners.operations.locking import AlreadyErased
from otklik.partners.operations.merge import CannotMerge, merge_contacts, merge_partners
from otklik.partners.operations.partners import change_partner, create_partner, set_items
from otklik.partners.operations.programs import create_program
from otklik.partners.public import ContactRow, Fate, PartnerRow, store_contacts, store_partners
from otklik.partners.rules.vocabulary import AddressKind, Consent, ItemKind
from otklik.partners.timeline import shown_timeline
from otklik.search.public import find, search_kinds
from tests.world import NOW, World

AT = NOW + timedelta(hours=1)


def by(world: World) -> Actor:
    return Actor.person(world.anna.pk)


@pytest.mark.parametrize("hooks", [erasure_hooks, merge_hooks], ids=["erasure", "merge"])
def test_every_foreign_key_to_a_partner_or_contact_has_a_hook(hooks: Any) -> None:
    covered = {model for hook in hooks for model in hook.models}
    pointing = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model in (Partner, Contact)
    }
    assert pointing - covered == set()
    assert "partners.Address" in pointing


def test_a_merged_partner_brings_its_people_and_fills_the_gaps(world: World) -> None:
    set_items(partner_id=world.aurora.pk, kind=ItemKind.PRODUCT, names=["Ads", "Feed"], by=by(world), at=AT)
    set_items(partner_id=world.borealis.pk, kind=ItemKind.PRODUCT, names=["Ads"], by=by(world), at=AT)
    change_partner(
        partner_id=world.aurora.pk,
        facts={"contract_number": "K-1", "custom": {"a": "1"}},
        by=by(world),
        at=AT,
    )
    target = merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world), at=AT)
    assert (target.name, target.tier, target.contract_number, target.custom) == (
        "Borealis",
        "silver",
        "K-1",
        {"a": "1"},
    )
    assert set(target.contacts.all()) == {world.vera, world.gleb}
    assert sorted(target.items.values_list("name", flat=True)) == ["Ads", "Feed"]
    assert not Partner.objects.filter(pk=world.aurora.pk).exists()
    found = find("aurora", kinds=search_kinds, user=world.root, limit=9)
    assert [hit.title for hit in found["partner"]] == []
    assert [hit.title for hit in find("borealis", kinds=search_kinds, user=world.root, limit=9)["contact"]]


def test_the_timeline_of_both_sides_is_told_as_one(world: World) -> None:
    change_partner(partner_id=world.aurora.pk, facts={"tier": "iron"}, by=by(world), at=AT)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world), at=AT)
    lines, _more = shown_timeline("partner", world.borealis.pk, rights=frozenset())
    assert [line.text for line in lines] == [
        f"Partner no. {world.aurora.pk} was merged into this one.",
        "Tier: gold → iron.",
    ]


def test_an_import_that_knows_the_old_name_or_id_finds_what_it_became(world: World) -> None:
    change_partner(partner_id=world.aurora.pk, facts={"external_id": "A-1"}, by=by(world), at=AT)
    change_partner(partner_id=world.borealis.pk, facts={"external_id": "B-1"}, by=by(world), at=AT)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world), at=AT)
    rows = [PartnerRow(name="Aurora", external_id="A-1", segment="x"), PartnerRow(name="AURORA", segment="x")]
    outcomes = store_partners(world.program.pk, rows, by=by(world), at=AT)
    assert [(o.fate, o.id) for o in outcomes] == [
        (Fate.CHANGED, world.borealis.pk),
        (Fate.UNCHANGED, world.borealis.pk),
    ]
    kept = Partner.objects.get(pk=world.borealis.pk)
    assert (kept.name, kept.external_id) == ("Borealis", "B-1")


def test_a_merge_of_merges_leads_to_the_last_one(world: World) -> None:
    third = create_partner(program_id=world.program.pk, facts={"name": "Third"}, by=by(world), at=AT)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world), at=AT)
    merge_partners(source_id=world.borealis.pk, target_id=third.pk, by=by(world), at=AT)
    assert set(Merged.objects.values_list("source_id", "target_id")) == {
        (world.aurora.pk, third.pk),
        (world.borealis.pk, third.pk),
    }


def test_a_merged_person_keeps_every_address_and_the_stricter_consent(world: World) -> None:
    add_address(contact_id=world.gleb.pk, kind=AddressKind.PHONE, value="+7 495 1234567", by=by(world), at=AT)
    record_consent(contact_id=world.gleb.pk, consent=Consent.WITHDRAWN, by=by(world), at=AT)
    record_consent(contact_id=world.vera.pk, consent=Consent.GIVEN, by=by(world), at=AT)
    vera = merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=by(world), at=AT)
    assert vera.consent == "withdrawn"
    assert sorted(vera.addresses.values_list("normalised", "is_primary")) == [
        ("74951234567", True),
        ("gleb@aurora.example", False),
        ("vera@aurora.example", True),
    ]
    [outcome] = store_contacts(
        world.program.pk, [ContactRow(emails=("gleb@aurora.example",))], by=by(world), at=AT
    )
    assert outcome.id == world.vera.pk


def test_a_known_fact_is_taken_over_with_who_stated_it(world: World) -> None:
    blank = Contact.objects.create(partner=world.aurora, name="V.", created_at=NOW)
    kept = merge_contacts(source_id=world.vera.pk, target_id=blank.pk, by=by(world), at=AT)
    assert (kept.role, kept.authority, kept.authority_set_at) == ("decision_maker", "final", NOW)


def test_partners_of_two_programs_and_a_row_with_itself_do_not_merge(world: World) -> None:
    other = create_program(name="South", by=by(world), at=AT)
    stranger = create_partner(program_id=other.pk, facts={"name": "Far"}, by=by(world), at=AT)
    for target in (stranger.pk, world.aurora.pk):
        with pytest.raises(CannotMerge):
            merge_partners(source_id=world.aurora.pk, target_id=target, by=by(world), at=AT)


def everything_written() -> str:
    """All text of all tables, as the database holds it."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    raw = bytes(cell) if isinstance(cell, bytes | memoryview) else None
                    said.append(raw.decode("utf-8", "replace") if raw is not None else str(cell))
    return "\n".join(said).casefold()


TRACES = ("zyxwvutsova", "unmistakable", "79031239876", "qjobtitle", "qtelegram", "qexternal")


@pytest.fixture
def traced(world: World) -> Contact:
    row = ContactRow(
        name="Zyxwvutsova Unmistakable",
        partner_name="Aurora",
        external_id="Qexternal-1",
        job_title="Qjobtitle",
        emails=("zyxwvutsova@unmistakable.example",),
        phones=("+7 903 123-98-76",),
        telegrams=("@qtelegram",),
    )
    [outcome] = store_contacts(world.program.pk, [row], by=by(world), at=AT)
    double = ContactRow(name="Zyxwvutsova U.", partner_name="Aurora", external_id="Qexternal-2")
    [second] = store_contacts(world.program.pk, [double], by=by(world), at=AT)
    return merge_contacts(source_id=second.id, target_id=outcome.id, by=by(world), at=AT)


def test_an_erased_person_is_in_no_table(world: World, traced: Contact) -> None:
    before = everything_written()
    assert [trace for trace in TRACES if trace not in before] == []
    erase_contact(contact_id=traced.pk, by=by(world), at=AT)
    after = everything_written()
    assert [trace for trace in TRACES if trace in after] == []
    assert Contact.objects.get(pk=traced.pk).erased_at == AT
    with pytest.raises(AlreadyErased):
        erase_contact(contact_id=traced.pk, by=by(world), at=AT)


def test_rows_that_an_import_could_not_store_go_with_the_person(world: World, traced: Contact) -> None:
    run = ImportRun.objects.create(
        target="contacts", program=world.program, file_name="f.csv", file_size=1, created_at=NOW
    )
    rows = (
        ["Zyxwvutsova Unmistakable", "?"],
        ["", "ZYXWVUTSOVA@unmistakable.example"],
        ["Somebody else", "?"],
    )
    for number, values in enumerate(rows):
        ImportFailure.objects.create(run=run, row=number, code="missing", values=values)
    erase_contact(contact_id=traced.pk, by=by(world), at=AT)
    assert list(ImportFailure.objects.values_list("row", flat=True)) == [2]
    assert [trace for trace in TRACES if trace in everything_written()] == []


def test_an_erased_partner_takes_its_people_along(world: World, traced: Contact) -> None:
    change_partner(
        partner_id=world.aurora.pk,
        facts={
            "name": "Qcompany",
            "contract_number": "Qcontract",
            "external_id": "Qid",
            "custom": {"Qfield": "Qvalue"},
        },
        by=by(world),
        at=AT,
    )
    set_items(partner_id=world.aurora.pk, kind=ItemKind.NEED, names=["Qneed"], by=by(world), at=AT)
    company = ("qcompany", "qcontract", "qid", "qfield", "qvalue", "qneed")
    assert all(trace in everything_written() for trace in company)
    erase_partner(partner_id=world.aurora.pk, by=by(world), at=AT)
    after = everything_written()
    assert [trace for trace in (*TRACES, *company, "vera@", "gleb@", "sokolov") if trace in after] == []
    assert not Address.objects.filter(contact__partner=world.aurora).exists()
    kinds = Event.objects.filter(kind__endswith=".erased").values_list("kind", flat=True)
    assert sorted(kinds) == ["contact.erased"] * 3 + ["partner.erased"]
