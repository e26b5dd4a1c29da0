"""The page: complete in itself, in both languages, with the same figures as the table, and safe whatever the
file holds.
"""

import re
from html.parser import HTMLParser

import pytest

from otklik.cli.analyze.tests.conftest import answers

NASTY = "<img src=x onerror=alert(1)>"


@pytest.fixture
def report(run, file, tmp_path):
    """The page about two tiers over a year compared with before, in a language."""
    lines = ["score,tier,date"]
    for month in range(1, 13):
        day = f"2025-{month:02d}-10"
        lines += [*answers(2, 5, 20, "gold", day), *answers(15, 8, 9, NASTY, day)]
    lines += ["9,tiny,2025-01-10", "11,gold,2025-01-10", "9,gold,2025-02-31"]
    later, earlier = file(lines), file(["score", *answers(10, 20, 70)], "before.csv")

    def write(*more):
        path = tmp_path / "report.html"
        options = ("--by", "tier", "--date", "date", "--previous", earlier, "--report", path)
        outcome = run(later, *options, *more)
        assert outcome.status == 0, outcome.err
        return path.read_text(encoding="utf-8")

    return write


class Reader(HTMLParser):
    """Collects elements, and refuses a page whose elements do not close as they opened."""

    void = frozenset({"meta", "link", "img", "br", "hr", "input"})

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.ids, self.headings, self.cells = [], [], [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] == ["h2"]:
            self.headings.append(data)
        if self.open[-1:] in (["td"], ["th"]):
            self.cells.append(data)


def test_it_needs_nothing_but_itself(report):
    page = Reader(report())

    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    loading = [
        value for _, attrs in page.tags for name, value in attrs.items() if name in ("src", "href", "action")
    ]
    assert loading == []
    policy = next(
        attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    assert "url(http" not in report()


def test_what_stands_in_the_file_cannot_act_on_the_page(report):
    page = report()

    assert NASTY not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_ids_are_unique(report):
    ids = Reader(report()).ids

    assert len(ids) == len(set(ids)) > 8


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        (
            "en",
            ["What can be said", "Compared with before", "Over time", "By tier", "Distribution of scores"],
        ),
        ("ru", ["Что можно сказать", "Сравнение с прежним периодом", "Динамика", "В разрезе «tier»"]),
    ],
)
def test_it_speaks_both_languages(report, language, headings):
    page = report("--lang", language)
    read = Reader(page)

    assert next(attrs["lang"] for tag, attrs in read.tags if tag == "html") == language
    assert set(headings) <= set(read.headings)
    if language == "ru":
        words = re.sub(r"<style>.*?</style>|<[^>]+>|&[a-z0-9#]+;|[\w.]+\.csv", " ", page, flags=re.DOTALL)
        names = (
            "CSV",
            "ASCII",
            "NPS",
            "Otklik",
            "gold",
            "tiny",
            "score",
            "tier",
            "img",
            "src",
            "onerror",
            "alert",
        )
        words = re.sub("|".join(rf"\b{name}\b" for name in names), " ", words)
        assert re.findall(r"[A-Za-z]{2,}", words) == []


def test_every_chart_has_its_figures_in_a_table(report):
    page = Reader(report("--lang", "en"))

    charts = [attrs for tag, attrs in page.tags if tag == "svg"]
    tables = [tag for tag, _ in page.tags if tag == "table"]
    assert all(attrs["role"] == "img" for attrs in charts)
    assert len(charts) == 2 * 5  # for wide and for narrow screens
    assert len(tables) == 4  # the shares are in words already
    assert {"gold", "325", "tiny", "January 2025"} <= set(page.cells)


def test_dark_screens_and_paper_are_thought_of(report):
    page = report()

    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "size: A4" in page
    assert "color-scheme: light dark" in page


def test_the_place_of_the_report_is_said(run, file, tmp_path):
    outcome = run(file(["nps", *answers(1, 1, 8)]), "--report", tmp_path / "r.html")

    assert f"Report: {tmp_path / 'r.html'}" in outcome.out
