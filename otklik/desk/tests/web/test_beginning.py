"""The page where we begin a ticket ourselves: whom the words in it mean."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from otklik.desk.models import Ticket
from otklik.partners.models import Address, Contact, Partner
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def begun(world: World, **words: Any) -> Any:
    client = Client()
    client.force_login(words.pop("by", world.anna))
    body = {"kind": "asked", "program": world.program.pk, "subject": "Payout", "text": "Where is it?"}
    return client.post("/tickets/new/", {**body, "partner": "Aurora", **words})


def a_partner(world: World, name: str) -> Partner:
    return Partner.objects.create(program=world.program, name=name, created_at=NOW)


def test_a_partner_is_found_whatever_the_case_of_its_letters_and_spaces(world: World) -> None:
    """Russian letters too, which the databases do not fold."""
    alenka = a_partner(world, "АЛЁНКА  Трэвел")
    assert begun(world, partner=" аленка трэвел ").status_code == 302
    assert Ticket.objects.get().partner == alenka


def test_of_two_names_alike_the_very_one_is_meant(world: World) -> None:
    first, second = a_partner(world, "Vega"), a_partner(world, "VEGA")
    for name, meant in (("VEGA", second), ("Vega", first), ("vega", first)):
        begun(world, partner=name)
        assert Ticket.objects.latest("pk").partner == meant


def test_a_contact_is_meant_by_name_address_or_number(world: World) -> None:
    Address.objects.create(contact=world.gleb, kind="phone", value="+7 912", normalised="7912")
    for words, meant in (
        (world.vera.name.upper(), world.vera),
        ("Vera@Aurora.example", world.vera),
        ("7912", world.gleb),
    ):
        assert begun(world, contact=words).status_code == 302
        assert Ticket.objects.latest("pk").contact == meant


def test_who_is_called_by_their_address_is_found_by_it(world: World) -> None:
    nameless = Contact.objects.create(partner=world.aurora, name="new@aurora.example", created_at=NOW)
    begun(world, contact="new@aurora.example")
    assert Ticket.objects.get().contact == nameless


def test_others_partners_stay_unknown_on_the_page(world: World) -> None:
    world.program.managers_see_own_only = True
    world.program.save()
    assert begun(world, by=world.boris, partner=world.borealis.name).status_code == 422
    assert not Ticket.objects.exists()
