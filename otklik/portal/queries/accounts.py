"""What the staff see of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from otklik.partners.public import Contact, Partner, first_mail_addresses
from otklik.portal.models import PortalAccount, PortalSession
from otklik.portal.queries.people import contacts_come_uninvited, is_somebody
from otklik.portal.rules.vocabulary import AccountState

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class AccountLine:
    """``address``: empty where nobody can write to them. ``last_seen_at``: None: never there."""

    contact: Contact
    account: PortalAccount | None
    state: AccountState
    address: str
    last_seen_at: datetime | None

    @property
    def can_be_invited(self) -> bool:
        return bool(self.address) and self.state in (
            AccountState.NONE,
            AccountState.OPEN_TO,
            AccountState.WITHDRAWN,
        )

    @property
    def can_be_withdrawn(self) -> bool:
        return self.state not in (AccountState.WITHDRAWN, AccountState.LEFT)


def accounts_at(partner: Partner) -> list[AccountLine]:
    """Of everybody known there, by name."""
    people = Contact.objects.filter(partner=partner, erased_at=None).select_related("partner")
    return _lines(list(people.order_by("-is_active", "name_key", "pk")[:MOST_SHOWN]))


def account_line(contact: Contact) -> AccountLine:
    return _lines([contact])[0]


def last_sessions(account: PortalAccount | None, *, limit: int = 3) -> list[PortalSession]:
    if account is None:
        return []
    return list(PortalSession.objects.filter(account=account).order_by("-created_at", "-pk")[:limit])


def counts_at(partner: Partner) -> dict[str, Any]:
    """How many accounts, and when the last of them was there."""
    rows = PortalAccount.objects.filter(contact__partner=partner, disabled_at=None)
    return rows.aggregate(accounts=Count("pk"), last_seen_at=Max("last_seen_at"))


def _lines(people: Sequence[Contact]) -> list[AccountLine]:
    ids = [contact.pk for contact in people]
    accounts = {row.contact_id: row for row in PortalAccount.objects.filter(contact_id__in=ids)}
    addresses, uninvited = first_mail_addresses(ids), contacts_come_uninvited()
    return [
        AccountLine(
            contact,
            accounts.get(contact.pk),
            _state(contact, accounts.get(contact.pk), uninvited and contact.pk in addresses),
            addresses.get(contact.pk, ""),
            accounts[contact.pk].last_seen_at if contact.pk in accounts else None,
        )
        for contact in people
    ]


def _state(contact: Contact, account: PortalAccount | None, uninvited: bool) -> AccountState:
    if not is_somebody(contact):
        return AccountState.LEFT
    if account is not None and account.disabled_at is not None:
        return AccountState.WITHDRAWN
    if account is None or not account.was_let_in:
        return AccountState.OPEN_TO if uninvited else AccountState.NONE
    return AccountState.INVITED if account.last_seen_at is None else AccountState.USED
