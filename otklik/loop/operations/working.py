"""What is done about an alert until it closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from otklik.dialogue.public import Commitment, PromiseTerms, Side, propose_commitment
from otklik.events.public import Actor, NewEvent, Subject, record, record_many
from otklik.feedback.public import spare_reminders
from otklik.loop.models import Alert, FollowUp, LoopPromise
from otklik.loop.operations.actors import own_key, user_of
from otklik.loop.operations.locking import kept, locked, subjects_of, tell, work_on
from otklik.loop.rules.deadlines import LONGEST_SNOOZE
from otklik.loop.rules.vocabulary import Flow, Way
from otklik.partners.public import Contact

LONGEST_REASON = 300
LONGEST_WISH = 1000


class ReasonMissing(Exception):
    """Put off without a word why."""


class SnoozeRefused(Exception):
    """Until a moment that is over, or that is too far away to be a snooze."""


class NotYet(Exception):
    """A follow-up, or a word to the partner, that lies in the future, or before what it follows up."""


class NotTheirPerson(Exception):
    """The person belongs to another partner, or was erased."""


class NoPartner(Exception):
    """The alert belongs to nobody we know: give the mention its partner first."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """``contact_id``: with whom, the alert's own person where None; ``happened_at``: when; ``nine``: of a
    passive, what would make it a nine."""

    way: Way
    happened_at: datetime
    text: str = ""
    contact_id: int | None = None
    ticket_id: int | None = None
    nine: str = ""


@transaction.atomic
def snooze_alert(
    *,
    alert_id: int,
    until: datetime,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Alert:
    """Nobody is reminded until then; the deadline stays where it is. Raises ReasonMissing, SnoozeRefused,
    AlertClosed, AlertChanged, Alert.DoesNotExist."""
    if not reason.strip():
        raise ReasonMissing
    if not at < until <= at + LONGEST_SNOOZE:
        raise SnoozeRefused(until)
    alert = locked(alert_id, expected_version)
    alert.sleep(until, reason.strip()[:LONGEST_REASON])
    kept(alert)
    tell("alert.snoozed", alert, {"until": until.isoformat()}, by=by, at=at)
    return alert


@transaction.atomic
def wake_alert(*, alert_id: int, by: Actor, at: datetime) -> Alert:
    """Raises AlertClosed, Alert.DoesNotExist."""
    alert = locked(alert_id)
    if alert.snoozed_until is None:
        return alert
    alert.sleep(None, "")
    kept(alert)
    tell("alert.woken", alert, {}, by=by, at=at)
    return alert


@transaction.atomic
def note_follow_up(*, alert_id: int, spoken: Spoken, key: str = "", by: Actor, at: datetime) -> FollowUp:
    """The same ``key`` of one alert twice is one. Whoever was silent and was spoken to gets no reminder in
    its place. Raises NotYet, NotTheirPerson, AlertClosed, Alert.DoesNotExist."""
    alert = locked(alert_id)
    made_by = own_key(by, f"{alert_id}:{key}" if key else "")
    if made_by is not None and (known := FollowUp.objects.filter(key=made_by).first()):
        return known
    if spoken.happened_at > at or spoken.happened_at < alert.opened_at:
        raise NotYet(spoken.happened_at)
    follow_up = FollowUp.objects.create(
        alert=alert,
        contact_id=_theirs(alert, spoken.contact_id),
        way=spoken.way,
        at=spoken.happened_at,
        by_id=user_of(by),
        text=spoken.text.strip(),
        nine=spoken.nine.strip()[:LONGEST_WISH],
        ticket_id=spoken.ticket_id,
        created_at=at,
        key=made_by,
    )
    alert.note_contact(spoken.happened_at)
    alert.follow(work_on(alert))
    kept(alert)
    if alert.flow == Flow.SILENT and follow_up.contact_id is not None:
        spare_reminders(contact_id=follow_up.contact_id, program_id=alert.program_id, by=by, at=at)
    subjects = [Subject("follow_up", follow_up.pk), *subjects_of(alert)]
    data = {"flow": str(alert.flow), "way": spoken.way.value}
    record("follow_up.noted", by=by, at=at, subjects=subjects, data=data)
    return follow_up


@transaction.atomic
def promise_action(
    *, alert_id: int, text: str, due_on: date, on: date, key: str = "", by: Actor, at: datetime
) -> Commitment:
    """A commitment of ours, which the partner sees as well. Raises NoPartner, dialogue's DayOver,
    AlertClosed, Alert.DoesNotExist."""
    alert = locked(alert_id)
    if alert.partner_id is None:
        raise NoPartner(alert_id)
    terms = PromiseTerms(Side.OURS, text, due_on, owner_id=alert.owner_id, contact_id=alert.contact_id)
    made_by = f"alert:{alert_id}:{key}" if key else ""
    promise = propose_commitment(partner_id=alert.partner_id, terms=terms, on=on, key=made_by, by=by, at=at)
    _, is_new = LoopPromise.objects.get_or_create(commitment=promise, defaults={"alert": alert})
    if not is_new:
        return promise
    alert.follow(work_on(alert))
    kept(alert)
    tell("alert.promised", alert, {"commitment": promise.pk, "due_on": due_on.isoformat()}, by=by, at=at)
    return promise


@transaction.atomic
def follow_promises(*, commitment_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """Promises were kept or dropped where they stand: what waited for them goes on. How many alerts moved."""
    waiting = LoopPromise.objects.filter(commitment_id__in=commitment_ids).values("alert_id")
    rows = Alert.objects.select_for_update(of=("self",)).filter(pk__in=waiting, closed_at=None)
    events = []
    for alert in rows.order_by("pk"):
        before = alert.state
        alert.follow(work_on(alert))
        if alert.state != before:
            kept(alert)
            data = {"flow": str(alert.flow), "state": str(alert.state)}
            events.append(NewEvent("alert.went_on", at, subjects_of(alert), data))
    record_many(events, by=by, at=at)
    return len(events)


@transaction.atomic
def tell_partner(*, alert_id: int, how: Way, happened_at: datetime, by: Actor, at: datetime) -> Alert:
    """They heard what was done; before or after the alert closed. Told again, the first time stays. Raises
    NotYet, NoPartner, Alert.DoesNotExist."""
    alert = locked(alert_id, may_be_closed=True)
    if alert.partner_id is None:
        raise NoPartner(alert_id)
    if alert.told_at is not None:
        return alert
    if happened_at > at or happened_at < alert.opened_at:
        raise NotYet(happened_at)
    alert.tell(how, by_user=user_of(by), at=happened_at)
    kept(alert)
    tell("alert.partner_told", alert, {"how": how.value}, by=by, at=at)
    return alert


def _theirs(alert: Alert, contact_id: int | None) -> int | None:
    if contact_id is None or contact_id == alert.contact_id:
        return alert.contact_id
    if alert.partner_id is None:
        raise NotTheirPerson(contact_id)
    if not Contact.objects.filter(pk=contact_id, partner_id=alert.partner_id, erased_at=None).exists():
        raise NotTheirPerson(contact_id)
    return contact_id
