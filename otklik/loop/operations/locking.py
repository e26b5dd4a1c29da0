"""One alert, held until the transaction ends, and what was done about it so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from otklik.dialogue.public import PromiseState
from otklik.events.public import Actor, Subject, record
from otklik.loop.models import Alert, LoopPromise
from otklik.loop.rules.closing import Work

OPEN_PROMISES = (PromiseState.PROPOSED, PromiseState.AGREED)


class AlertClosed(Exception):
    """It ended already: whoever wants to go on reopens it."""


class AlertChanged(Exception):
    """Somebody else changed it after it was opened; ``version`` is the one of now."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


def locked(alert_id: int, expected_version: int | None = None, *, may_be_closed: bool = False) -> Alert:
    """Raises AlertClosed, AlertChanged, Alert.DoesNotExist."""
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert_id)
    if expected_version is not None and alert.version != expected_version:
        raise AlertChanged(alert.version)
    if alert.is_closed and not may_be_closed:
        raise AlertClosed(alert_id)
    return alert


def kept(alert: Alert) -> Alert:
    alert.version += 1
    alert.save()
    return alert


def work_on(alert: Alert) -> Work:
    promises = LoopPromise.objects.filter(alert=alert, commitment__state__in=OPEN_PROMISES)
    return Work(alert.follow_ups.count(), promises.count())


def subjects_of(alert: Alert) -> list[Subject]:
    found = [Subject("alert", alert.pk)]
    if alert.partner_id is not None:
        found.append(Subject("partner", alert.partner_id))
    if alert.contact_id is not None:
        found.append(Subject("contact", alert.contact_id))
    return found


def tell(kind: str, alert: Alert, data: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    record(kind, by=by, at=at, subjects=subjects_of(alert), data={"flow": str(alert.flow), **data})
