"""Who signs in in the tests of the portal."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from otklik.kit.clock import now
from otklik.partners.models import Contact
from otklik.portal.models import PortalAccount, PortalSession
from otklik.portal.operations.sessions import LASTS
from otklik.portal.rules.keys import digest, new_key
from otklik.portal.rules.vocabulary import Way
from otklik.portal.web.guard import COOKIE, SALT


def account_of(contact: Contact, *, sees_money: bool = False) -> PortalAccount:
    """The contact's account, made where there is none; it sees money afterwards as said."""
    values = {"sees_money": sees_money}
    account, _ = PortalAccount.objects.update_or_create(
        contact=contact,
        defaults=values,
        create_defaults={**values, "created_at": now(), "handle": f"test-{contact.pk}"},
    )
    return account


def sign_in(client: Client, contact: Contact, *, sees_money: bool = False) -> PortalAccount:
    """The client holds a session of this contact's account from now on."""
    account, key, at = account_of(contact, sees_money=sees_money), new_key(), now()
    PortalSession.objects.create(
        account=account, key_hash=digest(key), way=Way.LINK, created_at=at, expires_at=at + LASTS,
        last_seen_at=at,
    )  # fmt: skip
    signed = HttpResponse()
    signed.set_signed_cookie(COOKIE, key, salt=SALT)
    client.cookies[COOKIE] = signed.cookies[COOKIE].value
    return account
