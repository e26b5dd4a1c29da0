"""Driver shares: the published example, every order tried by hand, and samples drawn as rows."""

from itertools import permutations

import numpy as np
import pytest

from otklik.stats import drivers as module
from otklik.stats.drivers import NotDrivers, find_drivers
from otklik.stats.shapley import TooManyDrivers, cross_products, shares
from otklik.stats.tests.reference_tables import SWISS, SWISS_NAMES

FERTILITY, CAUSES = SWISS[:, 0], SWISS[:, 1:]
# R relaimpo 2.2-7: lmg, genizi (= Johnson's weights), last, first
RELAIMPO = {
    "Agriculture": (0.05709122077, 0.04841689581, 0.042869607125, 0.1246649099),
    "Examination": (0.17117302890, 0.15470824981, 0.007387418515, 0.4171644705),
    "Education": (0.26013467862, 0.27196410465, 0.161962693077, 0.4406156467),
    "Catholic": (0.10557015037, 0.11468002995, 0.062372625827, 0.2150035016),
    "Infant.Mortality": (0.11276592293, 0.11696572138, 0.056945258732, 0.1735189273),
}


def r_squared(y, x):
    off = y - y.mean()
    residuals = off - x @ np.linalg.lstsq(x, off, rcond=None)[0]
    return 1 - residuals @ residuals / (off @ off)


def test_swiss_shares_are_those_of_relaimpo():
    found = find_drivers(FERTILITY, CAUSES, SWISS_NAMES, replicates=0)
    assert found.r_squared == pytest.approx(0.7067350016, abs=1e-10)
    assert [driver.name for driver in found.drivers][:2] == ["Education", "Examination"]
    for driver in found.drivers:
        lmg, johnson, last, first = RELAIMPO[driver.name]
        assert driver.lmg == pytest.approx(lmg, abs=1e-8)
        assert driver.johnson == pytest.approx(johnson, abs=1e-8)
        assert driver.last == pytest.approx(last, abs=1e-8)
        assert driver.first == pytest.approx(first, abs=1e-8)
    part = {driver.name: driver.share for driver in found.drivers}
    expected = [0.08078165, 0.24220256, 0.36807952, 0.14937728, 0.15955899]
    assert [part[name] for name in SWISS_NAMES] == pytest.approx(expected, abs=1e-8)
    assert sum(driver.lmg for driver in found.drivers) == pytest.approx(found.r_squared, abs=1e-12)
    assert sum(driver.johnson for driver in found.drivers) == pytest.approx(found.r_squared, abs=1e-12)


def test_grouped_swiss_shares_are_those_of_relaimpo():
    groups = [("Education", "Examination"), ("Catholic", "Infant.Mortality")]
    found = find_drivers(FERTILITY, CAUSES, SWISS_NAMES, groups=groups, replicates=0)
    assert {driver.name: driver.lmg for driver in found.drivers} == pytest.approx(
        {
            "Education + Examination": 0.40296395,
            "Catholic + Infant.Mortality": 0.23020366,
            "Agriculture": 0.07356739,
        },
        abs=1e-8,
    )


def test_the_two_largest_swiss_drivers_cannot_be_told_apart():
    found = find_drivers(FERTILITY, CAUSES, SWISS_NAMES, seed=1)
    by_name = {driver.name: driver for driver in found.drivers}
    assert by_name["Education"].interval == pytest.approx((0.0772, 0.3967), abs=0.03)
    assert by_name["Agriculture"].interval == pytest.approx((0.0307, 0.1094), abs=0.02)
    assert ("Education", "Examination") in found.not_separable
    assert found == find_drivers(FERTILITY, CAUSES, SWISS_NAMES, seed=1), "a seed gives the same intervals"


def test_lmg_is_the_rise_averaged_over_every_order():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(40, 4)) @ rng.normal(size=(4, 4))
    x -= x.mean(axis=0)
    y = x @ (1, -2, 0, 0.5) + rng.normal(size=40) * 3
    rises = np.zeros(4)
    orders = list(permutations(range(4)))
    for order in orders:
        for place, j in enumerate(order):
            before = r_squared(y, x[:, order[:place]]) if place else 0.0
            rises[j] += (r_squared(y, x[:, order[: place + 1]]) - before) / len(orders)
    assert shares(cross_products(np.column_stack([x, y]))).lmg[:, 0] == pytest.approx(rises, abs=1e-12)


def literal_samples(y, x, count, seed, whose=None):
    """The bootstrap as the book has it: rows (or all rows of units) drawn and put together again."""
    rng = np.random.default_rng(seed)
    rows = np.arange(len(y)) if whose is None else whose
    found = []
    for _ in range(count):
        drawn = rng.integers(0, rows.max() + 1, rows.max() + 1)
        at = drawn if whose is None else np.concatenate([np.flatnonzero(whose == unit) for unit in drawn])
        found.append(shares(cross_products(np.column_stack([x[at], y[at]]))).lmg[:, 0])
    return np.quantile(found, [0.025, 0.975], axis=0).T


@pytest.mark.parametrize("clustered", [False, True])
def test_weighted_products_are_the_bootstrap_of_rows_and_of_units(clustered, monkeypatch):
    monkeypatch.setattr(module, "_ROWS_AT_ONCE", 17)  # several blocks
    rng = np.random.default_rng(2)
    whose = np.repeat(np.arange(30), 4)
    x = rng.normal(size=(120, 2)) + np.repeat(rng.normal(size=(30, 2)), 4, axis=0)
    y = x @ (1, 0.5) + rng.normal(size=120) + np.repeat(rng.normal(size=30), 4)
    found = find_drivers(y, x, ["a", "b"], units=whose if clustered else None, replicates=1000)
    expected = literal_samples(y, x, 250, 3, whose if clustered else None)
    np.testing.assert_allclose([driver.interval for driver in found.drivers], expected, atol=0.04)


def test_answers_of_one_partner_are_not_counted_as_many():
    rng = np.random.default_rng(4)
    whose = np.repeat(np.arange(25), 40)
    x = np.repeat(rng.normal(size=(25, 2)), 40, axis=0)
    y = x @ (1.0, 0.6) + np.repeat(rng.normal(size=25), 40) + rng.normal(size=1000)
    rows = find_drivers(y, x, ["a", "b"], replicates=300).drivers[0].interval
    units = find_drivers(y, x, ["a", "b"], units=whose, replicates=300).drivers[0].interval
    assert units.high - units.low > 3 * (rows.high - rows.low)


def test_copies_share_alike_and_are_named():
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=(2, 60))
    y = a + 0.5 * b + rng.normal(size=60)
    x = np.column_stack([a, 3 * a - 7, b, a - b, np.full(60, 1e6)])
    found = find_drivers(y, x, ["a", "copy", "b", "mix", "same"], replicates=100)
    by_name = {driver.name: driver for driver in found.drivers}
    assert found.collinear == (("a", "copy"), ("a", "b", "mix"))
    assert found.constant == ("same",)
    assert by_name["a"].lmg == pytest.approx(by_name["copy"].lmg, abs=1e-12)
    assert by_name["a"].johnson == pytest.approx(by_name["copy"].johnson, abs=1e-12)
    assert by_name["same"].lmg == by_name["same"].johnson == pytest.approx(0, abs=1e-15)
    assert by_name["a"].last == pytest.approx(0, abs=1e-12)
    assert sum(driver.lmg for driver in found.drivers) == pytest.approx(found.r_squared, abs=1e-12)
    assert found.r_squared == pytest.approx(r_squared(y, np.column_stack([a, b]) - [a.mean(), b.mean()]))
    assert ("a", "copy") in found.not_separable


def test_level_and_scale_of_a_column_do_not_matter():
    moved = find_drivers(1e5 + FERTILITY, 1e6 + CAUSES * [1e-3, 1, 1e3, 1, 1], SWISS_NAMES, replicates=0)
    plain = find_drivers(FERTILITY, CAUSES, SWISS_NAMES, replicates=0)
    assert [d.lmg for d in moved.drivers] == pytest.approx([d.lmg for d in plain.drivers], abs=1e-6)


def test_nothing_explains_an_outcome_that_is_always_the_same():
    found = find_drivers(np.full(47, 9.1), CAUSES, SWISS_NAMES, replicates=50)
    assert found.r_squared == 0
    assert {driver.lmg for driver in found.drivers} == {0.0}
    assert len(found.not_separable) == 10


def test_few_partners_give_shares_without_intervals():
    found = find_drivers(FERTILITY, CAUSES, SWISS_NAMES, units=np.arange(47) % 19)
    assert found.units == 19
    assert all(driver.interval is None for driver in found.drivers)
    assert len(found.not_separable) == 10, "nothing was shown to be separable"


def test_fifteen_drivers_are_compared_and_sixteen_refused():
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(60, 16)), rng.normal(size=60)
    names = [f"d{j}" for j in range(16)]
    found = find_drivers(y, x[:, :15], names[:15], replicates=0)
    assert sum(driver.lmg for driver in found.drivers) == pytest.approx(found.r_squared, abs=1e-12)
    with pytest.raises(TooManyDrivers):
        find_drivers(y, x, names)
    assert len(find_drivers(y, x, names, groups=[names[:2]], replicates=0).drivers) == 15


@pytest.mark.parametrize(
    ("columns", "names", "groups"),
    [
        (CAUSES[:-1], SWISS_NAMES, None),
        (CAUSES, SWISS_NAMES[:-1], None),
        (CAUSES, ("a", "a", "b", "c", "d"), None),
        (np.where(CAUSES == 17, np.nan, CAUSES), SWISS_NAMES, None),
        (CAUSES, SWISS_NAMES, [("Education", "Weather")]),
        (CAUSES, SWISS_NAMES, [("Education", "Catholic"), ("Education",)]),
    ],
)
def test_what_is_not_a_table_of_drivers_is_refused(columns, names, groups):
    with pytest.raises(NotDrivers):
        find_drivers(FERTILITY, columns, names, groups=groups)


def test_fewer_rows_than_columns_and_units_of_other_rows_are_refused():
    with pytest.raises(NotDrivers):
        find_drivers(FERTILITY, CAUSES, SWISS_NAMES, units=np.arange(46))
    with pytest.raises(NotDrivers):
        find_drivers(FERTILITY[:6], CAUSES[:6], SWISS_NAMES)


def test_drivers_of_one_side_are_added_up_with_an_interval_of_their_sum():
    sides = {"faith": ["Catholic"], "schooling": ["Education", "Examination"]}
    found = find_drivers(FERTILITY, CAUSES, SWISS_NAMES, groups=[["Agriculture", "Catholic"]], sides=sides)
    by_name = {driver.name: driver for driver in found.drivers}
    faith, schooling = found.sides
    assert (faith.name, faith.lmg) == ("faith", 0), "the driver is where its first name is"
    both = by_name["Education"].lmg + by_name["Examination"].lmg
    assert schooling.lmg == pytest.approx(both)
    widths = [one.high - one.low for one in (by_name["Education"].interval, by_name["Examination"].interval)]
    assert schooling.interval.low < both < schooling.interval.high
    assert schooling.interval.high - schooling.interval.low < sum(widths)


def test_what_goes_with_nothing_is_not_credited_and_the_interval_holds_its_estimate():
    """1,000 answers of 150 partners that are half alike; two sides of four columns each."""
    names, whose, without, shown = [f"{j}" for j in range(8)], np.arange(1000) % 150, 0, []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        own = rng.normal(size=(1000, 9)) + rng.normal(size=(150, 9))[whose]
        found = find_drivers(
            own[:, 8], own[:, :8], names, units=whose, groups=[names[:3], names[3:6]],
            sides={"support": names[:3], "outside": names[3:]}, replicates=100,
        )  # fmt: skip
        parts = [*found.drivers, *found.sides]
        assert all(one.interval.low > 0 for one in parts if one.lmg), "a percentile never holds 0"
        kept = [found.adjusted, *(one.adjusted for one in parts)]
        assert all(one.interval.low <= one.value <= one.interval.high for one in kept)
        without += found.sides[0].adjusted.interval.low == 0
        shown.append((found.r_squared, found.adjusted.value))
    assert without >= 7
    raw, adjusted = np.mean(shown, axis=0)
    assert adjusted < 0.5 * raw


def test_many_columns_of_noise_are_not_ranked_above_one():
    rng = np.random.default_rng(0)
    names = [f"{j}" for j in range(11)]
    y, x = rng.normal(size=500), rng.normal(size=(500, 11))
    found = find_drivers(y, x, names, groups=[names[:10]], replicates=100)
    assert found.not_separable == ((found.drivers[0].name, "10"),)


def test_without_a_draw_noise_is_what_adjusting_r_squared_takes_off():
    sides = {"first": SWISS_NAMES[:2], "rest": SWISS_NAMES[2:]}
    found = find_drivers(FERTILITY, CAUSES, SWISS_NAMES, sides=sides, replicates=0)
    assert found.adjusted.value == pytest.approx(0.670971, abs=1e-6)  # R: summary(lm(Fertility ~ ., swiss))
    assert sum(side.adjusted.value for side in found.sides) == pytest.approx(found.adjusted.value)
    assert {one.adjusted.interval for one in found.drivers} == {None}
