"""A policy that came at different times, on published data whose truth is known.

df_het of the package pyfixest: 46,500 rows of 1,500 units in 40 states and 31 years. Expected figures: its
did2s and feols, 0.60. Slow, because the data come with the packages of the slow tests.
"""

import csv
from importlib.metadata import distribution
from math import sqrt

import numpy as np
import pytest

from otklik.stats.grouping import codes, sums_by
from otklik.stats.panel import within
from otklik.stats.staggered import staggered_effect

pytestmark = pytest.mark.slow
TRUTH = 2.2202


@pytest.fixture(scope="module")
def het():
    path = distribution("pyfixest").locate_file("pyfixest/did/data/df_het.csv")
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 46_500
    columns = {name: np.array([float(row[name]) for row in rows]) for name in ("dep_var", "te", "te_dynamic")}
    labels = {name: np.array([int(row[name]) for row in rows]) for name in ("unit", "state", "year")}
    return columns | labels | {"treat": np.array([row["treat"] == "TRUE" for row in rows], dtype=float)}


def test_the_truth_is_the_mean_effect_on_the_rows_under_the_policy(het):
    effect = het["te"] + het["te_dynamic"]
    assert effect[het["treat"] == 1].mean() == pytest.approx(TRUTH, abs=5e-5)


def test_two_stages_find_it(het):
    found = staggered_effect(het["dep_var"], het["treat"], het["unit"], het["year"], clusters=het["state"])
    assert found.average.effect == pytest.approx(2.230482, abs=5e-7)
    # The published error is without our factor for few clusters, C / (C - 1) with C - 1 degrees of freedom.
    unscaled = found.average.se * sqrt(found.average.df / (found.average.df + 1))
    assert unscaled == pytest.approx(0.024709, abs=5e-7)
    assert found.average.interval.low < TRUTH < found.average.interval.high
    assert found.left_out == 0


def test_plain_two_way_effects_miss_it_by_twelve_errors(het, capsys):
    treated, unit, year = het["treat"], het["unit"], het["year"]
    naive = float(within(het["dep_var"], treated, unit, year).slopes[0])
    error = by_state(het, naive)
    with capsys.disabled():
        found = staggered_effect(het["dep_var"], treated, unit, year, clusters=het["state"]).average
        print(f"\ndf_het, truth {TRUTH}: two stages {found.effect:.6f} ({found.se:.6f})", end="")
        print(f", plain two-way effects {naive:.6f} ({error:.6f})")
    assert naive == pytest.approx(1.982540, abs=5e-7)
    assert error == pytest.approx(0.019338, abs=5e-7)
    assert (TRUTH - naive) / error > 12


def by_state(het, slope):
    """The error of the naive slope, clustered by state, with feols' factor: units lie within states and are
    not counted among what was estimated, the slope and 31 years are."""
    exposed = about_unit_and_year(het, het["treat"])
    left = about_unit_and_year(het, het["dep_var"]) - slope * exposed
    scores = sums_by(codes(het["state"]), exposed * left)
    n, states = len(left), len(scores)
    factor = states / (states - 1) * (n - 1) / (n - 32)
    return sqrt(factor * (scores @ scores)) / (exposed @ exposed)


def about_unit_and_year(het, column):
    """The panel is balanced: one pass takes both means out."""
    means = [
        (sums_by(codes(het[one]), column) / sums_by(codes(het[one])))[codes(het[one])]
        for one in ("unit", "year")
    ]
    return column - means[0] - means[1] + column.mean()
