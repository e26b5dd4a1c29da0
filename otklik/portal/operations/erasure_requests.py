"""Somebody asks to be forgotten. Nothing is erased by it: people look, erase or say why not, in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from otklik.desk.public import Channel, Side, create_ticket
from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Contact
from otklik.portal.models import ErasureRequest
from otklik.portal.queries.mine import open_erasure_request

# The longest that Regulation (EU) 2016/679, article 12(3) gives; Russian law (152-FZ, article 20) knows
# shorter ones for parts of it. Whoever answers sees the day.
ANSWER_WITHIN = timedelta(days=30)


def ask_to_be_erased(*, contact: Contact, at: datetime) -> ErasureRequest:
    """One open request a person: asked twice, it is the same."""
    if (known := open_erasure_request(contact.pk)) is not None:
        return known
    by = Actor.contact(contact.pk)
    try:
        with transaction.atomic():
            ticket = create_ticket(
                program_id=contact.partner.program_id,
                subject=_("Please erase what you keep about me"),
                channel=Channel.PORTAL,
                side=Side.PARTNER,
                text=_("I ask you to erase my personal data, or to tell me why that cannot be."),
                contact_id=contact.pk,
                is_private=True,
                by=by,
                at=at,
            )
            request = ErasureRequest.objects.create(
                contact=contact, ticket=ticket, asked_at=at, answer_by=(at + ANSWER_WITHIN).date()
            )
            _tell("erasure.asked", contact.pk, by, at)
    except IntegrityError:
        return ErasureRequest.objects.get(contact=contact, withdrawn_at=None, declined_at=None)
    return request


def take_back(*, contact_id: int, at: datetime) -> bool:
    """False where nothing was asked."""
    return _end("withdrawn_at", "erasure.taken_back", contact_id, Actor.contact(contact_id), at)


def decline_request(*, contact_id: int, by: Actor, at: datetime) -> bool:
    return _end("declined_at", "erasure.declined", contact_id, by, at)


def _end(field: str, kind: str, contact_id: int, by: Actor, at: datetime) -> bool:
    with transaction.atomic():
        rows = ErasureRequest.objects.filter(contact_id=contact_id, withdrawn_at=None, declined_at=None)
        if not rows.update(**{field: at}):
            return False
        _tell(kind, contact_id, by, at)
    return True


def _tell(kind: str, contact_id: int, by: Actor, at: datetime) -> None:
    record(kind, by=by, at=at, subjects=[Subject("contact", contact_id)])
