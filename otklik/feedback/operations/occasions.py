"""Asking after something happened: a ticket was solved, or another system tells of a payout or a course."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from otklik.desk.public import Ticket
from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import Invitation, Wave
from otklik.feedback.operations.inviting import NewInvitation, form_of, write_invitations
from otklik.feedback.queries.asking import people_of
from otklik.feedback.queries.layout import moment_for, refusal_of
from otklik.feedback.queries.occasions import OWN, ticket_key
from otklik.feedback.rules.plans import TICKET_SOLVED, is_event, is_told_late, read_plan
from otklik.feedback.rules.vocabulary import InvitationState, Refusal, WaveMode, WaveState
from otklik.partners.public import Contact

LONGEST_KEY = 50


class OccasionRefused(ValueError):
    """The name is not of small letters, digits, dots, dashes and underscores, or is one the desk tells of
    itself; or the key is empty, too long, or begins as those of what happened here do."""


@transaction.atomic
def note_occasion(
    *, contact_id: int, name: str, key: str, happened_at: datetime, by: Actor, at: datetime
) -> int:
    """Something happened to a person, told by another system. ``key`` names it there: told twice, it asks
    once. How many surveys it set off: none where it is told of too late.

    Raises Contact.DoesNotExist, OccasionRefused."""
    if not is_event(name) or name == TICKET_SOLVED or not 0 < len(key) <= LONGEST_KEY:
        raise OccasionRefused(name)
    if key.startswith(OWN):
        raise OccasionRefused(key)
    contact = Contact.objects.select_related("partner").get(pk=contact_id, erased_at=None)
    subjects = [Subject("contact", contact.pk), Subject("partner", contact.partner_id)]
    record("occasion.noted", by=by, at=at, subjects=subjects, data={"name": name}, happened_at=happened_at)
    return ask_first(contact.partner.program_id, [contact.pk], name, key, happened_at, at)


@transaction.atomic
def ask_after_ticket(*, ticket_id: int, happened_at: datetime, at: datetime) -> int:
    """One that was solved; one that is solved a second time is asked about once. How many surveys."""
    ticket = Ticket.objects.filter(pk=ticket_id, contact__isnull=False).first()
    if ticket is None or ticket.contact_id is None:
        return 0
    # Nobody was asked about it while it was open again.
    Invitation.objects.filter(
        contact_id=ticket.contact_id,
        key=ticket_key(ticket.pk),
        state=InvitationState.LEFT_OUT,
        reason=Refusal.TICKET_REOPENED,
    ).delete()
    key = str(ticket.pk)
    return ask_first(ticket.program_id, [ticket.contact_id], TICKET_SOLVED, key, happened_at, at)


def ask_first(
    program_id: int, contact_ids: Sequence[int], event: str, key: str, happened_at: datetime, at: datetime
) -> int:
    """The first of these people who is of a survey's audience, by every survey that waits for the event. How
    many it set off."""
    waves = Wave.objects.filter(
        program_id=program_id, mode=WaveMode.EVENT, state=WaveState.RUNNING, plan__event=event
    )
    set_off = 0
    for wave in waves.select_related("survey", "version").order_by("pk"):
        plan = read_plan(wave.plan)
        audience = people_of(program_id, plan, at=at, only=contact_ids)
        for person in sorted(audience, key=lambda one: contact_ids.index(one.contact_id))[:1]:
            assert wave.version is not None, "a wave that runs has its version"
            late = is_told_late(plan, happened_at, at)
            moment = at if late else moment_for(person, plan, happened_at, at=at)
            refusal = Refusal.OLD_OCCASION if late else refusal_of(person, wave, plan, moment=moment, at=at)
            new = NewInvitation(f"{event}:{key}", person, moment, refusal)
            form = form_of(wave.version, wave.survey.kind)
            written = write_invitations([new], wave=wave, form=form, at=at)
            set_off += len(written) if refusal is None else 0
    return set_off
