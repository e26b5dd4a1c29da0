"""What comes back about survey mail, wherever it comes in: a mailbox of the desk, a provider's call."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.desk.public import MailOwner, Returned
from otklik.events.public import Actor, record_many
from otklik.feedback.mailing.addresses import is_same
from otklik.feedback.mailing.ids import invitation_named_by
from otklik.feedback.models import Invitation
from otklik.feedback.operations.objections import Objector, complain, unsubscribe
from otklik.feedback.operations.settling import told
from otklik.feedback.rules.mail_answers import is_dead_address
from otklik.feedback.rules.vocabulary import InvitationState
from otklik.partners.public import mark_bounced

_LEFT = (InvitationState.SENDING, InvitationState.SENT, InvitationState.UNCERTAIN)


def take_report(returned: Returned, by: Actor, at: datetime) -> bool:
    """False where it is about no mail of ours. A report that only tells of a delay changes nothing."""
    named = (invitation_named_by(one) for one in returned.message_ids)
    invitation_id = next((pk for pk in named if pk is not None), None)
    if invitation_id is None:
        return False
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None:
        return True
    if returned.is_complaint:
        complain(who=Objector.of(invitation), by=by, at=at)
        return True
    if returned.wants_out:
        unsubscribe(who=Objector.of(invitation), by=by, at=at)
        return True
    failed = [bounce for bounce in returned.bounces if bounce.action in ("failed", "")]
    if failed:
        # Only of whom it went to: behind an address that forwards another one may be dead.
        is_dead = any(
            bounce.is_permanent
            and is_same(bounce.recipient, invitation.address)
            and _is_dead(bounce.status, bounce.diagnostic)
            for bounce in failed
        )
        said = " ".join(filter(None, (failed[0].status, failed[0].diagnostic)))
        come_back(invitation_id=invitation.pk, said=said, is_dead=is_dead, by=by, at=at)
    return True


@transaction.atomic
def come_back(*, invitation_id: int, said: str, is_dead: bool, by: Actor, at: datetime) -> None:
    """A mail of this invitation was not delivered. One that was answered arrived, whatever a report says."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if invitation.answered_at is None and invitation.state in _LEFT:
        invitation.state, invitation.reason, invitation.remind_at = InvitationState.BOUNCED, said[:200], None
        invitation.save(update_fields=["state", "reason", "remind_at"])
        record_many([told("invitation.bounced", invitation, at)], by=by, at=at)
    if is_dead and invitation.address:
        mark_bounced(addresses=[invitation.address], by=by, at=at)


def _is_dead(status: str, diagnostic: str) -> bool:
    vague = status in ("", "5.0.0")
    said = diagnostic if vague else f"550 {status}"
    return is_dead_address(said if said[:3].isdigit() else f"550 {said}")


owner = MailOwner("feedback", take_report)
