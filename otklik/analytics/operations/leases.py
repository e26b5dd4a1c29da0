"""One writer a source: of its store, and of the store's copy on a server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from otklik.analytics.models import FactStore

LEASE = timedelta(minutes=2)
Clock = Callable[[], datetime]


class StoreBusy(Exception):
    """Another writer holds the lease of this source."""


class LeaseLost(Exception):
    """Our lease ran out and another writer took over: nothing more may be written under it."""


def take_lease(source: str, at: datetime) -> FactStore:
    """Raises StoreBusy."""
    with transaction.atomic():
        FactStore.objects.get_or_create(source=source)
        store = FactStore.objects.select_for_update().get(pk=source)
        if not store.is_free(at):
            raise StoreBusy(source)
        store.lease(at, LEASE)
        store.save()
    return store


def renew_lease(source: str, token: int, at: datetime) -> None:
    """Raises LeaseLost."""
    if not FactStore.objects.filter(pk=source, token=token).update(leased_until=at + LEASE):
        raise LeaseLost(source)


def release_lease(source: str, token: int) -> None:
    FactStore.objects.filter(pk=source, token=token).update(leased_until=None)
