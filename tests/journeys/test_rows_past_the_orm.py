"""What is read and written past the ORM, for speed, must not differ by that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import EndCustomer, Mailbox, Topic
from otklik.identity.models import Team, User
from otklik.kit.rows import rows_by_id
from otklik.partners.models import Address, Contact, Partner, Program
from otklik.partners.public import first_mail_addresses
from otklik.search.models import Document, IndexedText
from otklik.search.public import NewDocument, matching_ids, put
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_read_by_its_id_is_the_row_of_the_orm(world: World) -> None:
    Partner.objects.filter(pk=world.aurora.pk).update(revenue=Decimal("1234.50"), renewal_on=date(2026, 5, 1))
    Contact.objects.filter(pk=world.vera.pk).update(languages=["ru", "en"], erased_at=NOW, is_active=False)
    Topic.objects.create(key="payouts", names={"ru": "Выплаты"}, team=Team.objects.create(name="Money"))
    EndCustomer.objects.create(partner=world.aurora, name="Ivan", address="i@x.example", created_at=NOW)
    Mailbox.objects.create(address="help@x.example", password="s3cret", program=world.program, created_at=NOW)
    for model in (Program, Partner, Contact, Address, User, Topic, EndCustomer, Mailbox):
        there = {row.pk: values(row) for row in model.objects.all()}
        assert there
        found = rows_by_id(model, [*there, *there, 10**9])
        assert {pk: values(row) for pk, row in found.items()} == there
        assert not any(row._state.adding for row in found.values())
    assert rows_by_id(Partner, []) == {}


def test_a_row_that_was_read_so_can_be_changed_and_saved(world: World) -> None:
    vera = rows_by_id(Contact, [world.vera.pk])[world.vera.pk]
    vera.name = "Vera V."
    vera.save()
    assert (Contact.objects.get(pk=vera.pk).name, vera.partner) == ("Vera V.", world.aurora)


def test_the_address_to_write_to_is_the_main_one_or_else_the_first(world: World) -> None:
    for value in ("second@aurora.example", "third@aurora.example"):
        Address.objects.create(contact=world.vera, kind="email", value=value, normalised=value)
    Address.objects.create(contact=world.gleb, kind="phone", value="+7 912 345", normalised="7912345")
    first = {world.vera.pk: "vera@aurora.example", world.gleb.pk: "gleb@aurora.example"}
    assert first_mail_addresses([world.vera.pk, world.gleb.pk]) == first
    world.vera.addresses.update(is_primary=False)
    assert first_mail_addresses([world.vera.pk, world.gleb.pk]) == first
    world.vera.addresses.filter(value__startswith="third").update(is_primary=True)
    assert first_mail_addresses([world.vera.pk]) == {world.vera.pk: "third@aurora.example"}
    assert first_mail_addresses([]) == {}


def test_documents_keep_their_words_apart_whichever_were_there_before(world: World) -> None:
    """The database may give back old and new ones in any order."""

    def document(number: int, word: str) -> NewDocument:
        return NewDocument(
            kind="thing", object_id=number, title=f"{word} {number}", texts=[], program_id=None, note=""
        )

    put([document(number, "amber") for number in (3, 7)], at=NOW)
    with CaptureQueriesContext(connection) as few:
        put([document(number, "birch") for number in range(9, 0, -1)], at=NOW)
    for number in range(1, 10):
        assert Document.objects.get(kind="thing", object_id=number).title == f"birch {number}"
        assert list(matching_ids(f"birch {number}", "thing") or []) == [number]
    assert Document.objects.filter(kind="thing").count() == 9 == IndexedText.objects.count() - others()
    assert not list(matching_ids("amber", "thing") or [])
    with CaptureQueriesContext(connection) as many:
        put([document(number, "cedar") for number in range(200)], at=NOW)
    assert len(few) == len(many)


def others() -> int:
    return Document.objects.exclude(kind="thing").count()
