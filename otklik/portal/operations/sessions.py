"""Beginning and ending somebody's stay in the portal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.portal.models import PortalAccount, PortalSession
from otklik.portal.rules.keys import digest, new_key
from otklik.portal.rules.vocabulary import Way

LASTS = timedelta(days=30)
# Seen again within this time is not written down: a page is read far more often than a row is written.
SEEN_EVERY = timedelta(minutes=10)


def begin_session(*, account: PortalAccount, way: Way, device: str = "", at: datetime) -> str:
    """The key of a new session, which is told once."""
    key = new_key()
    with transaction.atomic():
        PortalSession.objects.filter(account=account, expires_at__lte=at).delete()
        PortalSession.objects.create(
            account=account,
            key_hash=digest(key),
            way=way,
            device=device[:80],
            created_at=at,
            expires_at=at + LASTS,
            last_seen_at=at,
        )
        PortalAccount.objects.filter(pk=account.pk).update(last_seen_at=at)
        record(
            "account.signed_in",
            by=Actor.contact(account.contact_id),
            at=at,
            subjects=[Subject("contact", account.contact_id)],
            data={"way": way.value},
        )
    return key


def note_seen(*, session: PortalSession, at: datetime) -> None:
    if at - session.last_seen_at < SEEN_EVERY:
        return
    with transaction.atomic():
        PortalSession.objects.filter(pk=session.pk).update(last_seen_at=at)
        PortalAccount.objects.filter(pk=session.account_id).update(last_seen_at=at)


def end_session(*, key: str) -> None:
    PortalSession.objects.filter(key_hash=digest(key)).delete()
