"""Who a browser is, by the key it holds, and who may come in by an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from otklik.partners.public import AddressKind, BadAddress, Contact, normalise_address
from otklik.portal.models import PortalAccount, PortalSession, PortalSettings
from otklik.portal.rules.keys import digest

# One person works for few partners; an address that a whole company shares is nobody's.
MOST_PEOPLE = 12


def session_of(key: str, *, at: datetime) -> PortalSession | None:
    """With account, contact, partner and program; None where it ended, or the person may not come in."""
    session = (
        PortalSession.objects.select_related("account__contact__partner__program")
        .filter(key_hash=digest(key), expires_at__gt=at)
        .first()
    )
    return session if session is not None and may_enter(session.account) else None


def may_enter(account: PortalAccount) -> bool:
    return account.disabled_at is None and is_somebody(account.contact)


def is_somebody(contact: Contact) -> bool:
    """Works at a partner we still know."""
    return contact.is_active and contact.erased_at is None and contact.partner.erased_at is None


def may_come_in(contact: Contact) -> bool:
    """Is somebody, and not shut out; where only the invited come in, was invited. ``contact``: with its
    partner."""
    return bool(_let_in([contact]))


def people_by_address(address: str) -> list[Contact]:
    """Whoever has this e-mail address and may come in by it, with partner and program."""
    try:
        normalised = normalise_address(AddressKind.EMAIL, address)
    except BadAddress:
        return []
    found = Contact.objects.select_related("partner__program").filter(
        addresses__kind=AddressKind.EMAIL, addresses__normalised=normalised, is_active=True, erased_at=None
    )
    return _let_in(found.order_by("pk")[:MOST_PEOPLE])


def people_by_link(contact_ids: Iterable[int], address_hash: str) -> list[Contact]:
    """Those of them who may still come in, and still have the address that the link went to."""
    found = Contact.objects.select_related("partner__program").filter(pk__in=list(contact_ids)).order_by("pk")
    return [contact for contact in _let_in(found) if address_hash in _address_digests(contact)]


def accounts_by_address(address: str) -> list[PortalAccount]:
    """Accounts that may be entered, of the people who have this address."""
    ids = [contact.pk for contact in people_by_address(address)]
    rows = PortalAccount.objects.select_related("contact__partner__program").filter(contact_id__in=ids)
    return list(rows.order_by("pk"))


def contacts_come_uninvited() -> bool:
    kept = PortalSettings.objects.filter(pk=1).first()
    return kept is None or kept.contacts_come_uninvited


def language_of(account: PortalAccount) -> str:
    return language_for(account.contact, account.language)


def language_for(contact: Contact, chosen: str = "") -> str:
    """The first that we speak: what the person chose, what they speak, what the company does."""
    spoken = dict(settings.LANGUAGES)
    for wish in (chosen, *map(str, contact.languages), contact.partner.language):
        for code in (wish, wish.partition("-")[0]):
            if code in spoken:
                return code
    return str(settings.LANGUAGE_CODE)


def zone_of(account: PortalAccount) -> str:
    return account.zone or account.contact.time_zone or account.contact.partner.time_zone or "UTC"


def _let_in(contacts: Iterable[Contact]) -> list[Contact]:
    people = [contact for contact in contacts if is_somebody(contact)]
    rows = PortalAccount.objects.filter(contact_id__in=[contact.pk for contact in people])
    accounts = {row.contact_id: row for row in rows}
    uninvited = bool(people) and contacts_come_uninvited()
    return [contact for contact in people if _is_open(accounts.get(contact.pk), uninvited)]


def _is_open(account: PortalAccount | None, uninvited: bool) -> bool:
    """Staff may have said what somebody sees before anybody invited them: that alone opens nothing."""
    if account is None:
        return uninvited
    return account.disabled_at is None and (uninvited or account.was_let_in)


def _address_digests(contact: Contact) -> set[str]:
    rows = contact.addresses.filter(kind=AddressKind.EMAIL)
    return {digest(value) for value in rows.values_list("normalised", flat=True)}
