"""Whose alert it is from now on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.events.public import Actor, NewEvent, record_many
from otklik.identity.public import User
from otklik.kit.chunks import in_chunks
from otklik.loop.access import may_own
from otklik.loop.models import Alert
from otklik.loop.operations.actors import user_of
from otklik.loop.operations.locking import kept, locked, subjects_of, tell
from otklik.loop.queries.owning import house
from otklik.loop.rules.deadlines import may_escalate
from otklik.loop.rules.owners import escalates_to, owner_of
from otklik.loop.rules.vocabulary import OwnerReason, OwnerWay
from otklik.partners.public import Partner

CHUNK = 200


class CannotOwn(Exception):
    """This colleague does not see the partner, or may not speak for us."""


@transaction.atomic
def assign_alert(
    *, alert_id: int, user_id: int, expected_version: int | None = None, by: Actor, at: datetime
) -> Alert:
    """Raises CannotOwn, AlertClosed, AlertChanged, Alert.DoesNotExist, User.DoesNotExist."""
    alert = locked(alert_id, expected_version)
    user = User.objects.get(pk=user_id)
    if alert.owner_id == user_id:
        return alert
    if not may_own(user, alert):
        raise CannotOwn(user_id)
    before = alert.owner_id
    alert.give_to(user_id, OwnerReason.BY_HAND, by_user=user_of(by), at=at)
    kept(alert)
    tell("alert.assigned", alert, {"from": before, "to": user_id}, by=by, at=at)
    return alert


def hand_over(*, partner_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """A partner has another manager: its open alerts go where their rules send them now; what was given to
    somebody by hand stays, if they still see the partner. How many moved."""
    return _hand_over_all(Q(partner_id__in=partner_ids), by, at)


def hand_over_from(*, user_id: int, by: Actor, at: datetime) -> int:
    """Of somebody who left: their open alerts go where the rules send them now. How many moved."""
    return _hand_over_all(Q(owner_id=user_id), by, at)


def hand_over_mention(*, mention_id: int, by: Actor, at: datetime) -> int:
    """It was given to a partner, or taken from one: whoever does not see it any more does not keep it. How
    many moved."""
    return _hand_over_all(Q(mention_id=mention_id), by, at)


def _hand_over_all(which: Q, by: Actor, at: datetime) -> int:
    # The ids first: on SQLite nobody can write whose own reading began before somebody else's change.
    ids = list(Alert.objects.filter(which, closed_at=None).order_by("pk").values_list("pk", flat=True))
    return sum(_hand_over(some, by, at) for some in in_chunks(ids, CHUNK))


@transaction.atomic
def _hand_over(ids: Sequence[int], by: Actor, at: datetime) -> int:
    rows = Alert.objects.select_for_update(of=("self",)).filter(pk__in=ids, closed_at=None)
    alerts = list(rows.select_related("rule").order_by("pk"))
    staff = house({alert.rule.team_id for alert in alerts})
    managers = dict(
        Partner.objects.filter(pk__in={alert.partner_id for alert in alerts}).values_list("pk", "manager_id")
    )
    events = []
    for alert in alerts:
        theirs = staff.staff_for(alert.rule, managers.get(alert.partner_id or 0))
        if alert.owner_reason == OwnerReason.BY_HAND and alert.owner_id in theirs.able:
            continue
        owner, before = owner_of(OwnerWay(alert.rule.owner_way), theirs), alert.owner_id
        if owner.user_id == before:
            continue
        alert.give_to(owner.user_id, owner.reason, by_user=user_of(by), at=at)
        kept(alert)
        data = {"flow": str(alert.flow), "from": before, "to": owner.user_id}
        events.append(NewEvent("alert.assigned", at, subjects_of(alert), data))
    record_many(events, by=by, at=at)
    return len(events)


def escalate_due(*, by: Actor, at: datetime) -> int:
    """Nobody has spoken to them past the deadline: somebody else learns of it, once. How many. May run twice,
    or beside itself."""
    due = Alert.objects.filter(closed_at=None, first_contact_at=None, escalated_at=None, escalates_at__lte=at)
    count = 0
    for ids in in_chunks(list(due.order_by("escalates_at", "pk").values_list("pk", flat=True)), CHUNK):
        count += _escalate(ids, by, at)
    return count


@transaction.atomic
def _escalate(ids: Sequence[int], by: Actor, at: datetime) -> int:
    rows = Alert.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    alerts = [
        alert
        for alert in rows.select_related("rule", "partner").order_by("pk")
        if may_escalate(alert.standing, alert.escalates_at, at)
    ]
    staff = house({alert.rule.team_id for alert in alerts})
    events = []
    for alert in alerts:
        manager = alert.partner.manager_id if alert.partner is not None else None
        told = escalates_to(alert.owner_id, alert.rule.escalates_to_id, staff.staff_for(alert.rule, manager))
        alert.escalate(told, at)
        kept(alert)
        data = {"flow": str(alert.flow), "owner": alert.owner_id, "to": told}
        events.append(NewEvent("alert.escalated", at, subjects_of(alert), data))
    record_many(events, by=by, at=at)
    return len(events)
