"""People a person puts into a wave that runs, or takes out of it. Both stay visible: signs of gaming begin
here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, ActorKind, Subject, record
from otklik.feedback.models import Invitation, Wave
from otklik.feedback.operations.inviting import NewInvitation, form_of, write_invitations
from otklik.feedback.operations.waves import NotRunning
from otklik.feedback.queries.asking import people_of
from otklik.feedback.queries.layout import moment_for, refusal_of
from otklik.feedback.rules.plans import Plan, read_plan
from otklik.feedback.rules.vocabulary import HandReason, InvitationState, Refusal, WaveMode, WaveState

_NOT_IN = (InvitationState.LEFT_OUT, InvitationState.WITHDRAWN)


class CannotAsk(Exception):
    """The person must not be asked; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class NotOfThisProgram(Exception):
    """The contact is not of the wave's program, or was erased, or their partner has left."""


class AlreadyAsked(Exception):
    """The person is in the wave already."""


class AlreadySent(Exception):
    """What was sent cannot be taken back."""


@transaction.atomic
def add_person(*, wave_id: int, contact_id: int, why: HandReason, by: Actor, at: datetime) -> Invitation:
    """Whoever a plan did not draw. Cooldown, objections and missing addresses hold for them as for all; an
    open ticket and a quota do not.

    Raises Wave.DoesNotExist, NotRunning, NotOfThisProgram, CannotAsk, AlreadyAsked.
    """
    wave = Wave.objects.select_for_update().get(pk=wave_id)
    if wave.state != WaveState.RUNNING or wave.version is None:
        raise NotRunning
    people = people_of(wave.program_id, Plan(), at=at, only=[contact_id])
    if not people:
        raise NotOfThisProgram(contact_id)
    (person,) = people
    theirs = Invitation.objects.filter(wave=wave, contact_id=contact_id).exclude(state__in=_NOT_IN)
    if wave.mode != WaveMode.WAVE:
        theirs = theirs.filter(state=InvitationState.PLANNED)
    if theirs.exists():
        raise AlreadyAsked
    plan = replace(read_plan(wave.plan), taken_out=())
    moment = moment_for(person, replace(plan, delay_hours=0), at, at=at)
    refusal = refusal_of(person, wave, plan, moment=moment, at=at)
    if refusal is not None and refusal is not Refusal.OPEN_TICKET:
        raise CannotAsk(refusal)
    key = f"h{contact_id}" if wave.mode == WaveMode.WAVE else f"h{contact_id}:{at.date().isoformat()}"
    new = NewInvitation(key, person, moment, None, by.id if by.kind is ActorKind.PERSON else None)
    if not write_invitations([new], wave=wave, form=form_of(wave.version, wave.survey.kind), at=at):
        raise AlreadyAsked
    # Whoever was left out is in now; one person is one row.
    Invitation.objects.filter(wave=wave, key=f"c{contact_id}", state=InvitationState.LEFT_OUT).delete()
    invitation = Invitation.objects.get(wave=wave, key=key)
    _told("invitation.added", invitation, wave, why, by=by, at=at)
    return invitation


@transaction.atomic
def remove_person(*, invitation_id: int, why: HandReason, by: Actor, at: datetime) -> Invitation:
    """Raises Invitation.DoesNotExist, AlreadySent."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if invitation.state != InvitationState.PLANNED:
        raise AlreadySent
    invitation.state, invitation.reason = InvitationState.WITHDRAWN, Refusal.BY_HAND
    invitation.save(update_fields=["state", "reason"])
    _told("invitation.removed", invitation, invitation.wave, why, by=by, at=at)
    return invitation


def _told(kind: str, invitation: Invitation, wave: Wave, why: HandReason, *, by: Actor, at: datetime) -> None:
    subjects = [
        Subject("invitation", invitation.pk),
        Subject("wave", wave.pk),
        Subject("survey", wave.survey_id),
        Subject("partner", invitation.partner_id),
        Subject("contact", invitation.contact_id),
    ]
    record(kind, by=by, at=at, subjects=subjects, data={"why": why.value})
