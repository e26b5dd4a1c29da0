"""People a person puts into a wave that runs, or takes out of it. Both stay visible: signs of gaming begin
here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.events.public import Actor, ActorKind, Subject, record
from otklik.feedback.models import Invitation, Wave
from otklik.feedback.operations.claiming import one_after_another, refusal_by_hand
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


class LeavesTooLate(Exception):
    """The next hour of the person to write in comes after the closing."""


class AlreadySent(Exception):
    """What was sent cannot be taken back."""


@transaction.atomic
def add_person(*, wave_id: int, contact_id: int, why: HandReason, by: Actor, at: datetime) -> Invitation:
    """Whoever a plan did not draw. Cooldown and objections hold for them as for all; an open ticket and a
    quota do not. Who has no address that works gets no mail and waits for ``hand_over_link``.

    Raises Wave.DoesNotExist, NotRunning, NotOfThisProgram, CannotAsk, LeavesTooLate, AlreadyAsked.
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
    by_mail = bool(person.address) and not person.bounced
    refusal = refusal_of(person, wave, plan, moment=moment, at=at, by_mail=by_mail)
    if refusal is not None and refusal is not Refusal.OPEN_TICKET:
        raise CannotAsk(refusal)
    if by_mail and wave.is_over(moment):
        raise LeavesTooLate
    if not by_mail:
        person = person._replace(address="")
    key = _key(wave, contact_id, at)
    new = NewInvitation(key, person, moment, None, by.id if by.kind is ActorKind.PERSON else None)
    write_invitations([new], wave=wave, form=form_of(wave.version, wave.survey.kind), at=at)
    # Whoever was left out is in now; one person is one row.
    Invitation.objects.filter(wave=wave, key=f"c{contact_id}", state=InvitationState.LEFT_OUT).delete()
    invitation = Invitation.objects.get(wave=wave, key=key)
    _told("invitation.added", invitation, wave, why, by=by, at=at)
    return invitation


@transaction.atomic
def hand_over_link(*, invitation_id: int, by: Actor, at: datetime) -> Invitation:
    """Somebody gives the person the link in their own way: no mail leaves, nobody is reminded, and the person
    counts as asked. May be done again for one that was handed over before.

    Raises Invitation.DoesNotExist, NotRunning, AlreadySent, CannotAsk.
    """
    one_after_another()
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("wave", "contact")
    invitation = rows.get(pk=invitation_id)
    if invitation.wave.state != WaveState.RUNNING:
        raise NotRunning
    if invitation.state == InvitationState.PLANNED:
        refusal = refusal_by_hand(invitation, at)
        if refusal is not None:
            raise CannotAsk(refusal)
        invitation.state, invitation.sent_at, invitation.address = InvitationState.SENT, at, ""
        invitation.picked_by_id = invitation.picked_by_id or by.id
        invitation.save(update_fields=["state", "sent_at", "address", "picked_by"])
    elif invitation.state != InvitationState.SENT or invitation.address:
        raise AlreadySent
    _told("invitation.handed_over", invitation, invitation.wave, by=by, at=at)
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


def _key(wave: Wave, contact_id: int, at: datetime) -> str:
    """A number behind it where the person was put in and taken out before: those rows stay to be seen. The
    wave is locked. Raises AlreadyAsked."""
    key = f"h{contact_id}" if wave.mode == WaveMode.WAVE else f"h{contact_id}:{at.date().isoformat()}"
    before = Invitation.objects.filter(Q(key=key) | Q(key__startswith=f"{key}#"), wave=wave)
    states = list(before.values_list("state", flat=True))
    if set(states) - set(_NOT_IN):
        raise AlreadyAsked
    return f"{key}#{len(states) + 1}" if states else key


def _told(
    kind: str, invitation: Invitation, wave: Wave, why: HandReason | None = None, *, by: Actor, at: datetime
) -> None:
    subjects = [
        Subject("invitation", invitation.pk),
        Subject("wave", wave.pk),
        Subject("survey", wave.survey_id),
        Subject("partner", invitation.partner_id),
        Subject("contact", invitation.contact_id),
    ]
    record(kind, by=by, at=at, subjects=subjects, data={"why": why.value} if why else {})
