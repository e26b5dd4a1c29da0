"""Rows of tickets and messages, a statement for each table however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import models

from otklik.desk.models import Attachment, EndCustomer, Mailbox, MailReference, Participant
from otklik.desk.operations.shapes import NewFile
from otklik.desk.rules.auto_reply import outside_addresses
from otklik.desk.rules.mail.parsed import MailPerson
from otklik.desk.rules.references import digest_of
from otklik.desk.rules.vocabulary import Side
from otklik.identity.public import User
from otklik.kit.bulk import insert_for_ids, insert_rows, update_rows
from otklik.partners.public import Contact

# A mail to more people than this makes no more participants: a list of customers in Cc is not a conversation.
MOST_PARTICIPANTS = 40
# A long thread names every mail before it; the newest say where it belongs.
_MOST_REFERENCES = 50
_REFERENCE = ("ticket_id", "digest", "is_own")
_SPACES = str.maketrans("\r\n\t", "   ", "\0")


def insert(objects: Sequence[models.Model]) -> None:
    """Objects of one model, whose ids are set."""
    if not objects:
        return
    model = type(objects[0])
    columns = _columns(model)
    rows = list(map(attrgetter(*columns), objects))
    for one, key in zip(objects, insert_for_ids(model, columns, rows), strict=True):
        one.pk, one._state.adding = key, False


@lru_cache(maxsize=16)
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if not field.primary_key)


def update(objects: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write these fields of objects of one model."""
    if objects:
        named = {field.name: field.attname for field in type(objects[0])._meta.concrete_fields}
        columns = [named[field] for field in fields]
        update_rows(type(objects[0]), columns, list(map(attrgetter(*columns, "pk"), objects)))


def clean_text(text: str) -> str:
    """What either database stores: PostgreSQL refuses NUL, and neither takes half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def clean_line(text: str, width: int) -> str:
    return " ".join(clean_text(text).translate(_SPACES).split())[:width]


def people_as_json(people: Iterable[MailPerson]) -> list[dict[str, str]]:
    return [{"name": clean_line(p.name, 200), "address": clean_line(p.address, 254)} for p in people]


def attach(files: Iterable[tuple[int, Sequence[NewFile]]]) -> None:
    """Files to messages, by the message's id."""
    columns = ("message_id", "blob_id", "filename", "content_type", "content_id", "is_inline")
    insert_rows(
        Attachment,
        columns,
        [
            (
                message_id,
                file.blob_id,
                clean_line(file.filename, 255),
                clean_line(file.content_type, 120),
                clean_line(file.content_id, 255),
                file.is_inline,
            )
            for message_id, attached in files
            for file in attached
        ],
    )


def remember_references(mails: Iterable[tuple[int, str, Sequence[str]]], *, are_new: bool = False) -> None:
    """(ticket, own message id or "", ids it refers to): what later mails find the ticket by. ``are_new``: the
    tickets were made in this transaction, so that nothing is remembered of them yet."""
    own: dict[tuple[int, bytes], MailReference] = {}
    mentioned: dict[tuple[int, bytes], MailReference] = {}
    for ticket_id, message_id, references in mails:
        if message_id:
            digest = digest_of(message_id)
            own[ticket_id, digest] = MailReference(ticket_id=ticket_id, digest=digest, is_own=True)
        for reference in references[-_MOST_REFERENCES:]:
            digest = digest_of(reference)
            mentioned[ticket_id, digest] = MailReference(ticket_id=ticket_id, digest=digest)
    if are_new:
        rows = (mentioned | own).values()
        insert_rows(MailReference, _REFERENCE, [(row.ticket_id, row.digest, row.is_own) for row in rows])
        return
    if own:
        # An id that was only mentioned so far becomes the ticket's own.
        MailReference.objects.bulk_create(
            own.values(), update_conflicts=True, unique_fields=["digest", "ticket"], update_fields=["is_own"]
        )
    if rest := [row for key, row in mentioned.items() if key not in own]:
        MailReference.objects.bulk_create(rest, ignore_conflicts=True)


class Newcomers:
    """Outside people who write in tickets or are copied in, gathered over a chunk."""

    def __init__(self, *, at: datetime, are_new: bool = False) -> None:
        """``are_new``: all tickets were made in this transaction."""
        self._at, self._are_new = at, are_new
        self._rows: dict[tuple[int, str], Participant] = {}
        self._partners: dict[int, int | None] = {}
        self._copied: list[tuple[int, Side, Sequence[MailPerson]]] = []

    def wrote(
        self,
        ticket_id: int,
        side: Side,
        *,
        name: str,
        address: str,
        contact_id: int | None,
        customer_id: int | None,
    ) -> None:
        key = clean_line(address, 254).lower()
        if key and side in (Side.PARTNER, Side.CUSTOMER):
            self._rows[ticket_id, key] = Participant(
                ticket_id=ticket_id,
                side=side,
                contact_id=contact_id,
                customer_id=customer_id,
                name=clean_line(name, 200),
                address=key,
                since=self._at,
            )

    def copied(
        self, ticket_id: int, partner_id: int | None, side: Side, people: Sequence[MailPerson]
    ) -> None:
        """They stand on the side of the one who copied them in."""
        if people and side in (Side.PARTNER, Side.CUSTOMER):
            self._partners[ticket_id] = partner_id
            self._copied.append((ticket_id, side, people))

    def store(self) -> None:
        if self._copied:
            self._add_copied()
        if self._are_new:
            insert(list(self._rows.values()))
        elif self._rows:
            Participant.objects.bulk_create(self._rows.values(), ignore_conflicts=True)

    def _add_copied(self) -> None:
        named = {clean_line(p.address, 254).lower(): p for _, _, people in self._copied for p in people}
        # Our own mailboxes would be written to by ourselves, and colleagues are told as colleagues.
        own = set(Mailbox.objects.values_list("address", flat=True))
        own |= set(User.objects.filter(email__in=named).values_list("email", flat=True))
        contacts, customers = self._contacts(named), self._customers(named)
        for ticket_id, side, people in self._copied:
            addresses = outside_addresses((clean_line(p.address, 254) for p in people), own)
            for address in addresses[:MOST_PARTICIPANTS]:
                key = (self._partners[ticket_id], address)
                # A partner who copies a client in shows them this one mail, not what comes after it.
                stands = Side.CUSTOMER if key in customers else side
                self._rows.setdefault(
                    (ticket_id, address),
                    Participant(
                        ticket_id=ticket_id,
                        side=stands,
                        contact_id=contacts.get(key) if stands is Side.PARTNER else None,
                        customer_id=customers.get(key),
                        name=clean_line(named[address].name, 200),
                        address=address,
                        since=self._at,
                    ),
                )

    def _contacts(self, named: Mapping[str, Any]) -> dict[tuple[int | None, str], int]:
        partners = {p for p in self._partners.values() if p is not None}
        if not partners:
            return {}
        found = Contact.objects.filter(
            partner_id__in=partners, addresses__kind="email", addresses__normalised__in=list(named)
        ).order_by("-pk")
        return {
            (partner, address): pk
            for pk, partner, address in found.values_list("pk", "partner_id", "addresses__normalised")
        }

    def _customers(self, named: Mapping[str, Any]) -> dict[tuple[int | None, str], int]:
        partners = {p for p in self._partners.values() if p is not None}
        if not partners:
            return {}
        found = EndCustomer.objects.filter(partner_id__in=partners, address__in=list(named), erased_at=None)
        return {
            (partner, address): pk
            for pk, partner, address in found.values_list("pk", "partner_id", "address")
        }
