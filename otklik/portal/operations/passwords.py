"""Signing in by address and password."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from otklik.events.public import Actor, Origin, Subject, record
from otklik.jobs.public import queue_mail
from otklik.kit.mail import Message
from otklik.partners.public import first_mail_addresses
from otklik.portal.models import PortalAccount, PortalSession
from otklik.portal.queries.people import accounts_by_address, language_of

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
    The person hears of it by mail. The password was validated."""
    encoded = make_password(password)
    with transaction.atomic():
        PortalAccount.objects.filter(pk=account.pk).update(password=encoded)
        PortalSession.objects.filter(account=account).exclude(pk=keep.pk if keep else 0).delete()
        event_id = record(
            "account.password_changed",
            by=by,
            at=at,
            subjects=[Subject("contact", account.contact_id)],
        )
        # Nobody of the demo gets a mail.
        tells = by.origin is Origin.LIVE and bool(settings.OTKLIK.mail_url)
        address = first_mail_addresses([account.contact_id]).get(account.contact_id) if tells else None
        if address:
            queue_mail(key=f"portal-password:{event_id}", message=_mail(account, address, at), at=at)


def _mail(account: PortalAccount, address: str, at: datetime) -> Message:
    """Times are in the zone of the page that it was set on."""
    with translation.override(language_of(account)):
        context = {
            "name": account.contact.name,
            "program": account.contact.partner.program.name,
            "moment": date_format(timezone.localtime(at), "DATETIME_FORMAT"),
            "zone": timezone.get_current_timezone_name(),
            "link": f"{settings.OTKLIK.public_url}{reverse('portal-sign-in')}",
        }
        return Message(
            to=address,
            subject=render_to_string("portal/mail/password_subject.txt", context).strip(),
            text=render_to_string("portal/mail/password.txt", context),
        )


@cache
def _nobodys_password() -> str:
    return make_password("nobody")
