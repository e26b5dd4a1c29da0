"""What became of mails that were handed over, written some at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.feedback.models import Invitation, Wave
from otklik.feedback.operations.claiming import Claimed, next_reminder, open_moment
from otklik.feedback.rules.vocabulary import InvitationState, WaveState
from otklik.partners.public import mark_bounced

_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=6)
# Two days or so, as mail servers do themselves.
MOST_ATTEMPTS = 12
# A worker that was slow, not dead, settles what was given up already: it knows better.
_CLAIMED = (InvitationState.SENDING, InvitationState.UNCERTAIN)


class End(StrEnum):
    TAKEN = "taken"
    DEAD = "dead"
    """The address takes nothing any more."""
    REFUSED = "refused"
    LATER = "later"
    CLOSED = "closed"
    """Nobody could be written to; it was not about this one."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Settled:
    claim: Claimed
    end: End
    said: str = ""


@transaction.atomic
def settle(waiting: Sequence[Settled], *, by: Actor, at: datetime) -> None:
    events: list[NewEvent] = []
    first = [one for one in waiting if one.claim.number == 0]
    running = _running([one for one in first if one.end in (End.CLOSED, End.LATER)])
    _sent([one.claim for one in first if one.end is End.TAKEN], events, at)
    for one in first:
        if one.end is not End.TAKEN:
            _not_sent(one, events, at, may_wait=one.claim.invitation.wave_id in running)
    for one in waiting:
        if one.claim.number > 0:
            _reminded(one, events, at)
    record_many(events, by=by, at=at)
    dead = {one.claim.invitation.address for one in waiting if one.end is End.DEAD}
    if dead:
        mark_bounced(addresses=dead, by=by, at=at)


def told(kind: str, invitation: Invitation, at: datetime, **data: object) -> NewEvent:
    subjects = [
        Subject("invitation", invitation.pk),
        Subject("wave", invitation.wave_id),
        Subject("contact", invitation.contact_id),
        Subject("partner", invitation.partner_id),
    ]
    return NewEvent(kind, at, subjects, data)


def _sent(claims: Sequence[Claimed], events: list[NewEvent], at: datetime) -> None:
    """Sent when it was claimed: a moment later it was on its way."""
    if not claims:
        return
    rows = Invitation.objects.filter(pk__in=[claim.invitation.pk for claim in claims], state__in=_CLAIMED)
    rows.update(state=InvitationState.SENT, sent_at=F("claimed_at"), reason="")
    for claim in claims:
        invitation = claim.invitation
        invitation.sent_at = invitation.claimed_at
        events.append(told("invitation.sent", invitation, invitation.sent_at or at))
        moment = next_reminder(invitation, invitation.wave, at=at)
        if moment is not None:
            waits = Invitation.objects.filter(pk=invitation.pk, state=InvitationState.SENT, answered_at=None)
            waits.update(remind_at=moment)


def _running(waiting: Sequence[Settled]) -> frozenset[int]:
    """Waves where what was not taken waits on. Locked, for the job behind a closing looks once alone: what
    came back behind it would wait for ever, and keep others from asking the person."""
    if not waiting:
        return frozenset()
    rows = Wave.objects.select_for_update(no_key=True).filter(
        pk__in={one.claim.invitation.wave_id for one in waiting}, state=WaveState.RUNNING
    )
    return frozenset(rows.order_by("pk").values_list("pk", flat=True))


def _not_sent(one: Settled, events: list[NewEvent], at: datetime, *, may_wait: bool) -> None:
    invitation = one.claim.invitation
    rows = Invitation.objects.filter(pk=invitation.pk, state__in=_CLAIMED)
    reason = one.said[:200]
    match one.end:
        case End.CLOSED | End.LATER if not may_wait:
            rows.update(state=InvitationState.WITHDRAWN, claimed_at=None, sent_at=None, reason=reason)
        case End.CLOSED:
            rows.update(state=InvitationState.PLANNED, claimed_at=None, sent_at=None)
        case End.LATER if invitation.attempts + 1 < MOST_ATTEMPTS:
            rows.update(
                state=InvitationState.PLANNED,
                claimed_at=None,
                sent_at=None,
                reason=reason,
                attempts=F("attempts") + 1,
                send_at=open_moment(invitation, at + _wait(invitation.attempts)),
            )
        case End.DEAD:
            rows.update(state=InvitationState.BOUNCED, sent_at=None, reason=reason)
            events.append(told("invitation.bounced", invitation, at))
        case End.UNKNOWN:
            rows.update(state=InvitationState.UNCERTAIN, sent_at=F("claimed_at"), reason=reason)
        case _:
            rows.update(state=InvitationState.FAILED, sent_at=None, reason=reason)


def _reminded(one: Settled, events: list[NewEvent], at: datetime) -> None:
    invitation = one.claim.invitation
    rows = Invitation.objects.filter(pk=invitation.pk)
    given_back = {"reminders_sent": one.claim.number - 1, "reminded_at": one.claim.reminded_at}
    match one.end:
        case End.TAKEN | End.UNKNOWN:
            events.append(told("invitation.reminded", invitation, at, number=one.claim.number))
        case End.CLOSED:
            rows.update(remind_at=at, **given_back)
        case End.LATER if invitation.attempts + 1 < MOST_ATTEMPTS:
            moment = open_moment(invitation, at + _wait(invitation.attempts))
            rows.update(remind_at=moment, attempts=F("attempts") + 1, **given_back)
        case End.DEAD:
            rows.update(remind_at=None, **given_back)
            # Who has answered meanwhile was reached, whatever becomes of a mail.
            back = rows.filter(state=InvitationState.SENT, answered_at=None)
            if back.update(state=InvitationState.BOUNCED, reason=one.said[:200]):
                events.append(told("invitation.bounced", invitation, at))
        case _:
            rows.update(remind_at=None, **given_back)


def _wait(attempts: int) -> timedelta:
    return min(_FIRST_WAIT * (1 << min(attempts, 10)), _LONGEST_WAIT)
