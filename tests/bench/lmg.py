"""Shares of R^2 of ten drivers over 100,000 rows with 1,000 bootstraps, and the same by plain numpy.

The numpy way: all 1,024 subsets one after the other by ``numpy.linalg.solve`` on the covariances, each
bootstrap sample drawn and its covariances computed anew. It would take half a minute, so it draws fewer
samples and its figure is scaled up. Each runs in a process of its own, for its memory.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from math import factorial

import numpy as np
import numpy.typing as npt

from otklik.stats.drivers import find_drivers
from tests.bench.harness import Child, Sheet, as_json, note, run_child, verdict

ROWS, DRIVERS, REPLICATES = 100_000, 10, 1000
DRAWN_BY_NUMPY = 40
RUNS = 3
MOST_CPU, MOST_MIB = 8.0, 1024
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """`lmg` by driver; `interval` of the last one; `drawn` samples; CPU seconds of the calculation alone."""

    lmg: list[float]
    interval: list[float]
    drawn: int
    cpu: float


def run() -> Sheet:
    sheet = Sheet(f"LMG of {DRIVERS} drivers, {ROWS:,} rows, {REPLICATES:,} bootstraps")
    ours, numpy = [], []
    for number in range(RUNS):  # by turns, so that a slow moment slows both
        note(f"LMG, round {number + 1} of {RUNS}")
        ours.append(_child("ours"))
        numpy.append(_child("numpy"))
    gap = max(
        abs(a - b)
        for (_, x), (_, y) in zip(ours, numpy, strict=True)
        for a, b in zip(x.lmg, y.lmg, strict=True)
    )
    sheet.add("largest difference of an LMG", f"{gap:.0e}", f"target under 1e-09: {verdict(gap, 1e-9)}")
    assert gap < 1e-9, "the two ways do not agree"
    cpu = float(np.median([child.cpu for child, _ in ours]))
    limit = f"target under {MOST_CPU:.0f} s: {verdict(cpu, MOST_CPU)}"
    sheet.add("CPU, whole process with start and data", f"{cpu:.2f} s", limit)
    inner = float(np.median([found.cpu for _, found in ours]))
    sheet.add("of which find_drivers", f"{inner:.2f} s", _wall([child for child, _ in ours]))
    peak = max(child.peak_mb for child, _ in ours)
    sheet.add("peak memory", f"{peak:.0f} MiB", f"target under {MOST_MIB} MiB: {verdict(peak, MOST_MIB)}")
    by_hand, their_peak = [_scaled(found) for _, found in numpy], max(child.peak_mb for child, _ in numpy)
    sheet.add(
        "CPU of the numpy way",
        f"{np.median(by_hand):.1f} s",
        f"{DRAWN_BY_NUMPY} samples drawn, scaled to {REPLICATES:,}; {their_peak:.0f} MiB",
    )
    ratio = np.median([theirs / found.cpu for theirs, (_, found) in zip(by_hand, ours, strict=True)])
    sheet.add("the numpy way against ours", f"{ratio:.1f} times", "median ratio of the pairs, CPU")
    low, high = ours[0][1].interval
    sheet.add(
        "interval of the strongest driver",
        f"{low:.4f} … {high:.4f}",
        "by numpy from its few samples {:.4f} … {:.4f}".format(*numpy[0][1].interval),
    )
    return sheet


def _child(name: str) -> tuple[Child, Found]:
    child = run_child([sys.executable, "-m", "tests.bench.lmg", name])
    return child, Found(**as_json(child))


def _wall(children: list[Child]) -> str:
    return f"{np.median([child.seconds for child in children]):.2f} s of the whole process by the clock"


def _scaled(found: Found) -> float:
    return found.cpu / (found.drawn + 1) * (REPLICATES + 1)


def drivers_and_outcome() -> tuple[Floats, Floats]:
    """Drivers that go together, as waits, breaches and reopened tickets do."""
    random = np.random.default_rng(1)
    x = random.normal(size=(ROWS, DRIVERS)) + 0.6 * random.normal(size=(ROWS, 1))
    return x, x @ np.linspace(0.1, 1, DRIVERS) + 3 * random.normal(size=ROWS)


def ours() -> Found:
    x, y = drivers_and_outcome()
    began = time.process_time()
    report = find_drivers(y, x, [str(number) for number in range(DRIVERS)], replicates=REPLICATES)
    cpu = time.process_time() - began
    by_number = sorted(report.drivers, key=lambda driver: int(driver.name))
    interval = by_number[-1].interval
    assert interval is not None
    return Found([driver.lmg for driver in by_number], list(interval), REPLICATES, cpu)


def by_numpy() -> Found:
    """What a careful analyst writes: correct, and every sample from the rows again."""
    x, y = drivers_and_outcome()
    table = np.column_stack([x, y])
    random = np.random.default_rng(2)
    began = time.process_time()
    found = _lmg_of(np.cov(table, rowvar=False))
    drawn = []
    for _ in range(DRAWN_BY_NUMPY):
        sample = table[random.integers(0, ROWS, ROWS)]
        drawn.append(_lmg_of(np.cov(sample, rowvar=False))[-1])
    cpu = time.process_time() - began
    return Found(found.tolist(), np.quantile(drawn, [0.025, 0.975]).tolist(), DRAWN_BY_NUMPY, cpu)


def _lmg_of(covariance: Floats) -> Floats:
    explained = np.zeros(2**DRIVERS)
    for subset in range(1, 2**DRIVERS):
        inside = [j for j in range(DRIVERS) if subset >> j & 1]
        with_y = covariance[inside, -1]
        explained[subset] = with_y @ np.linalg.solve(covariance[np.ix_(inside, inside)], with_y)
    explained /= covariance[-1, -1]
    shares = np.zeros(DRIVERS)
    for subset in range(2**DRIVERS):
        size = subset.bit_count()
        for j in range(DRIVERS):
            if not subset >> j & 1:
                weight = factorial(size) * factorial(DRIVERS - 1 - size) / factorial(DRIVERS)
                shares[j] += weight * (explained[subset | 1 << j] - explained[subset])
    return shares


if __name__ == "__main__":
    print(json.dumps(asdict({"ours": ours, "numpy": by_numpy}[sys.argv[1]]())))
