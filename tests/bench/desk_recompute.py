"""``otklik sla recompute`` over the desk of ``desk_pages``, and the clocks of its longest thread.

The command runs as it does for an administrator, in a process of its own. That it reports no difference shows
that the made clocks are those of the log. ``OTKLIK_BENCH_TICKETS`` sets the size (1,000,000).
"""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime

from tests.bench.desk_rows import LONG_THREAD, LONG_TICKET
from tests.bench.desk_scale import open_desk
from tests.bench.harness import Sheet, measure, ms, note, run_child, verdict
from tests.bench.product import settings_for

# What its caches and one chunk need beside the program itself does not depend on the number of tickets.
MEMORY_MIB = 300


def run() -> Sheet:
    tickets = int(os.environ.get("OTKLIK_BENCH_TICKETS", "1000000"))
    folder, desk = open_desk(tickets, long_thread=True)
    sheet = Sheet(f"Deadlines of {desk.tickets:,} tickets derived anew from the log, on SQLite")
    note("otklik sla recompute")
    child = run_child(
        [sys.executable, "-m", "otklik.cli", "sla", "recompute"], environment=settings_for(folder)
    )
    told = re.search(r"(\d+) tickets, (\d+) clocks, (\d+) tickets differ", child.output)
    assert told is not None, child.output
    seen, clocks, differing = map(int, told.groups())
    sheet.add(
        "tickets seen", f"{seen:,}", f"of {desk.tickets:,}; {clocks:,} clocks, {differing} tickets differ"
    )
    sheet.add("by the clock", f"{child.seconds:,.0f} s", f"{seen / child.seconds:,.0f} tickets a second")
    sheet.add(
        "CPU", f"{child.cpu:,.0f} s", f"{seen / child.cpu:,.0f} tickets a second, {ms(child.cpu / seen)} each"
    )
    limit = f"target under {MEMORY_MIB} MiB: {verdict(child.own_mb, MEMORY_MIB)}"
    sheet.add("most memory of its own", f"{child.own_mb:,.0f} MiB", limit)
    sheet.add(
        "most memory resident", f"{child.peak_mb:,.0f} MiB", "with the mapped pages of the database file"
    )
    _long_thread(sheet)
    return sheet


def _long_thread(sheet: Sheet) -> None:
    from otklik.desk.operations.clocks import refresh_long_thread

    def refresh() -> None:
        assert refresh_long_thread(ticket_id=LONG_TICKET, at=datetime.now(UTC))

    timing = measure(refresh, runs=3)
    name = f"clocks of a thread of {LONG_THREAD:,}, in the job"
    sheet.add(name, ms(timing.median), f"{ms(timing.median_cpu)} of CPU time")
