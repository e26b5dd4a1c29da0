"""An administrator's decisions about what was put aside, with their line in the log."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.jobs.public import dismiss_item, replay_item


def replay_quarantined(*, item_id: int, by: Actor, at: datetime) -> None:
    """Raises NotWaiting, NobodyReplays."""
    with transaction.atomic():
        item = replay_item(item_id=item_id, at=at)
        _record("quarantine.replayed", item.pk, item.kind, by, at)


def dismiss_quarantined(*, item_id: int, by: Actor, at: datetime) -> None:
    """Raises NotWaiting."""
    with transaction.atomic():
        item = dismiss_item(item_id=item_id, at=at)
        _record("quarantine.dismissed", item.pk, item.kind, by, at)


def _record(event: str, item_id: int, kind: str, by: Actor, at: datetime) -> None:
    record(event, by=by, at=at, subjects=[Subject("quarantine", item_id)], data={"kind": kind})
