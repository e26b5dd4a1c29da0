from __future__ import annotations

from contextlib import suppress

from otklik.analytics.operations.leases import LeaseLost, StoreBusy
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.store.sources import fact_sources
from otklik.kit.clock import now


def bring_up_to_date(name: str) -> None:
    """Before a long calculation: what waits for this source is written. Where another process does that at
    the moment, what it has finished so far has to be enough."""
    source = fact_sources.get(name)
    assert source is not None, f"no app writes facts of the name {name}"
    with suppress(StoreBusy, LeaseLost):
        write_facts(source, clock=now)
