from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation

from otklik.kit import icons
from otklik.kit.templatetags import otklik as tags

MOMENT = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)


def drawn(source: str, **values: object) -> str:
    request = RequestFactory().get("/partners/?tier=gold&page=2")
    return engines["django"].from_string(source).render(values, request)


@pytest.mark.parametrize(
    ("language", "figure", "percent", "signed", "interval"),
    [
        ("en", "13,612.5", "12.3%", "−4.0", "−1.5 … 54.5"),
        ("ru", "13\u00a0612,5", "12,3\u00a0%", "−4,0", "−1,5 … 54,5"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(
    language: str, figure: str, percent: str, signed: str, interval: str
) -> None:
    with translation.override(language):
        assert tags.figure(13612.5, 1) == figure
        assert tags.percent(0.1234, 1) == percent
        assert tags.signed(-4, 1) == signed
        assert tags.interval_text(-1.5, 54.5) == interval


def test_what_is_not_known_is_a_dash_and_never_a_zero() -> None:
    shown = {tags.figure(None), tags.percent(None), tags.signed(None), tags.local_date(None)}
    assert shown == {"–"}
    assert tags.interval_text(None, 1) == ""


def test_a_sign_stands_before_what_differs_from_zero_once_rounded() -> None:
    with translation.override("en"):
        assert [tags.signed(value, 1) for value in (0.04, -0.04, 0.05001)] == ["0.0", "0.0", "+0.1"]


@pytest.mark.parametrize(
    ("score", "word"), [(10, "promoter"), (9, "promoter"), (8, "passive"), (6, "detractor")]
)
def test_a_score_says_its_group_in_words_too(score: int, word: str) -> None:
    with translation.override("en"):
        assert f">{score}<" in tags.score_badge(score)
        assert word in tags.score_badge(score)


def test_a_moment_is_shown_in_the_zone_of_the_person() -> None:
    with translation.override("ru"), timezone.override("Asia/Vladivostok"):
        text = tags.local_time(MOMENT)
        assert "3 марта 2026, 07:30" in text
        assert 'datetime="2026-03-03T07:30+10:00"' in text
        assert "2 марта 2026" in tags.local_date(date(2026, 3, 2))


def test_an_icon_that_nobody_drew_is_named_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="no icon 'unicorn'; there are activity"):
        icons.svg("unicorn")


class Wish(forms.Form):
    name = forms.CharField(help_text="As on the contract")
    kinds = forms.MultipleChoiceField(
        choices=[("a", "A & B")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField()


def test_an_error_and_a_help_are_tied_to_their_field() -> None:
    page = drawn("{% fields form %}", form=Wish({"name": "", "agreed": "on"}))
    assert 'aria-describedby="id_name_error id_name_help"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_error"' in page
    assert 'id="id_name_help"' in page


def test_several_boxes_are_one_group_with_a_legend() -> None:
    page = drawn("{% field form.kinds %}", form=Wish({"kinds": ["a"]}))
    assert "<legend" in page
    assert "A &amp; B" in page
    assert " checked" in page


def test_turning_pages_keeps_the_filters() -> None:
    page = Paginator(range(100), 20).page(2)
    shown = drawn("{% pages page %}", page=page)
    assert 'href="?tier=gold&amp;page=3"' in shown
    assert 'aria-current="page"' in shown
    assert "21–40" in shown
    assert drawn("{% pages page %}", page=Paginator(range(3), 20).page(1)).strip() == ""


def test_progress_without_a_known_end_claims_no_figure() -> None:
    assert 'aria-valuenow="40"' in drawn("{% progress 2 5 'Reading' %}")
    assert "aria-valuenow" not in drawn("{% progress 2 None 'Reading' %}")


def test_figures_are_rounded_not_cut() -> None:
    assert tags.figure(66.67) == "67"
    assert tags.percent(2 / 3) == "67%"
    assert tags.figure(-0.04, 1) == "0.0"
