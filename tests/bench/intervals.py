from __future__ import annotations

import numpy as np

from otklik.stats import intervals
from tests.bench.harness import Sheet, measure_pair, ms


def run() -> Sheet:
    random = np.random.default_rng(7)
    sizes = random.integers(1, 400, 100_000)
    shares = random.dirichlet((2, 3, 5), 100_000)
    counts = np.array([random.multinomial(n, p) for n, p in zip(sizes, shares, strict=True)])
    sheet = Sheet("Interval of 100,000 segments at once (1 to 400 answers each)")
    tango, wald, ratio = measure_pair(
        lambda: intervals.intervals(counts), lambda: intervals.wald(counts), runs=9
    )
    sheet.time("Tango score (the default)", tango.median, limit=0.5)
    sheet.add("Wald, the bare formula", ms(wald.median), f"ratio {ratio:.0f}")
    return sheet
