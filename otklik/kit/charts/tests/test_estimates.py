"""Effects, doses and shares as pictures: what is not sure looks otherwise, and nothing leaves its frame."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from otklik.kit.charts import (
    DosePoint,
    DoseWords,
    EstimateRow,
    EstimateWords,
    ForestRow,
    ForestWords,
    Part,
    Sureness,
    doses,
    estimates,
    forest,
    shares,
)
from otklik.kit.charts.svg import decimals_of, round_ticks

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert('x')</script>"


def number(value, decimals=0):
    return f"{value:.{decimals}f}"


WORDS = EstimateWords("Effects", "One line each", "points", {one: one.value for one in Sureness}, number)
DOSES = DoseWords("Dose", "Curve", "hours", "difference", "band", "monotone", "answers", number)
ROWS = [
    EstimateRow("Late", -9.0, -15.0, -3.0, group="Support", figures="-9"),
    EstimateRow("Held", 2.0, -400.0, 400.0, Sureness.UNSURE, group="Outside"),
    EstimateRow(NASTY, None, figures="not computed", group="Outside"),
]


@pytest.mark.parametrize("width", [860, 340])
def test_what_nobody_can_tell_is_dashed_and_does_not_stretch_the_scale(width):
    chart = estimates(ROWS, WORDS, key="c", width=width, reach=10.0)
    root = ElementTree.fromstring(chart)
    assert root.find(f"{SVG}title").text == "Effects"
    assert "<script>" not in chart
    assert chart.count('stroke-dasharray="4 4"') == 2  # in its row and in the legend
    assert "not computed" in chart
    ticks = [float(one) for one in re.findall(r">(-?\d+)</text>", chart)]
    assert min(ticks) >= -20
    assert max(ticks) <= 20


@pytest.mark.parametrize("width", [860, 340])
def test_everything_of_a_chart_stands_inside_it(width):
    chart = estimates(ROWS, WORDS, key="c", width=width, reach=10.0)
    for name in ("x", "x1", "x2", "cx"):
        for value in re.findall(rf'[ ]{name}="(-?[\d.]+)"', chart):
            assert 0 <= float(value) <= width


def test_a_chart_of_nothing_is_a_chart():
    ElementTree.fromstring(estimates([], WORDS, key="c"))
    ElementTree.fromstring(estimates([EstimateRow("Flat", 0.0, 0.0, 0.0)], WORDS, key="c"))


def test_the_lowest_dose_is_where_the_band_begins():
    points = [DosePoint("0", 10, 0.0), DosePoint("1", 5, -8.0, -16.0, -1.0, -8.0, tip=NASTY)]
    chart = doses(points, DOSES, key="d", width=340)
    root = ElementTree.fromstring(chart)
    band = root.find(f"{SVG}polygon").get("points").split()
    assert len(band) == 4
    assert band[0] == band[-1]
    assert "<script>" not in chart


def test_doses_of_which_nothing_can_be_told_show_the_answers_alone():
    chart = doses([DosePoint("0", 10, 0.0), DosePoint("1", 5, None)], DOSES, key="d")
    assert "polygon" not in chart
    assert ">10<" in chart


def test_nothing_joins_what_was_before_and_what_came_after():
    points = [DosePoint(str(at), 10, at - 2.0, at - 4.0, at + 1.0) for at in range(5)]
    words = replace(DOSES, monotone="")
    chart = doses(points, words, key="d", parted=2)
    root = ElementTree.fromstring(chart)
    assert [len(one.get("points").split()) for one in root.iter(f"{SVG}polyline")] == [2, 3]
    assert [len(one.get("points").split()) for one in root.iter(f"{SVG}polygon")] == [4, 6]
    assert chart.count("stroke-dasharray") == 1, (
        "the upright line, and no legend of a curve that is not there"
    )
    alone = ElementTree.fromstring(doses(points[:3], words, key="d", parted=2))
    assert len(list(alone.iter(f"{SVG}rect"))) == len(list(root.iter(f"{SVG}rect"))) - 1, (
        "two columns less, a band"
    )


def test_shares_fill_the_bar_and_are_told_in_words():
    parts = [Part("Support", 0.06, "6 %"), Part("Outside", 0.08, "8 %"), Part("Unknown", 0.86, "86 %")]
    chart = shares(parts, key="s", title="Shares", description="...", width=340)
    ElementTree.fromstring(chart)
    assert all(f"{part.label}: {part.figure}" in chart for part in parts)


@pytest.mark.parametrize(("low", "high"), [(-0.3, 0.1), (-37, 12), (0, 8.9), (-1e-6, 1e-6), (-4e5, 3e5)])
def test_ticks_are_round_and_hold_zero_on_any_scale(low, high):
    ticks = round_ticks(low, high, 6)
    assert 0 in ticks
    assert 2 <= len(ticks) <= 6
    assert low - 1e-9 <= min(ticks)
    assert max(ticks) <= high + 1e-9


@pytest.mark.parametrize(
    ("high", "written"),
    [
        (1.6, ["0.0", "0.5", "1.0", "1.5"]),
        (1.0, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        (13.0, ["0", "5", "10"]),
    ],
)
def test_no_two_ticks_read_alike(high, written):
    """Hours within which one is answered may all be under two."""
    ticks = round_ticks(0, high, 5)
    assert [number(one, decimals_of(ticks)) for one in ticks] == written
    rows = [ForestRow("Mail", "40", high / 2, 0.0, high)]
    words = ForestWords("Waits", "Hours", "median", "", "", "tickets", number)
    chart = forest(rows, words, key="k", width=360, span=(0.0, high))
    assert all(f">{one}</text>" in chart for one in written)
