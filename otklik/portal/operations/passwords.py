"""Signing in by address and password."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.portal.models import PortalAccount, PortalSession
from otklik.portal.queries.people import accounts_by_address

# Each costs the time of a hash: people with more accounts under one address sign in by link.
MOST_TRIED = 3


def accounts_by_password(address: str, password: str) -> list[PortalAccount]:
    """Accounts that these open. As many hashes are made whether or not anybody has the address."""
    known = [one for one in accounts_by_address(address) if one.password][:MOST_TRIED]
    tried = [one.password for one in known] or [_nobodys_password()]
    opened = [check_password(password, encoded) for encoded in tried]
    return [account for account, fits in zip(known, opened, strict=False) if fits]


def set_password(
    *, account: PortalAccount, password: str, keep: PortalSession | None, by: Actor, at: datetime
) -> None:
    """Whoever is signed in elsewhere is out: a new password is chosen when the old one is known to others.
    The password was validated."""
    encoded = make_password(password)
    with transaction.atomic():
        PortalAccount.objects.filter(pk=account.pk).update(password=encoded)
        PortalSession.objects.filter(account=account).exclude(pk=keep.pk if keep else 0).delete()
        record(
            "account.password_changed",
            by=by,
            at=at,
            subjects=[Subject("contact", account.contact_id)],
        )


@cache
def _nobodys_password() -> str:
    return make_password("nobody")
