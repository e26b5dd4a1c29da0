"""What a chunk of mails has to know before it is placed: a constant number of queries, however many mails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from otklik.desk.models import Attachment, EndCustomer, Mailbox, MailReference, Message, Participant, Ticket
from otklik.desk.rules.references import digest_of
from otklik.desk.rules.threading import Remembered, Sender, TicketFacts
from otklik.desk.rules.vocabulary import Side, TicketStatus
from otklik.identity.public import User
from otklik.partners.public import AddressKind, Contact


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody an address belongs to."""

    contact_id: int | None = None
    customer_id: int | None = None
    partner_id: int | None = None
    program_id: int | None = None
    language: str = ""
    user_id: int | None = None
    addresses: frozenset[str] = frozenset()


NOBODY = Person()


@dataclass(frozen=True, slots=True)
class Twin:
    """A stored message with the same Message-ID as a mail of the chunk."""

    message_pk: int
    ticket_id: int
    from_address: str
    subject: str
    text: str
    side: str
    created_at: datetime
    files: frozenset[str]
    """Hashes of what was attached."""


@dataclass(frozen=True, slots=True)
class Facts:
    own_addresses: frozenset[str]
    people: Mapping[str, Sequence[Person]]
    """By address in lower case; one may be known at several partners."""
    by_digest: Mapping[bytes, Sequence[Remembered]]
    tickets: Mapping[int, TicketFacts]
    programs: Mapping[int, int]
    """Of each ticket."""
    twins: Mapping[str, Sequence[Twin]]
    reopen_days: Mapping[int, int | None] = field(default_factory=dict)
    """Of each ticket whose policy says so."""

    def remembered(self, message_ids: Iterable[str]) -> dict[str, tuple[Remembered, ...]]:
        found = {i: tuple(self.by_digest.get(digest_of(i), ())) for i in message_ids if i.strip()}
        return {message_id: rows for message_id, rows in found.items() if rows}

    def person(self, address: str, *, program_id: int | None, partner_id: int | None = None) -> Person:
        """Of several with this address the one of ``partner_id``, then of the mailbox's program."""
        found = self.people.get(address.strip().lower(), ())
        ranked = sorted(
            found,
            key=lambda p: (
                p.partner_id != partner_id or partner_id is None,
                p.program_id != program_id,
                p.contact_id is None,
                -(p.contact_id or 0),
            ),
        )
        return ranked[0] if ranked else NOBODY


def gather_facts(
    *,
    addresses: Collection[str],
    message_ids: Collection[str],
    own_ids: Collection[str],
    ticket_ids: Collection[int],
) -> Facts:
    """``message_ids``: all that any of the mails names; ``own_ids``: those they have themselves;
    ``ticket_ids``: from tokens and numbers in subjects."""
    lowered = {address.strip().lower() for address in addresses if "@" in address}
    by_digest = references_to(message_ids)
    wanted = {r.ticket_id for rows in by_digest.values() for r in rows} | set(ticket_ids)
    tickets = _tickets(wanted)
    return Facts(
        own_addresses=own_addresses(),
        people=_people(lowered),
        by_digest=by_digest,
        tickets=_with_addresses(tickets),
        programs={row["pk"]: row["program_id"] for row in tickets.values()},
        twins=_twins(own_ids),
        reopen_days={row["pk"]: row["policy__close_after_days"] for row in tickets.values()},
    )


def own_addresses() -> frozenset[str]:
    return frozenset(address.lower() for address in Mailbox.objects.values_list("address", flat=True))


def references_to(message_ids: Collection[str]) -> dict[bytes, tuple[Remembered, ...]]:
    digests = {digest_of(message_id) for message_id in message_ids if message_id.strip()}
    found: dict[bytes, list[Remembered]] = defaultdict(list)
    rows = MailReference.objects.filter(digest__in=digests).order_by("pk")
    for digest, ticket_id, is_own in rows.values_list("digest", "ticket_id", "is_own"):
        found[bytes(digest)].append(Remembered(ticket_id, is_own))
    return {digest: tuple(rows) for digest, rows in found.items()}


_TICKET = ("pk", "program_id", "status", "partner_id", "merged_into_id", "solved_at", "closed_at")
_ASKER = ("requester_address", "contact_id", "customer_id", "is_private", "policy__close_after_days")


def _tickets(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """With the survivors of merged ones: merging points earlier merges at the survivor, so one step does."""
    found = {row["pk"]: row for row in Ticket.objects.filter(pk__in=ids).values(*_TICKET, *_ASKER)}
    missing = {row["merged_into_id"] for row in found.values()} - {None} - set(found)
    if missing:
        rows = Ticket.objects.filter(pk__in=missing).values(*_TICKET, *_ASKER)
        found.update({row["pk"]: row for row in rows})
    return found


def _with_addresses(tickets: Mapping[int, Mapping[str, Any]]) -> dict[int, TicketFacts]:
    partner_side: dict[int, set[str]] = defaultdict(set)
    customer_side: dict[int, set[str]] = defaultdict(set)
    rows = Participant.objects.filter(ticket_id__in=tickets).values_list("ticket_id", "side", "address")
    for ticket_id, side, address in rows:
        (customer_side if side == Side.CUSTOMER else partner_side)[ticket_id].add(address.lower())
    for ticket_id, row in tickets.items():
        if row["requester_address"]:
            side_of_asker = customer_side if row["customer_id"] and not row["contact_id"] else partner_side
            side_of_asker[ticket_id].add(row["requester_address"].lower())
    customers = {row["customer_id"] for row in tickets.values()} - {None}
    known = (
        dict(EndCustomer.objects.filter(pk__in=customers).values_list("pk", "address")) if customers else {}
    )
    for ticket_id, row in tickets.items():
        if at_customer := known.get(row["customer_id"]):
            customer_side[ticket_id].add(at_customer.lower())
    return {
        ticket_id: TicketFacts(
            id=ticket_id,
            status=TicketStatus(row["status"]),
            partner_id=row["partner_id"],
            partner_addresses=frozenset(partner_side[ticket_id]),
            customer_addresses=frozenset(customer_side[ticket_id]),
            merged_into=row["merged_into_id"],
            is_private=row["is_private"],
            ended_at=max(filter(None, (row["solved_at"], row["closed_at"])), default=None),
        )
        for ticket_id, row in tickets.items()
    }


def _people(addresses: Collection[str]) -> dict[str, tuple[Person, ...]]:
    found: dict[str, list[Person]] = defaultdict(list)
    staff = dict(User.objects.filter(email__in=addresses, is_active=True).values_list("email", "pk"))
    for email, user_id in staff.items():
        found[email.lower()].append(Person(user_id=user_id))
    contacts = Contact.objects.filter(
        pk__in=Contact.objects.filter(
            addresses__kind=AddressKind.EMAIL, addresses__normalised__in=addresses, erased_at=None
        ).values("pk"),
        addresses__kind=AddressKind.EMAIL,
    )
    columns = ("pk", "partner_id", "partner__program_id", "partner__language", "languages")
    rows = list(contacts.values_list(*columns, "addresses__normalised"))
    all_of: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        all_of[row[0]].add(row[-1])
    for pk, partner_id, program_id, partner_language, languages, address in rows:
        if address in addresses:
            found[address].append(
                Person(
                    contact_id=pk,
                    partner_id=partner_id,
                    program_id=program_id,
                    language=(languages[0] if languages else partner_language) or "",
                    addresses=frozenset(all_of[pk]),
                )
            )
    customers = EndCustomer.objects.filter(address__in=addresses, erased_at=None)
    for pk, partner_id, program_id, language, address in customers.values_list(
        "pk", "partner_id", "partner__program_id", "language", "address"
    ):
        found[address.lower()].append(
            Person(customer_id=pk, partner_id=partner_id, program_id=program_id, language=language)
        )
    return {address: tuple(people) for address, people in found.items()}


def _twins(message_ids: Collection[str]) -> dict[str, tuple[Twin, ...]]:
    rows = Message.objects.filter(message_id__in=[i[:255] for i in message_ids if i]).exclude(message_id="")
    columns = ("message_id", "pk", "ticket_id", "from_address", "subject", "text", "side", "created_at")
    known = list(rows.order_by("pk").values_list(*columns))
    if not known:
        return {}
    files: dict[int, set[str]] = defaultdict(set)
    attached = Attachment.objects.filter(message_id__in=[row[1] for row in known])
    for message_pk, sha256 in attached.values_list("message_id", "blob__sha256"):
        files[message_pk or 0].add(sha256)
    found: dict[str, list[Twin]] = defaultdict(list)
    for message_id, *values in known:
        values.append(frozenset(files[values[0]]))
        found[message_id].append(Twin(*values))
    return {message_id: tuple(twins) for message_id, twins in found.items()}


def sender_of(address: str, person: Person) -> Sender:
    return Sender(
        address=address.strip().lower(),
        partner_id=person.partner_id,
        known_addresses=person.addresses,
        is_staff=person.user_id is not None,
        is_customer=person.customer_id is not None,
    )
