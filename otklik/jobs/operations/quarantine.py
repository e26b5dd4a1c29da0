"""Putting aside what failed for good, and taking it up again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.jobs.models import QuarantinedItem
from otklik.jobs.replay import replay_handlers
from otklik.jobs.rules.vocabulary import QuarantineState


class NotWaiting(Exception):
    """The item was replayed or dismissed already."""


class NobodyReplays(Exception):
    """No app knows how to try this kind of item again."""


def quarantine(
    *, kind: str, key: str, title: str, error: str, payload: Mapping[str, Any], attempts: int, at: datetime
) -> QuarantinedItem:
    """Put an item aside, or tell of its new failure where it was replayed and failed again."""
    with transaction.atomic():
        item, created = QuarantinedItem.objects.select_for_update().get_or_create(
            kind=kind,
            key=key,
            defaults={
                "title": title[:200],
                "error": error,
                "payload": dict(payload),
                "attempts": attempts,
                "first_failed_at": at,
                "last_failed_at": at,
            },
        )
        if not created:
            item.fail_again(error=error, attempts=attempts, at=at)
            item.save()
    return item


def replay_item(*, item_id: int, at: datetime) -> QuarantinedItem:
    """Raises NotWaiting, NobodyReplays."""
    with transaction.atomic():
        item = _waiting(item_id)
        handler = replay_handlers.get(item.kind)
        if handler is None:
            raise NobodyReplays(item.kind)
        handler.replay(item.payload)
        item.settle(QuarantineState.REPLAYED, at=at)
        item.save(update_fields=["state", "settled_at"])
    return item


def dismiss_item(*, item_id: int, at: datetime) -> QuarantinedItem:
    """Raises NotWaiting."""
    with transaction.atomic():
        item = _waiting(item_id)
        item.settle(QuarantineState.DISMISSED, at=at)
        item.save(update_fields=["state", "settled_at"])
    return item


def _waiting(item_id: int) -> QuarantinedItem:
    item = QuarantinedItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None or not item.is_waiting:
        raise NotWaiting(str(item or item_id))
    return item
