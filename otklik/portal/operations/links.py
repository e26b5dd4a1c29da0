"""Signing in by a link that goes to one's own mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django_q.tasks import async_task

from otklik.jobs.public import queue_mail
from otklik.kit.mail import Message
from otklik.partners.public import AddressKind, BadAddress, Contact, normalise_address
from otklik.portal.models import SignInLink
from otklik.portal.operations.accounts import open_account
from otklik.portal.operations.sessions import begin_session
from otklik.portal.queries.people import people_by_address, people_by_link
from otklik.portal.rules.keys import digest, new_key
from otklik.portal.rules.vocabulary import Way

VALID = timedelta(minutes=15)
SEND = "otklik.portal.jobs.send_link"


class LinkGone(Exception):
    """It was used, ran out, or never was one."""


class NotYours(Exception):
    """The link does not open this account, or not any more."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that may be used: for whom, and whether it was asked for in this browser."""

    link: SignInLink
    people: list[Contact]
    is_same_browser: bool


def ask_link(*, address: str, nonce: str, wanted: str, language: str, at: datetime) -> None:
    """Does the same for an address we know and one we do not: who watches the clock learns nothing."""
    try:
        normalised = normalise_address(AddressKind.EMAIL, address)
    except BadAddress:
        normalised = ""
    with transaction.atomic():
        SignInLink.objects.filter(expires_at__lte=at).delete()
        link = SignInLink.objects.create(
            nonce_hash=digest(nonce),
            address_hash=digest(normalised),
            wanted=wanted,
            created_at=at,
            expires_at=at + VALID,
        )
        async_task(SEND, link.pk, normalised, language)


def send_link(*, link_id: int, address: str, language: str, at: datetime) -> None:
    """The job. Nothing happens where nobody has the address, or it was sent already."""
    link = SignInLink.objects.filter(pk=link_id, token_hash=None, expires_at__gt=at).first()
    people = people_by_address(address) if link is not None else []
    if link is None or not people:
        SignInLink.objects.filter(pk=link_id, token_hash=None).delete()
        return
    token = new_key()
    message = _mail(address, token, people, language)
    with transaction.atomic():
        first = SignInLink.objects.filter(pk=link.pk, token_hash=None)
        if first.update(token_hash=digest(token), contact_ids=[contact.pk for contact in people]):
            queue_mail(key=f"portal-link:{link.pk}:{link.nonce_hash[:12]}", message=message, at=at)


def opened_link(token: str, *, nonce: str, at: datetime) -> Opened:
    """Looking at it does not use it up: programs that check mails for harm open every link. Raises
    LinkGone."""
    link = _unused(token, at).first()
    if link is None:
        raise LinkGone
    people = people_by_link(link.contact_ids, link.address_hash)
    if not people:
        raise LinkGone
    return Opened(link, people, bool(nonce) and digest(nonce) == link.nonce_hash)


def use_link(*, token: str, contact_id: int, device: str, at: datetime) -> tuple[str, str]:
    """The key of the session, and where the person wanted to go. Raises LinkGone, NotYours."""
    with transaction.atomic():
        link = _unused(token, at).first()
        # Whoever sends the form twice: the second one finds it used.
        if link is None or not _unused(token, at).update(used_at=at):
            raise LinkGone
        people = {contact.pk: contact for contact in people_by_link(link.contact_ids, link.address_hash)}
        if contact_id not in people:
            raise NotYours
        account = open_account(contact=people[contact_id], at=at)
        return begin_session(account=account, way=Way.LINK, device=device, at=at), link.wanted


def _unused(token: str, at: datetime):  # type: ignore[no-untyped-def]
    return SignInLink.objects.filter(token_hash=digest(token), used_at=None, expires_at__gt=at)


def _mail(address: str, token: str, people: list[Contact], language: str) -> Message:
    with translation.override(language):
        context = {
            "program": people[0].partner.program.name,
            "link": f"{settings.OTKLIK.public_url}{reverse('portal-link', args=[token])}",
            "minutes": int(VALID / timedelta(minutes=1)),
        }
        return Message(
            to=address,
            subject=render_to_string("portal/mail/link_subject.txt", context).strip(),
            text=render_to_string("portal/mail/link.txt", context),
        )
