"""Who listens to what. An app's ``subscriptions.py`` is imported by its ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otklik.events.actor import Actor, Origin, Subject

LIVE_ONLY = frozenset({Origin.LIVE})
ALL_ORIGINS = frozenset(Origin)


@dataclass(frozen=True, slots=True)
class DeliveredEvent:
    """An event as a subscription sees it."""

    id: int
    kind: str
    version: int
    happened_at: datetime
    recorded_at: datetime
    actor: Actor
    subjects: tuple[Subject, ...]
    data: Mapping[str, Any]

    def subject(self, noun: str) -> int:
        """Id of the first subject with this noun. Raises LookupError where the event has none."""
        for subject in self.subjects:
            if subject.noun == noun:
                return subject.id
        raise LookupError(f"{self.kind} has no {noun}")


Handler = Callable[[DeliveredEvent], None]
BulkHandler = Callable[[Sequence[DeliveredEvent]], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """``handle`` takes the events of one transaction, at most ``at_once``. ``is_wanted`` is asked before they
    are handed out: False, and there is nothing to do for them, now or later."""

    name: str
    kind: str
    origins: frozenset[Origin]
    handle: BulkHandler
    in_bulk: bool
    function: Callable[..., None]
    at_once: int
    is_wanted: Callable[[], bool]


_by_name: dict[str, Subscription] = {}
# A commit costs more than most handlers; on SQLite nobody else writes until it comes.
_FEW = 20
# As many as a batch has.
_ALL = 500


def _always() -> bool:
    return True


def on(kind: str, *, name: str, origins: frozenset[Origin] = LIVE_ONLY) -> Callable[[Handler], Handler]:
    """Call the function for each event of this kind, in a job, inside a transaction: of a few events of one
    batch, or of its own once one of them failed.

    ``name`` ("feedback.count_response") is what deliveries are remembered by: never rename it.
    Whatever acts outward (mail, webhooks) keeps the default origins, live only.
    """

    def register(handle: Handler) -> Handler:
        def each(events: Sequence[DeliveredEvent]) -> None:
            for event in events:
                handle(event)

        _add(Subscription(name, kind, origins, each, False, handle, _FEW, _always))
        return handle

    return register


def on_many(
    kind: str,
    *,
    name: str,
    origins: frozenset[Origin] = LIVE_ONLY,
    at_once: int = _ALL,
    is_wanted: Callable[[], bool] = _always,
) -> Callable[[BulkHandler], BulkHandler]:
    """As ``on``, but with all such events of a batch (``at_once`` at most) in one call and one transaction:
    for what imports bring by the thousand. Once that failed they come one by one."""

    def register(handle: BulkHandler) -> BulkHandler:
        _add(Subscription(name, kind, origins, handle, True, handle, at_once, is_wanted))
        return handle

    return register


def listening_to(kind: str, origin: Origin) -> list[Subscription]:
    return [s for s in _by_name.values() if s.kind == kind and origin in s.origins]


def subscription_called(name: str) -> Subscription | None:
    return _by_name.get(name)


def _add(subscription: Subscription) -> None:
    known = _by_name.get(subscription.name)
    if known is not None and known.function is not subscription.function:
        raise ValueError(f"subscription {subscription.name!r} is taken")
    _by_name[subscription.name] = subscription
