"""A partly linear world read by double machine learning and by our straight line with everything held.

DoubleML is no dependency: the Python named by ``OTKLIK_BENCH_DOUBLEML`` (this one otherwise) runs it where it
has it. Data: Chernozhukov et al., The Econometrics Journal 21(1), 2018, as DoubleML draws them with seed
3141; the true slope is .5. Forests of 100 trees five deep; how its folds fall moves the slope by some
hundredths.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from otklik.stats.panel import pooled
from otklik.stats.sensitivity import sensitivity_of
from tests.bench.harness import Sheet, as_json, measure, ms, run_child, verdict

SLOPE, TOLERANCE = 0.490752, 0.02
ROBUSTNESS, ROBUSTNESS_OF_VERDICT = 0.3953, 0.3498
RUNS = 5
INSTALL = "uv pip install doubleml==0.11.4 scikit-learn==1.9.1"
CHILD = """
import json, sys, time
import doubleml, numpy
from sklearn.ensemble import RandomForestRegressor
columns = numpy.load(sys.argv[1])
numpy.random.seed(int(sys.argv[2]))
data = doubleml.DoubleMLData.from_arrays(columns[:, 2:], columns[:, 0], columns[:, 1])
forest = lambda: RandomForestRegressor(n_estimators=100, max_depth=5, min_samples_leaf=2, random_state=0)
began = time.process_time()
fit = doubleml.DoubleMLPLR(data, forest(), forest()).fit()
cpu = time.process_time() - began
fit.sensitivity_analysis()
found = fit.coef[0], fit.se[0], fit.sensitivity_params["rv"][0], fit.sensitivity_params["rva"][0], cpu
print(json.dumps([float(value) for value in found]))
"""
Floats = npt.NDArray[np.float64]


def run() -> Sheet:
    sheet = Sheet("Double machine learning beside our slope, 500 rows, 20 columns held, true slope .5")
    table = _drawn()
    _ours(sheet, table)
    python = os.environ.get("OTKLIK_BENCH_DOUBLEML", sys.executable)
    if subprocess.run(
        [python, "-c", "import doubleml, sklearn"], capture_output=True, check=False
    ).returncode:
        sheet.add("DoubleML", "not installed", f"{INSTALL}; then OTKLIK_BENCH_DOUBLEML=/path/to/its/python")
        return sheet
    found = np.array(_by_forests(python, table))
    slope, error, robustness, of_verdict, cpu = np.median(found, axis=0).tolist()
    gap = abs(slope - SLOPE)
    remark = f"target {SLOPE} within {TOLERANCE}: {verdict(gap, TOLERANCE)}; error {error:.4f}"
    sheet.add(f"DoubleML, median of {RUNS} ways to fold", f"{slope:.4f}", remark)
    sheet.add("its least and largest", f"{found[:, 0].min():.4f} … {found[:, 0].max():.4f}")
    sheet.add("its robustness value", f"{robustness:.2%}", f"reference {ROBUSTNESS:.2%}")
    sheet.add("the same of its interval", f"{of_verdict:.2%}", f"reference {ROBUSTNESS_OF_VERDICT:.2%}")
    sheet.add("its CPU", ms(cpu))
    return sheet


def _ours(sheet: Sheet, table: Floats) -> None:
    y, exposure, held = table[:, 0], table[:, 1], table[:, 2:]
    rows = np.arange(len(y))
    naive = pooled(y, exposure, rows).estimate()
    columns = np.column_stack([exposure, held])
    fit = pooled(y, columns, rows)
    found, robust = fit.estimate(), sensitivity_of(fit)
    assert naive.effect is not None
    assert found.effect is not None
    assert robust is not None
    sheet.add("nothing held", f"{naive.effect:.4f}", f"error {naive.se:.4f}")
    sheet.add("ours, all columns held", f"{found.effect:.4f}", f"error {found.se:.4f}")
    sheet.add("its robustness value", f"{robust.robustness:.2%}", f"DoubleML's reference {ROBUSTNESS:.2%}")
    remark = f"DoubleML's reference {ROBUSTNESS_OF_VERDICT:.2%}"
    sheet.add("the same of its interval", f"{robust.robustness_of_verdict:.2%}", remark)
    sheet.add("its CPU", ms(measure(lambda: pooled(y, columns, rows).estimate()).median_cpu))


def _by_forests(python: str, table: Floats) -> list[Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npy"
        np.save(path, table)
        return [as_json(run_child([python, "-c", CHILD, str(path), str(seed)])) for seed in range(RUNS)]


def _drawn() -> Floats:
    """Outcome, exposure, 20 columns; the same numbers as ``doubleml.make_plr_CCDDHNR2018`` gives."""
    drawn = np.random.RandomState(3141)
    alike = 0.7 ** np.abs(np.subtract.outer(np.arange(20), np.arange(20)))
    x = drawn.multivariate_normal(np.zeros(20), alike, size=500)
    bend = 1 / (1 + np.exp(-x))
    exposure = x[:, 0] + 0.25 * bend[:, 2] + drawn.standard_normal(500)
    y = 0.5 * exposure + bend[:, 0] + 0.25 * x[:, 2] + drawn.standard_normal(500)
    return np.column_stack([y, exposure, x])
