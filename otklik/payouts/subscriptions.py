"""What payouts do once something happened: the search of the house learns of it."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.events.public import ALL_ORIGINS, DeliveredEvent, Origin, on, on_many
from otklik.kit.clock import now
from otklik.payouts.models import Payout
from otklik.payouts.operations.findable import (
    HOLD,
    PAYOUT,
    STATEMENT,
    make_all_findable,
    make_findable,
    renew_partners,
)
from otklik.payouts.rules.vocabulary import PayoutState

# Of a batch's own payouts these change nothing that is looked for.
_OF_BROUGHT_IN = [
    f"payout.{state}"
    for state in (PayoutState.APPROVED, PayoutState.FAILED, PayoutState.RETURNED, PayoutState.CANCELLED)
]
# Of the demo's many small changes all is made findable at once, when it is loaded.
_ONE_BY_ONE = frozenset({Origin.LIVE, Origin.IMPORT})
_FOUND_BY = frozenset({"name", "external_id"})


def _follow(event_kind: str, kind: str, noun: str) -> None:
    @on_many(event_kind, name=f"payouts.find:{event_kind}", origins=_ONE_BY_ONE)
    def follow(events: Sequence[DeliveredEvent]) -> None:
        make_findable(kind, {event.subject(noun) for event in events}, at=now())


def _follow_brought_in(event_kind: str) -> None:
    @on_many(event_kind, name=f"payouts.find:{event_kind}", origins=_ONE_BY_ONE)
    def follow(events: Sequence[DeliveredEvent]) -> None:
        rows = Payout.objects.filter(pk__in={event.subject("payout") for event in events}, batch=None)
        make_findable(PAYOUT, list(rows.values_list("pk", flat=True)), at=now())


for _kind in ("payout.planned", "payout.sent", "payout.paid", "payout.moved"):
    _follow(_kind, PAYOUT, "payout")
for _kind in _OF_BROUGHT_IN:
    _follow_brought_in(_kind)
for _kind in ("hold.opened", "hold.changed"):
    _follow(_kind, HOLD, "hold")
_follow("statement.issued", STATEMENT, "statement")


@on_many("partner.changed", name="payouts.find_renamed", origins=_ONE_BY_ONE)
def follow_new_names(events: Sequence[DeliveredEvent]) -> None:
    renamed = [event for event in events if _FOUND_BY.intersection(event.data.get("fields", ()))]
    renew_partners({event.subject("partner") for event in renamed}, at=now())


@on_many("partner.merged", name="payouts.find_merged", origins=_ONE_BY_ONE)
def follow_merged(events: Sequence[DeliveredEvent]) -> None:
    renew_partners({one.id for event in events for one in event.subjects if one.noun == "partner"}, at=now())


@on("demo.loaded", name="payouts.find_demo", origins=ALL_ORIGINS)
def follow_demo(event: DeliveredEvent) -> None:
    make_all_findable(at=now())
