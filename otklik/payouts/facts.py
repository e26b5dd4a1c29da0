"""What payouts give to analytics, and when: payouts and holds, each once it has ended.

Until then their rows would change by the day (another expected day, another amount), and how late or how long
they are depends on the day one asks: whoever needs the open ones reads the database, where they are few. An
ended hold never changes; of ended payouts one that was paid may still come back.
"""

from __future__ import annotations

from collections.abc import Sequence

from otklik.analytics.public import FactSource, facts_changed, ids_in, note_facts
from otklik.events.public import ALL_ORIGINS, DeliveredEvent, Origin, on, on_many
from otklik.payouts.queries.money_facts import (
    HOLD_COLUMNS,
    PAYOUT_COLUMNS,
    ended_holds,
    ended_payouts,
    hold_rows,
    payout_rows,
)
from otklik.payouts.rules.vocabulary import PAYOUT_FACTS

HOLD_FACTS = "holds"
# The demo is told of once, by its end.
_ONE_BY_ONE = frozenset({Origin.LIVE, Origin.IMPORT})


payouts = FactSource(
    PAYOUT_FACTS, PAYOUT_COLUMNS, payout_rows, lambda waiting: ids_in(ended_payouts(), waiting)
)
holds = FactSource(HOLD_FACTS, HOLD_COLUMNS, hold_rows, lambda waiting: ids_in(ended_holds(), waiting))


def _follow(kind: str, source: str, noun: str) -> None:
    @on_many(kind, name=f"payouts.facts:{kind}", origins=_ONE_BY_ONE)
    def follow(events: Sequence[DeliveredEvent]) -> None:
        note_facts(source, sorted({event.subject(noun) for event in events}))


for _kind in ("payout.paid", "payout.failed", "payout.returned", "payout.cancelled"):
    _follow(_kind, PAYOUT_FACTS, "payout")
for _kind in ("hold.released", "hold.kept"):
    _follow(_kind, HOLD_FACTS, "hold")


@on_many("partner.merged", name="payouts.facts_of_merged_partners", origins=_ONE_BY_ONE)
def note_merged(events: Sequence[DeliveredEvent]) -> None:
    """What they had has followed them."""
    partners = {event.subject("partner") for event in events}
    note_facts(PAYOUT_FACTS, ended_payouts().filter(partner_id__in=partners).values_list("pk", flat=True))
    note_facts(HOLD_FACTS, ended_holds().filter(partner_id__in=partners).values_list("pk", flat=True))


@on("demo.loaded", name="payouts.facts_of_the_demo", origins=ALL_ORIGINS)
def note_demo(event: DeliveredEvent) -> None:
    facts_changed(PAYOUT_FACTS)
    facts_changed(HOLD_FACTS)
