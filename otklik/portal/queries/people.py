"""Who a browser is, by the key it holds."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from otklik.partners.public import Contact
from otklik.portal.models import PortalAccount, PortalSession
from otklik.portal.rules.keys import digest


def session_of(key: str, *, at: datetime) -> PortalSession | None:
    """With account, contact, partner and program; None where it ended, or the person may not come in."""
    session = (
        PortalSession.objects.select_related("account__contact__partner__program")
        .filter(key_hash=digest(key), expires_at__gt=at)
        .first()
    )
    return session if session is not None and may_enter(session.account) else None


def may_enter(account: PortalAccount) -> bool:
    contact = account.contact
    return account.disabled_at is None and is_somebody(contact)


def is_somebody(contact: Contact) -> bool:
    """Works at a partner we still know."""
    return contact.is_active and contact.erased_at is None and contact.partner.erased_at is None


def language_of(account: PortalAccount) -> str:
    """The first that we speak: what the person chose, what the contact speaks, what the company does."""
    spoken = dict(settings.LANGUAGES)
    contact = account.contact
    wishes = [account.language, *map(str, contact.languages), contact.partner.language]
    for wish in wishes:
        for code in (wish, wish.partition("-")[0]):
            if code in spoken:
                return code
    return str(settings.LANGUAGE_CODE)


def zone_of(account: PortalAccount) -> str:
    return account.zone or account.contact.time_zone or account.contact.partner.time_zone or "UTC"
