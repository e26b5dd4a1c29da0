"""Each change: its row, its event, its place in search."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.partners.models import Address, Contact, Partner
from otklik.partners.operations.contacts import (
    ContactExists,
    add_address,
    change_contact,
    create_contact,
    overrule_role,
    record_consent,
    remove_address,
    state_authority,
    state_influence,
)
from otklik.partners.operations.locking import AlreadyErased, ChangedMeanwhile
from otklik.partners.operations.partners import (
    PartnerExists,
    assign_manager,
    change_partner,
    create_partner,
    set_items,
)
from otklik.partners.operations.programs import ProgramNameTaken, change_program, create_program
from otklik.partners.rules.addresses import BadAddress
from otklik.partners.rules.vocabulary import AddressKind, Authority, Consent, ContactRole, Influence, ItemKind
from otklik.search.public import find, search_kinds
from tests.world import NOW, World

AT = NOW + timedelta(hours=1)


def by(world: World) -> Actor:
    return Actor.person(world.anna.pk)


def last_event() -> Event:
    return Event.objects.order_by("-pk").first()


def titles(query: str, world: World) -> list[str]:
    return [
        hit.title
        for hits in find(query, kinds=search_kinds, user=world.root, limit=9).values()
        for hit in hits
    ]


def test_a_new_partner_is_told_of_and_found(world: World) -> None:
    facts = {"name": " Лотос  Медиа", "tier": "gold", "custom": {"Код": "ZX-9"}}
    partner = create_partner(
        program_id=world.program.pk, facts=facts, manager_id=world.boris.pk, by=by(world), at=AT
    )
    assert partner.name == "Лотос Медиа"
    event = last_event()
    assert (event.kind, event.data["manager_id"], event.actor_id) == (
        "partner.created",
        world.boris.pk,
        world.anna.pk,
    )
    assert titles("лотоса", world) == titles("zx9", world) == ["Лотос Медиа"]


@pytest.mark.parametrize("facts", [{"name": "AURORA"}, {"name": "X", "external_id": "A-1"}])
def test_two_partners_of_one_name_or_id_are_refused(world: World, facts: dict[str, str]) -> None:
    change_partner(partner_id=world.aurora.pk, facts={"external_id": "A-1"}, by=by(world), at=AT)
    with pytest.raises(PartnerExists) as refused:
        create_partner(program_id=world.program.pk, facts=facts, by=by(world), at=AT)
    assert refused.value.partner_id == world.aurora.pk


def test_an_event_names_the_fields_and_keeps_names_and_revenue_to_itself(world: World) -> None:
    facts = {"name": "Aurora Nova", "tier": "silver", "revenue": 5, "contract_number": "K-77"}
    change_partner(partner_id=world.aurora.pk, facts=facts, by=by(world), at=AT)
    assert last_event().data == {
        "fields": ["contract_number", "name", "revenue", "tier"],
        "values": {"tier": ["gold", "silver"]},
    }
    assert titles("nova", world) == ["Aurora Nova", "Gleb Sokolov", "Vera Orlova"]


def test_a_change_that_changes_nothing_is_no_event(world: World) -> None:
    change_partner(partner_id=world.aurora.pk, facts={"tier": "gold"}, by=by(world), at=AT)
    assign_manager(partner_id=world.aurora.pk, manager_id=world.boris.pk, by=by(world), at=AT)
    state_authority(contact_id=world.vera.pk, authority=Authority.FINAL, by=by(world), at=AT)
    assert not Event.objects.exists()
    assert Partner.objects.get(pk=world.aurora.pk).version == 1


def test_whoever_saves_an_old_copy_is_told(world: World) -> None:
    partner = change_partner(
        partner_id=world.aurora.pk, facts={"tier": "x"}, expected_version=1, by=by(world), at=AT
    )
    with pytest.raises(ChangedMeanwhile) as refused:
        change_partner(
            partner_id=world.aurora.pk, facts={"tier": "y"}, expected_version=1, by=by(world), at=AT
        )
    assert (refused.value.current.tier, partner.version) == ("x", 2)


def test_a_fact_that_does_not_exist_is_a_programming_error(world: World) -> None:
    with pytest.raises(TypeError):
        change_partner(partner_id=world.aurora.pk, facts={"manager": 1}, by=by(world), at=AT)
    with pytest.raises(TypeError):
        change_contact(contact_id=world.vera.pk, facts={"role": "x"}, by=by(world), at=AT)


def test_items_of_a_kind_are_replaced_and_others_stay(world: World) -> None:
    for kind, names in (
        (ItemKind.PRODUCT, ["Ads", "Feed"]),
        (ItemKind.NEED, ["API"]),
        (ItemKind.PRODUCT, ["Ads", " "]),
    ):
        set_items(partner_id=world.aurora.pk, kind=kind, names=names, by=by(world), at=AT)
    assert sorted(world.aurora.items.values_list("kind", "name")) == [("need", "API"), ("product", "Ads")]
    assert titles("feed", world) == []
    assert titles("ads", world) == ["Aurora"]


def test_both_facts_are_kept_apart_each_with_who_stated_it_and_when(world: World) -> None:
    state_influence(contact_id=world.gleb.pk, influence=Influence.HIGH, by=by(world), at=AT)
    gleb = Contact.objects.get(pk=world.gleb.pk)
    assert (gleb.role, gleb.influence_set_by, gleb.influence_set_at) == ("influencer", world.anna, AT)
    assert (gleb.authority, gleb.authority_set_by, gleb.authority_set_at) == ("none", None, NOW)
    assert last_event().data == {
        "fact": "influence",
        "from": "low",
        "to": "high",
        "role_from": "end_user",
        "role": "influencer",
    }


def test_a_role_can_be_overruled_and_given_back_to_the_facts(world: World) -> None:
    overrule_role(contact_id=world.gleb.pk, role=ContactRole.DECISION_MAKER, by=by(world), at=AT)
    gleb = Contact.objects.get(pk=world.gleb.pk)
    assert (gleb.role, gleb.role_overruled_by, gleb.role_overruled_at) == ("decision_maker", world.anna, AT)
    state_influence(contact_id=world.gleb.pk, influence=Influence.HIGH, by=by(world), at=AT)
    assert Contact.objects.get(pk=world.gleb.pk).role == "decision_maker"
    overrule_role(contact_id=world.gleb.pk, role=None, by=by(world), at=AT)
    assert Contact.objects.get(pk=world.gleb.pk).role == "influencer"


def test_addresses_come_go_and_one_of_a_kind_is_primary(world: World) -> None:
    add_address(contact_id=world.vera.pk, kind=AddressKind.EMAIL, value="V@home.example", by=by(world), at=AT)
    first = Address.objects.get(contact=world.vera, is_primary=True)
    remove_address(contact_id=world.vera.pk, address_id=first.pk, by=by(world), at=AT)
    left = Address.objects.get(contact=world.vera)
    assert (left.normalised, left.is_primary) == ("v@home.example", True)
    assert titles("v@home.example", world) == ["Vera Orlova"]
    assert titles("vera@aurora.example", world) == []


def test_one_partner_has_an_address_once(world: World) -> None:
    with pytest.raises(ContactExists) as refused:
        add_address(
            contact_id=world.gleb.pk, kind=AddressKind.EMAIL, value="VERA@aurora.example", by=by(world), at=AT
        )
    assert refused.value.contact_id == world.vera.pk
    with pytest.raises(BadAddress):
        add_address(contact_id=world.gleb.pk, kind=AddressKind.PHONE, value="x", by=by(world), at=AT)


def test_a_new_contact_with_addresses_and_facts(world: World) -> None:
    contact = create_contact(
        partner_id=world.borealis.pk,
        facts={"name": "Ольга", "languages": ["ru"]},
        addresses=[(AddressKind.EMAIL, "olga@borealis.example"), (AddressKind.PHONE, "+7 700 123 45 67")],
        authority=Authority.SHARED,
        by=by(world),
        at=AT,
    )
    assert (contact.role, contact.authority_set_by_id) == ("decision_maker", world.anna.pk)
    assert titles("77001234567", world) == ["Ольга"]


def test_consent_remembers_since_when(world: World) -> None:
    record_consent(contact_id=world.vera.pk, consent=Consent.WITHDRAWN, by=by(world), at=AT)
    vera = Contact.objects.get(pk=world.vera.pk)
    assert (vera.consent, vera.consent_at) == ("withdrawn", AT)
    assert last_event().data["values"] == {"consent": ["unknown", "withdrawn"]}


def test_nothing_is_stated_about_who_was_erased(world: World) -> None:
    Contact.objects.filter(pk=world.vera.pk).update(erased_at=NOW)
    with pytest.raises(AlreadyErased):
        state_authority(contact_id=world.vera.pk, authority=Authority.NONE, by=by(world), at=AT)


def test_programs_have_names_and_addresses_of_their_own(world: World) -> None:
    program = create_program(name="Юг и Восток", by=by(world), at=AT)
    again = create_program(name="Юг и восток 2", slug="Юг и Восток", by=by(world), at=AT)
    assert (program.slug, again.slug) == ("yug-i-vostok", "yug-i-vostok-2")
    with pytest.raises(ProgramNameTaken):
        create_program(name="NORTH", by=by(world), at=AT)
    change_program(
        program_id=world.program.pk,
        name="North",
        currency="RUB",
        managers_see_own_only=False,
        by=by(world),
        at=AT,
    )
    assert last_event().data["fields"] == ["currency", "managers_see_own_only"]
