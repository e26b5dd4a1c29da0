"""One question, one list: where the loop has an alert about the same answer or the same silence, the task of
the map only points to it, has its owner and day, and ends and comes back with it (docs/decisions/0022)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from otklik.events.public import Actor, record
from otklik.kit.chunks import in_chunks
from otklik.loop.public import Alert
from otklik.relationships.models import CallToAction
from otklik.relationships.operations.calls import subjects_of
from otklik.relationships.rules.calls import ASKED_BY_ALERTS
from otklik.relationships.rules.vocabulary import CallState

CHUNK = 500


def follow_alerts_of_wave(*, wave_id: int, by: Actor, at: datetime) -> int:
    """What the loop had raised before the wave's tasks came up. How many tasks changed."""
    rows = Alert.objects.filter(_of_wave(wave_id), contact__isnull=False)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    return sum(follow_alerts(alert_ids=some, by=by, at=at) for some in in_chunks(ids, CHUNK))


@transaction.atomic
def follow_alerts(*, alert_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """Brings the tasks to where their alerts are, whatever brought them there: run again it changes nothing.
    How many tasks changed."""
    people = Alert.objects.filter(pk__in=alert_ids).values("contact_id")
    mine = Q(alert__in=alert_ids) | Q(alert=None, state=CallState.OPEN, task__in=ASKED_BY_ALERTS)
    theirs = CallToAction.objects.filter(mine, contact__in=people)
    calls = list(theirs.select_for_update(of=("self",)).order_by("pk"))
    # Read after the tasks are held: an alert that ends meanwhile is seen here, or sees these.
    alerts = {(row.contact_id, _wave_of(row)): row for row in _alerts(alert_ids)}
    linked = {row.pk: row for row in alerts.values()}
    count = 0
    for call in calls:
        alert = linked.get(call.alert_id or 0) or alerts.get((call.contact_id, call.wave_id))
        if alert is not None:
            count += _follow(call, alert, by=by, at=at)
    return count


def _follow(call: CallToAction, alert: Alert, *, by: Actor, at: datetime) -> bool:
    was = (call.alert_id, call.owner_id, call.due_on, call.state)
    call.follow(alert)
    if was == (call.alert_id, call.owner_id, call.due_on, call.state):
        return False
    call.save(update_fields=["alert", "owner", "due_on", "state", "closed_by", "closed_at"])
    for name in _happened(was[0], was[-1], call):
        data = {"kind": str(call.kind), "what": call.what, "alert": alert.pk}
        record(f"call_to_action.{name}", by=by, at=at, subjects=subjects_of(call), data=data)
    return True


def _happened(alert_before: int | None, state_before: str, call: CallToAction) -> Iterable[str]:
    if alert_before is None:
        yield "joined"
    if call.state != state_before:
        yield "done" if call.state == CallState.DONE else "reopened"


def _of_wave(wave_id: int) -> Q:
    return Q(wave_id=wave_id) | Q(response__invitation__wave_id=wave_id)


def _alerts(alert_ids: Sequence[int]) -> QuerySet[Alert]:
    """Open ones last: of several about one person and wave the last is followed."""
    rows = Alert.objects.filter(pk__in=alert_ids, contact__isnull=False)
    return rows.select_related("response__invitation").order_by(F("closed_at").asc(nulls_last=True), "pk")


def _wave_of(alert: Alert) -> int | None:
    if alert.wave_id is not None or alert.response is None or alert.response.invitation is None:
        return alert.wave_id
    return alert.response.invitation.wave_id
