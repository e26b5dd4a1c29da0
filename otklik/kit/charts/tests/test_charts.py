"""Charts are well-formed SVG that says what it shows, escapes what it is given, and leaves gaps where one
cannot tell.
"""

import re
import xml.etree.ElementTree as ElementTree
from html import unescape

import pytest

from otklik.kit.charts import (
    DARK,
    LIGHT,
    ForestRow,
    ForestWords,
    KindWords,
    Mark,
    TrendPoint,
    TrendWords,
    css,
    distribution,
    forest,
    stacked,
    trend,
)

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert('x')</script> & \"Co\""


def number(value, decimals=0):
    return f"{value:.{decimals}f}"


def percent(share):
    return f"{share:.0%}"


TREND = TrendWords("Score", "Over time", "NPS", "95% interval", "answers", "cannot tell", number)
FOREST = ForestWords("Segments", "Side by side", "NPS", "shrunk", "all", "answers", number)
KINDS = KindWords("Scores", "All", "detractors", "passives", "promoters", number, percent)


def parsed(svg):
    return ElementTree.fromstring(svg)


def texts(svg):
    return [element.text for element in parsed(svg).iter(f"{SVG}text")]


def count(svg, tag):
    return len(list(parsed(svg).iter(SVG + tag)))


def points(*scores):
    return [
        TrendPoint(
            f"m{at}",
            3 if score is None else 50,
            score,
            None if score is None else score - 10,
            None if score is None else score + 10,
        )
        for at, score in enumerate(scores)
    ]


@pytest.fixture(params=[760.0, 340.0], ids=["wide", "narrow"])
def width(request):
    return request.param


def every_chart(width, label=NASTY):
    words = TrendWords(label, label, label, label, label, label, number)
    yield trend(
        [TrendPoint(label, 9, 10, 0, 20, label), TrendPoint(label, 1, None, tip=label)],
        words,
        key="t",
        width=width,
    )
    row = ForestRow(label, "9", 10, 0, 20, 9, 1, 15, label, label)
    yield forest(
        [row],
        ForestWords(label, label, label, label, label, label, number),
        key="f",
        overall=(5, 0, 9),
        width=width,
    )
    kinds = KindWords(label, label, label, label, label, number, percent)
    yield distribution([1] * 11, kinds, key="d", width=width)
    yield stacked((1, 2, 3), kinds, key="s", width=width)


def test_every_chart_escapes_what_it_is_given(width):
    for svg in every_chart(width):
        parsed(svg)
        assert "<script" not in svg
        assert NASTY in unescape(svg)


def test_every_chart_has_a_name_and_a_description_for_screen_readers(width):
    for svg in every_chart(width, "words"):
        root = parsed(svg)
        named = root.attrib["aria-labelledby"].split()
        assert root.attrib["role"] == "img"
        assert [root.find(f"{SVG}title").attrib["id"], root.find(f"{SVG}desc").attrib["id"]] == named
        assert root.attrib["viewBox"].startswith(f"0 0 {width:g} ")


def test_colours_follow_the_page():
    for svg in every_chart(760.0):
        fills = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) - {"none", "transparent"}
        assert all(fill.startswith(("var(--chart-", "url(#")) for fill in fills)
        assert "style=" not in svg
    assert LIGHT.keys() == DARK.keys()
    assert "--chart-promoter: #" in css(DARK)


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_the_page(theme):
    assert min(contrast(theme[name], theme["surface"]) for name in ("text", "muted")) >= 4.5
    assert contrast(theme["text"], theme["surface"]) >= 4.5
    strong = ("score", "shrunk", "detractor", "promoter", "marker")
    assert min(contrast(theme[name], theme["surface"]) for name in strong) >= 3
    assert contrast(theme["on-strong"], theme["promoter"]) >= 4.5
    assert contrast(theme["on-passive"], theme["passive"]) >= 4.5


def test_a_line_breaks_where_one_cannot_tell(width):
    svg = trend(points(10, 20, None, 30, 40), TREND, key="t", width=width)

    assert count(svg, "polyline") == 2
    assert count(svg, "polygon") == 2
    assert "cannot tell" in texts(svg)


def test_no_gap_no_legend_for_it():
    assert "cannot tell" not in texts(trend(points(10, 20, 30), TREND, key="t"))


def test_a_single_period_keeps_its_interval():
    svg = trend(points(None, 10, None), TREND, key="t")

    assert 'fill="var(--chart-band' in svg
    assert count(svg, "polygon") == 0


def test_the_scale_holds_every_interval():
    svg = trend([TrendPoint("a", 10, -60, -95, -20), TrendPoint("b", 10, 90, 70, 98)], TREND, key="t")

    ys = [
        float(y)
        for polygon in re.findall(r'<polygon points="([^"]*)"', svg)
        for y in re.findall(r",([\d.]+)", polygon)
    ]
    assert min(ys) > 30
    assert max(ys) < 300
    assert {"-100", "100"} <= set(texts(svg))


def test_a_change_of_level_is_marked():
    assert "new level" in texts(trend(points(10, 10, 50, 50), TREND, key="t", marks=[Mark(2, "new level")]))


def test_labels_do_not_run_into_each_other(width):
    many = [TrendPoint(f"March {year}", 50, 10, 0, 20) for year in range(2000, 2048)]

    shown = [text for text in texts(trend(many, TREND, key="t", width=width)) if text.startswith("March")]

    assert 2 <= len(shown) <= width / 60


@pytest.mark.parametrize("series", [[], points(None), points(10)])
def test_little_data_is_drawn_too(series):
    parsed(trend(series, TREND, key="t"))


def test_a_segment_without_a_score_shows_its_shrunk_value_only(width):
    rows = [
        ForestRow("A", "50", 10, 0, 20, 9, 1, 15),
        ForestRow("B", "3", None, shrunk=12, shrunk_low=-5, shrunk_high=30),
    ]
    svg = forest(rows, FOREST, key="f", width=width)

    assert count(svg, "circle") == 1 + 1  # one segment and the legend
    assert count(svg, "polygon") == 2 + 1  # two shrunk values and the legend


def test_shrunk_values_are_explained_only_where_there_are_some():
    assert "shrunk" not in texts(forest([ForestRow("A", "50", 10, 0, 20)], FOREST, key="f"))


def test_a_long_name_is_cut_but_stays_readable_when_pointed_at():
    name = "A partner with a very long name indeed, " * 4
    svg = forest([ForestRow(name, "50", 10, 0, 20)], FOREST, key="f")

    assert any(text.endswith("…") for text in texts(svg))
    assert name in [element.text for element in parsed(svg).iter(f"{SVG}title")]


def test_kinds_are_told_apart_without_colour(width):
    svg = stacked((10, 20, 70), KINDS, key="s", width=width)

    assert "url(#s-detractor)" in svg
    assert {"detractors: 10 (10%)", "passives: 20 (20%)", "promoters: 70 (70%)"} <= set(texts(svg))


def test_every_score_has_its_bar_and_its_number():
    svg = distribution(list(range(11)), KINDS, key="d")

    assert set(map(str, range(11))) <= set(texts(svg))
    assert "promoters 35%" in texts(svg)


def test_no_answers_divide_by_nothing():
    parsed(stacked((0, 0, 0), KINDS, key="s"))
    parsed(distribution([0] * 11, KINDS, key="d"))
