"""Before a mail leaves it is claimed, in a short transaction that looks once more at everything that forbids
it: weeks may lie between the plan and the send.

Claims stand in one queue: two invitations of one person, in two surveys, are two rows, and only whoever comes
second can see that the first one has left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.feedback.models import Invitation, Objection, Wave
from otklik.feedback.queries.asking import address_of, rules_of
from otklik.feedback.queries.occasions import outdated
from otklik.feedback.queries.sending import written_to
from otklik.feedback.rules.asking import History, may_ask
from otklik.feedback.rules.send_time import business_hours, send_at
from otklik.feedback.rules.vocabulary import InvitationState, ObjectionKind, Refusal, WaveState
from otklik.kit.chunks import in_chunks
from otklik.partners.public import AddressKind, Consent

# Longer than a batch takes to settle and an SMTP conversation lasts.
CLAIM = timedelta(minutes=10)
# A queue that moved slowly, or a mail server that was away: from then on the hour is looked at once more.
LATE = timedelta(hours=2)
# Between a reminder and any other mail of ours to this person.
APART = timedelta(hours=48)
# Any number that nobody else locks by.
_CLAIMING = 0x0FEE
_RELATED = ("wave", "version__survey", "contact", "program", "manager")


@dataclass(frozen=True, slots=True)
class Claimed:
    """``number``: 0 is the invitation, then its reminders. ``reminded_at``: what stood there before."""

    invitation: Invitation
    number: int
    reminded_at: datetime | None = None


@transaction.atomic
def claim_invitation(*, invitation_id: int, by: Actor, at: datetime) -> Claimed | None:
    """None where it is not to be sent, or not by us: then its row says why."""
    one_after_another()
    rows = Invitation.objects.filter(pk=invitation_id, state=InvitationState.PLANNED, send_at__lte=at)
    invitation = _locked(rows)
    if invitation is None or invitation.wave.state != WaveState.RUNNING or invitation.wave.is_over(at):
        return None
    if invitation.answered_at is not None or invitation.is_expired(at):
        reason = "answered" if invitation.answered_at is not None else "expired"
        _remove(invitation, InvitationState.WITHDRAWN, reason, by=by, at=at)
        return None
    refusal = _refusal(invitation, at)
    if refusal is not None:
        _remove(invitation, InvitationState.LEFT_OUT, refusal.value, by=by, at=at)
        return None
    hour = _hour_after(invitation, invitation.send_at, at)
    if hour is not None:
        invitation.send_at = hour
        invitation.save(update_fields=["send_at"])
        return None
    invitation.state, invitation.claimed_at = InvitationState.SENDING, at
    invitation.save(update_fields=["state", "claimed_at"])
    return Claimed(invitation, 0)


@transaction.atomic
def claim_reminder(*, invitation_id: int, at: datetime) -> Claimed | None:
    """Counted here, before it leaves: one that is lost on the way is not sent again."""
    one_after_another()
    rows = Invitation.objects.filter(pk=invitation_id, state=InvitationState.SENT, remind_at__lte=at)
    invitation = _locked(rows)
    if invitation is None or invitation.wave.state != WaveState.RUNNING:
        return None
    before = invitation.reminded_at
    invitation.remind_at, may = _may_remind(invitation, at)
    if may:
        invitation.reminders_sent += 1
        invitation.reminded_at = at
        invitation.remind_at = next_reminder(invitation, invitation.wave, at=at)
    invitation.save(update_fields=["remind_at", "reminders_sent", "reminded_at"])
    return Claimed(invitation, invitation.reminders_sent, before) if may else None


def next_reminder(invitation: Invitation, wave: Wave, *, at: datetime) -> datetime | None:
    """In business hours of the person; None where there is none left, or it would come after the closing."""
    if invitation.reminders_sent >= len(wave.reminders) or invitation.sent_at is None:
        return None
    days = timedelta(days=int(wave.reminders[invitation.reminders_sent]))
    # One that was late does not bring the next one along.
    earliest = at + APART if invitation.reminders_sent else at
    moment = open_moment(invitation, max(invitation.sent_at + days, earliest))
    ends = min(invitation.expires_at, wave.closes_at or invitation.expires_at)
    return moment if moment < ends else None


def open_moment(invitation: Invitation, at: datetime) -> datetime:
    hours = business_hours(invitation.time_zone, invitation.contact.preferred_hours, invitation.country)
    return send_at(hours, at, timedelta(0), now=at)


def _hour_after(invitation: Invitation, due: datetime | None, at: datetime) -> datetime | None:
    """The person's next business hour where a mail is late and this is none of them: what was due by day
    comes to nobody at night."""
    if due is None or at - due <= LATE:
        return None
    hour = open_moment(invitation, at)
    return hour if hour > at else None


def give_up_lost_claims(*, at: datetime) -> int:
    """Whoever claimed these died, or hangs: nobody knows whether the mail left, so nobody sends it again. It
    counts as asked. How many."""
    lost = Invitation.objects.filter(state=InvitationState.SENDING, claimed_at__lte=at - CLAIM)
    given_up = 0
    for ids in in_chunks(list(lost.order_by("pk").values_list("pk", flat=True)), 500):
        with transaction.atomic():
            for invitation in lost.select_for_update().filter(pk__in=ids):
                invitation.state, invitation.sent_at = InvitationState.UNCERTAIN, invitation.claimed_at
                invitation.save(update_fields=["state", "sent_at"])
                given_up += 1
    return given_up


def _may_remind(invitation: Invitation, at: datetime) -> tuple[datetime | None, bool]:
    """When to look again, and whether to remind now."""
    ends = min(invitation.expires_at, invitation.wave.closes_at or invitation.expires_at)
    if invitation.answered_at is not None or at >= ends:
        return None, False
    if invitation.reminders_sent >= len(invitation.wave.reminders):
        return None, False
    if _lasting(invitation, at) is not None or outdated(invitation) is not None:
        return None, False
    moments = written_to(invitation, since=at - APART).values_list("sent_at", "reminded_at", "claimed_at")
    latest = max((moment for row in moments for moment in row if moment is not None), default=None)
    if latest is None or latest <= at - APART:
        later = _hour_after(invitation, invitation.remind_at, at)
        if later is None:
            return None, True
    else:
        later = open_moment(invitation, latest + APART)
    return (later if later < ends else None), False


def refusal_by_hand(invitation: Invitation, at: datetime) -> Refusal | None:
    """Of one whose link is handed over: an address is of no matter."""
    return _lasting(invitation, at, by_mail=False) or outdated(invitation) or _cooldown(invitation, at)


def _refusal(invitation: Invitation, at: datetime) -> Refusal | None:
    return _lasting(invitation, at) or outdated(invitation) or _cooldown(invitation, at)


def _cooldown(invitation: Invitation, at: datetime) -> Refusal | None:
    rules = rules_of(invitation.program_id)
    since = at - timedelta(days=rules.cooldown_days)
    others = written_to(invitation, since=since).values_list("sent_at", "claimed_at")
    asked = [moment for sent, claimed in others if (moment := sent or claimed) is not None]
    return may_ask(History(asked=asked), rules, at)


def _lasting(invitation: Invitation, at: datetime, *, by_mail: bool = True) -> Refusal | None:
    contact = invitation.contact
    addresses = contact.addresses.filter(kind=AddressKind.EMAIL, normalised=invitation.address)
    bounced = list(addresses.values_list("bounced_at", flat=True))
    theirs = Q(contact_id=invitation.contact_id)
    if address := address_of(invitation):
        theirs |= Q(address=address)
    objections = Objection.objects.filter(theirs, program_id=invitation.program_id, lifted_at=None)
    kinds = set(objections.filter(Q(until=None) | Q(until__gt=at)).values_list("kind", flat=True))
    if ObjectionKind.COMPLAINED in kinds:
        return Refusal.QUARANTINE
    return may_ask(
        History(
            unsubscribed=ObjectionKind.UNSUBSCRIBED in kinds,
            bounced=any(moment is not None for moment in bounced),
            consent_refused=contact.consent == Consent.WITHDRAWN,
            # Taken from the person since, or never theirs.
            has_address=bool(bounced),
            is_active=contact.is_active and contact.erased_at is None,
        ),
        rules_of(invitation.program_id),
        at,
        by_mail=by_mail,
    )


def _remove(invitation: Invitation, state: InvitationState, reason: str, *, by: Actor, at: datetime) -> None:
    invitation.state, invitation.reason = state, reason
    invitation.save(update_fields=["state", "reason"])
    subjects = [
        Subject("invitation", invitation.pk),
        Subject("wave", invitation.wave_id),
        Subject("contact", invitation.contact_id),
    ]
    record_many([NewEvent("invitation.left_out", at, subjects, {"reason": reason})], by=by, at=at)


def _locked(rows: QuerySet[Invitation]) -> Invitation | None:
    return rows.select_for_update(of=("self",)).select_related(*_RELATED).first()


def one_after_another() -> None:
    """SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMING])
