"""Accounts of contacts: who has one, what it shows, when it ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from otklik.events.public import Actor, Subject, record
from otklik.jobs.public import queue_mail
from otklik.kit.mail import Message
from otklik.partners.public import Contact, first_mail_addresses
from otklik.portal.models import PortalAccount, PortalSession
from otklik.portal.queries.people import is_somebody, language_of


class NotThere(Exception):
    """The contact left, or their data were erased: nobody is let in for them."""


class NoMailAddress(Exception):
    """The contact has no e-mail address, so no link can reach them."""


def open_account(*, contact: Contact, at: datetime) -> PortalAccount:
    """The contact's account, made where there is none; two at once make one."""
    found = PortalAccount.objects.select_related("contact__partner").filter(contact=contact).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return PortalAccount.objects.create(
                contact=contact, handle=secrets.token_urlsafe(32), created_at=at
            )
    except IntegrityError:
        return PortalAccount.objects.select_related("contact__partner").get(contact=contact)


def invite(*, contact: Contact, by: Actor, at: datetime) -> PortalAccount:
    """Open the door for somebody and tell them by mail. Somebody whose account was withdrawn gets it back.
    Raises NotThere, NoMailAddress."""
    if not is_somebody(contact):
        raise NotThere
    address = first_mail_addresses([contact.pk]).get(contact.pk)
    if address is None:
        raise NoMailAddress
    with transaction.atomic():
        account = open_account(contact=contact, at=at)
        account.enable()
        account.invited_at, account.invited_by_id = at, by.id
        account.save(update_fields=["disabled_at", "invited_at", "invited_by"])
        event_id = _tell("account.invited", account, by=by, at=at)
        if settings.OTKLIK.mail_url:
            queue_mail(
                key=f"portal-invitation:{event_id}",
                message=_invitation(account, contact, address),
                at=at,
            )
    return account


def withdraw(*, account: PortalAccount, by: Actor, at: datetime) -> None:
    """Nobody comes in by it any more, and whoever is in is out."""
    with transaction.atomic():
        account.disable(at)
        account.save(update_fields=["disabled_at"])
        PortalSession.objects.filter(account=account).delete()
        _tell("account.disabled", account, by=by, at=at)


def show_money(*, account: PortalAccount, sees_money: bool, by: Actor, at: datetime) -> None:
    if account.sees_money == sees_money:
        return
    with transaction.atomic():
        account.sees_money = sees_money
        account.save(update_fields=["sees_money"])
        _tell("account.changed", account, by=by, at=at, sees_money=sees_money)


def invite_many(*, contacts: Sequence[Contact], by: Actor, at: datetime) -> tuple[int, int]:
    """How many were invited, and how many could not be (they left, or have no address)."""
    invited = 0
    for contact in contacts:
        try:
            invite(contact=contact, by=by, at=at)
        except (NotThere, NoMailAddress):
            continue
        invited += 1
    return invited, len(contacts) - invited


def _invitation(account: PortalAccount, contact: Contact, address: str) -> Message:
    with translation.override(language_of(account)):
        context = {
            "name": contact.name,
            "partner": contact.partner.name,
            "program": contact.partner.program.name,
            "link": f"{settings.OTKLIK.public_url}{reverse('portal-sign-in')}",
        }
        return Message(
            to=address,
            subject=render_to_string("portal/mail/invitation_subject.txt", context).strip(),
            text=render_to_string("portal/mail/invitation.txt", context),
        )


def _tell(kind: str, account: PortalAccount, *, by: Actor, at: datetime, **data: object) -> int:
    subjects = [Subject("contact", account.contact_id)]
    return record(kind, by=by, at=at, subjects=subjects, data=data)
