"""Whom a wave may ask: the people of a program as they are now, and what forbids asking each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from otklik.desk.public import Ticket
from otklik.feedback.models import AskingRules, Invitation, Objection
from otklik.feedback.rules.asking import History, Rules
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.vocabulary import InvitationState, ObjectionKind
from otklik.partners.public import AddressKind, Consent, Contact, PartnerStatus

_ASKED = (InvitationState.PLANNED, InvitationState.SENDING, InvitationState.UNCERTAIN)
_FEW = 500
_COLUMNS = (
    "pk",
    "partner_id",
    "role",
    "is_active",
    "consent",
    "languages",
    "time_zone",
    "preferred_hours",
    "partner__segment",
    "partner__tier",
    "partner__country",
    "partner__manager_id",
    "partner__language",
    "partner__time_zone",
)


class Person(NamedTuple):
    """A contact with the partner's values. `address`: levelled, the one to write to; empty for none."""

    contact_id: int
    partner_id: int
    role: str
    is_active: bool
    consent: str
    languages: list[str]
    own_zone: str
    preferred_hours: str
    segment: str
    tier: str
    country: str
    manager_id: int | None
    partner_language: str
    partner_zone: str
    address: str
    bounced: bool

    @property
    def zone(self) -> str:
        return self.own_zone or self.partner_zone


@dataclass(frozen=True, slots=True)
class Asked:
    """Moments people were or will be asked, by contact and by address: an address is the same person whoever
    has it."""

    by_contact: dict[int, list[datetime]]
    by_address: dict[str, list[datetime]]


def rules_of(program_id: int) -> Rules:
    row = AskingRules.objects.filter(program_id=program_id).first()
    if row is None:
        return Rules()
    return Rules(row.cooldown_days, row.quarantine_days, row.leaves_out_open_tickets)


def people_of(
    program_id: int, plan: Plan, *, at: datetime, only: Sequence[int] | None = None
) -> list[Person]:
    """The audience of a plan, by contact id. ``only``: these contacts of it, a few."""
    where = _audience(program_id, plan, at)
    if only is not None:
        where &= Q(pk__in=only)
    addresses = _addresses(where)
    rows = Contact.objects.filter(where).order_by("pk").values_list(*_COLUMNS)
    found = rows.iterator(chunk_size=5000)
    return [Person._make((*row, *addresses.get(row[0], ("", False)))) for row in found]


def _audience(program_id: int, plan: Plan, at: datetime) -> Q:
    where = Q(
        partner__program_id=program_id,
        erased_at=None,
        partner__erased_at=None,
        partner__status__in=(PartnerStatus.ACTIVE, PartnerStatus.PAUSED),
    )
    chosen: dict[str, Sequence[Any]] = {
        "role__in": plan.roles,
        "partner__tier__in": plan.tiers,
        "partner__segment__in": plan.segments,
        "partner__country__in": plan.countries,
        "partner__manager_id__in": plan.managers,
    }
    where &= Q(**{name: values for name, values in chosen.items() if values})
    if plan.renewal_days is not None:
        last = at.date() + timedelta(days=plan.renewal_days)
        where &= Q(partner__renewal_on__gte=at.date(), partner__renewal_on__lte=last)
    return where


def _addresses(where: Q) -> dict[int, tuple[str, bool]]:
    """Of each contact the address to write to and whether it bounced: one that works before one that does
    not, then the first one."""
    rows = (
        Contact.objects.filter(where, addresses__kind=AddressKind.EMAIL)
        .order_by()
        .values_list(
            "pk", "addresses__bounced_at", "addresses__is_primary", "addresses__pk", "addresses__normalised"
        )
    )
    best: dict[int, tuple[tuple[bool, bool, int], str]] = {}
    for contact, bounced_at, is_primary, pk, normalised in rows.iterator(chunk_size=5000):
        rank = (bounced_at is not None, not is_primary, pk)
        if contact not in best or rank < best[contact][0]:
            best[contact] = (rank, normalised)
    return {contact: (normalised, rank[0]) for contact, (rank, normalised) in best.items()}


def address_of(invitation: Invitation) -> str:
    """Levelled, the one the person stands under; a link that was handed over has none of its own."""
    if invitation.address:
        return invitation.address
    return _addresses(Q(pk=invitation.contact_id)).get(invitation.contact_id, ("", False))[0]


def having(addresses: Sequence[str]) -> dict[int, list[str]]:
    """Contacts, in whatever program, who have any of these (levelled): which of them."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    if addresses:
        rows = Contact.objects.filter(addresses__kind=AddressKind.EMAIL, addresses__normalised__in=addresses)
        for contact, address in rows.order_by().values_list("pk", "addresses__normalised"):
            found[contact].append(address)
    return found


def histories(
    people: Sequence[Person], program_id: int, *, rules: Rules, at: datetime, but_wave: int | None = None
) -> dict[int, History]:
    """By contact. ``but_wave``: invitations of this wave do not count."""
    asked = _asked(people, since=at - timedelta(days=rules.cooldown_days), but_wave=but_wave)
    unsubscribed, complained = _objections(people, program_id, at)
    open_tickets = _with_open_ticket(people, program_id) if rules.leaves_out_open_tickets else frozenset()
    return {
        one.contact_id: History(
            asked=[*asked.by_contact.get(one.contact_id, ()), *asked.by_address.get(one.address, ())],
            complained_at=max(_of(complained, one), default=None),
            unsubscribed=any(True for _ in _of(unsubscribed, one)),
            bounced=one.bounced,
            consent_refused=one.consent == Consent.WITHDRAWN,
            has_address=bool(one.address),
            is_active=one.is_active,
            has_open_ticket=one.contact_id in open_tickets,
        )
        for one in people
    }


def _asked(people: Sequence[Person], *, since: datetime, but_wave: int | None) -> Asked:
    moment = Coalesce("sent_at", "send_at")
    rows = Invitation.objects.filter(Q(sent_at__gt=since) | Q(state__in=_ASKED, send_at__gt=since))
    # A link that was handed over names no address: whoever has one of the contact's is asked all the same.
    if len(people) <= _FEW:
        contacts, addresses = _names(people)
        owners = having(addresses)
        twins = Q(address="", contact_id__in=list(owners))
        rows = rows.filter(Q(contact_id__in=contacts) | Q(address__in=addresses) | twins)
    else:
        owners = _mail_addresses(rows.filter(address=""))
    if but_wave is not None:
        rows = rows.exclude(wave_id=but_wave)
    by_contact: defaultdict[int, list[datetime]] = defaultdict(list)
    by_address: defaultdict[str, list[datetime]] = defaultdict(list)
    for contact, address, asked in rows.values_list("contact_id", "address", moment).iterator(
        chunk_size=5000
    ):
        by_contact[contact].append(asked)
        for one in [address] if address else owners.get(contact, ()):
            by_address[one].append(asked)
    return Asked(by_contact, by_address)


def _mail_addresses(rows: QuerySet[Invitation]) -> dict[int, list[str]]:
    """All of the contacts of these."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    contacts = Contact.objects.filter(pk__in=rows.values("contact_id"), addresses__kind=AddressKind.EMAIL)
    for contact, address in contacts.order_by().values_list("pk", "addresses__normalised"):
        found[contact].append(address)
    return found


_Objections = dict[int | str, datetime]


def _objections(people: Sequence[Person], program_id: int, at: datetime) -> tuple[_Objections, _Objections]:
    """Latest moment by contact and by address: unsubscribed, complained."""
    rows = Objection.objects.filter(Q(until=None) | Q(until__gt=at), program_id=program_id, lifted_at=None)
    if len(people) <= _FEW:
        contacts, addresses = _names(people)
        rows = rows.filter(Q(contact_id__in=contacts) | Q(address__in=addresses))
    found: dict[str, _Objections] = {kind.value: {} for kind in ObjectionKind}
    for kind, contact, address, moment in rows.values_list("kind", "contact_id", "address", "at"):
        names: list[int | str] = [name for name in (contact, address) if name]
        for name in names:
            found[kind][name] = max(moment, found[kind].get(name, moment))
    return found[ObjectionKind.UNSUBSCRIBED], found[ObjectionKind.COMPLAINED]


def _of(objections: _Objections, one: Person) -> Iterable[datetime]:
    return (objections[name] for name in (one.contact_id, one.address) if name in objections)


def _with_open_ticket(people: Sequence[Person], program_id: int) -> frozenset[int]:
    rows = Ticket.objects.filter(program_id=program_id, is_open=True, contact__isnull=False)
    if len(people) <= _FEW:
        rows = rows.filter(contact_id__in=[one.contact_id for one in people])
    return frozenset(pk for pk in rows.values_list("contact_id", flat=True) if pk is not None)


def _names(people: Sequence[Person]) -> tuple[list[int], list[str]]:
    return [one.contact_id for one in people], [one.address for one in people if one.address]
