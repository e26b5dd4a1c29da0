"""What somebody sets about themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.portal.models import PortalAccount, PortalSession


def change_profile(*, account: PortalAccount, language: str, zone: str, at: datetime) -> None:
    changed = {
        name: value
        for name, value in (("language", language), ("zone", zone))
        if getattr(account, name) != value
    }
    if not changed:
        return
    with transaction.atomic():
        PortalAccount.objects.filter(pk=account.pk).update(**changed)
        record(
            "account.changed",
            by=Actor.contact(account.contact_id),
            at=at,
            subjects=[Subject("contact", account.contact_id)],
            data=changed,
        )


def end_other_sessions(*, keep: PortalSession) -> int:
    """How many there were."""
    others = PortalSession.objects.filter(account_id=keep.account_id).exclude(pk=keep.pk)
    return others.delete()[0]
