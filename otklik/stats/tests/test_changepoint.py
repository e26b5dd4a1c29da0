"""Change points: the Nile, every partition tried by hand, and how often steady series raise a false alarm."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from otklik.stats.changepoint import NotASeries, Segment, best_segments, nps_segments, segments

# Annual flow of the Nile at Aswan 1871-1970, 10^8 m^3: Cobb, Biometrika 65, 1978; R datasets::Nile.
NILE = np.array([
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020,
    960, 1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840,
    874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702,
    1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759,
    781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801,
    1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815,
    1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
], dtype=float)  # fmt: skip


def residual(series, found, weights=None):
    w = np.ones(len(series)) if weights is None else np.asarray(weights)
    return sum(float((w[s.start : s.stop] * (series[s.start : s.stop] - s.mean) ** 2).sum()) for s in found)


def test_the_nile_changed_once_after_1898():
    found = best_segments(NILE, breaks=1)
    assert [(s.start, s.stop) for s in found] == [(0, 28), (28, 100)]
    assert [s.mean for s in found] == pytest.approx([1097.75, 849.9722], abs=1e-4)
    assert residual(NILE, best_segments(NILE, breaks=0)) == pytest.approx(2835156.75)
    assert residual(NILE, found) == pytest.approx(1597457.1944, abs=1e-4)
    assert segments(NILE, penalty=2 * np.log(100) * NILE.var()) == found
    assert segments(NILE) == found, "the default penalty says the same"


@pytest.mark.parametrize("breaks", [0, 1, 2, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_best_partition_is_the_best_of_all(breaks, weighted):
    rng = np.random.default_rng(breaks)
    series = rng.normal(size=11) + np.repeat([0, 2, -1], [4, 4, 3])
    weights = rng.uniform(0.5, 3, 11) if weighted else None
    found = best_segments(series, breaks=breaks, weights=weights)
    tried = []
    for cuts in combinations(range(1, 11), breaks):
        edges = [0, *cuts, 11]
        parts = [
            Segment(a, b, float(np.average(series[a:b], weights=None if weights is None else weights[a:b])))
            for a, b in pairwise(edges)
        ]
        tried.append((residual(series, parts, weights), cuts))
    assert tuple(s.start for s in found[1:]) == min(tried)[1]
    assert residual(series, found, weights) == pytest.approx(min(tried)[0])


def test_a_dip_with_a_cause_is_found_where_it_began():
    rng = np.random.default_rng(3)
    steady, dip = (0.2, 0.3, 0.5), (0.45, 0.25, 0.3)
    counts = np.array([rng.multinomial(60, dip if 12 <= month < 17 else steady) for month in range(24)])
    found = nps_segments(counts)
    assert [segment.start for segment in found] == [0, 12, 17]
    assert found[1].mean < found[0].mean - 0.2


def test_steady_months_rarely_raise_a_false_alarm():
    rng = np.random.default_rng(4)
    alarms = sum(
        len(nps_segments(np.array([rng.multinomial(n, (0.2, 0.3, 0.5)) for n in rng.integers(10, 80, 24)])))
        > 1
        for _ in range(500)
    )
    assert alarms / 500 < 0.05


def test_months_without_answers_belong_to_their_stretch():
    counts = np.array([(0, 0, 0), *[(5, 10, 45)] * 8, (0, 0, 0), *[(30, 15, 15)] * 8, (0, 0, 0)])
    found = nps_segments(counts)
    assert [(s.start, s.stop) for s in found] == [(0, 10), (10, 19)]
    assert [s.mean for s in found] == pytest.approx([40 / 60, -0.25])


def test_short_and_flat_series_have_one_stretch():
    assert nps_segments([]) == []
    assert nps_segments([(0, 0, 0)] * 5) == []
    assert nps_segments([(1, 2, 3)]) == [Segment(0, 1, pytest.approx(1 / 3))]
    assert len(nps_segments([(0, 0, 9)] * 30)) == 1
    assert segments([]) == []
    assert segments([0.1] * 40) == [Segment(0, 40, pytest.approx(0.1))]
    assert segments([1.0, 9.0]) == [Segment(0, 2, 5.0)]


def test_level_and_scale_do_not_matter():
    cuts = [s.start for s in segments(NILE)]
    assert [s.start for s in segments(NILE * 1e-6 + 1e3)] == cuts
    assert [s.start for s in segments(-NILE)] == cuts


@pytest.mark.parametrize(
    ("values", "weights"), [([1, float("nan")], None), ([[1, 2]], None), ([1, 2], [1]), ([1, 2], [1, 0])]
)
def test_what_is_not_a_series_is_refused(values, weights):
    with pytest.raises(NotASeries):
        segments(values, weights=weights)


def test_more_breaks_than_points_are_refused():
    with pytest.raises(NotASeries):
        best_segments([1.0, 2.0], breaks=2)
    with pytest.raises(NotASeries):
        best_segments([1.0, 2.0, 3.0], breaks=1, min_size=2)
