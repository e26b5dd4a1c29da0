"""From a file of answers to NPS with its uncertainty."""

import io
import sys
from pathlib import Path

import openpyxl
import pytest

from otklik.cli.analyze.tests.conftest import answers

RETAIL = Path(__file__).parents[5] / "shared" / "data" / "nps-retail" / "nps.csv"


@pytest.mark.skipif(not RETAIL.exists(), reason="../shared/data/nps-retail/nps.csv is not here")
def test_a_retail_chain_of_13612_answers(run):
    found = run(RETAIL, "--score", "nps", "--json").object

    assert found["n"] == 13612
    assert [found["detractors"], found["passives"], found["promoters"]] == [1194, 3953, 8465]
    assert found["nps"] == pytest.approx(53.416, abs=0.001)
    assert found["interval"] == pytest.approx([52.312, 54.500], abs=0.001)
    assert (found["method"], found["level"]) == ("tango", 0.95)
    assert found["skipped"] == {"missing": 342}
    assert found["source"]["encoding"] == "cp1252"


@pytest.mark.skipif(not RETAIL.exists(), reason="../shared/data/nps-retail/nps.csv is not here")
def test_the_retail_chain_does_not_need_to_be_told_its_score_column(run):
    text = run(RETAIL, "--lang", "ru").out

    assert "NPS 53,4, интервал 95 %: 52,3 … 54,5" in text
    assert "Пропущено 342 значения:" in text
    assert "нет значения: 342 (строка 37 «NA»" in text


def test_the_object_has_the_promised_shape(run, file):
    found = run(file(["score", *answers(10, 20, 70)]), "--json").object

    assert {
        "n",
        "detractors",
        "passives",
        "promoters",
        "nps",
        "interval",
        "method",
        "level",
        "skipped",
    } <= set(found)
    assert {"segments", "comparison", "verdicts"} <= set(found)
    assert (found["n"], found["nps"]) == (100, 60)
    assert found["interval"] == pytest.approx([45.2167, 71.2768], abs=0.001)
    assert (found["segments"], found["comparison"], found["verdicts"]) == ([], None, [])


def test_fewer_than_five_answers_give_people_but_no_score(run, file):
    found = run(file(["score", "10", "9", "3"]), "--json")

    assert (found.object["n"], found.object["nps"], found.object["interval"]) == (3, None, None)
    assert found.object["promoters"] == 2
    assert found.codes == ["too_few_answers"]


def test_a_small_segment_borrows_from_its_sisters(run, file):
    lines = [
        "score,tier",
        *answers(5, 10, 25, "gold"),
        *answers(20, 10, 10, "silver"),
        "10,bronze",
        "3,bronze",
    ]

    found = run(file(lines), "--by", "tier", "--json").object["segments"]

    bronze = next(segment for segment in found if segment["by"] == {"tier": "bronze"})
    gold = next(segment for segment in found if segment["by"] == {"tier": "gold"})
    assert (bronze["n"], bronze["nps"], bronze["interval"]) == (2, None, None)
    assert -100 < bronze["shrunk"] < 100
    assert bronze["shrunk_interval"][0] < bronze["shrunk"] < bronze["shrunk_interval"][1]
    assert gold["nps"] == 50
    assert 0 < gold["shrunk"] < 50


def test_segments_that_differ_are_ranked_and_named(run, file):
    lines = ["score,tier", *answers(5, 10, 85, "gold"), *answers(60, 20, 20, "bronze")]

    found = run(file(lines), "--by", "tier", "--json")

    assert [segment["by"]["tier"] for segment in found.object["segments"]] == ["gold", "bronze"]
    assert [segment["standing"] for segment in found.object["segments"]] == ["above", "below"]
    (verdict,) = found.object["verdicts"]
    assert verdict["code"] == "segments_differ"
    assert "Above all answers together: gold. Below: bronze." in verdict["text"]


def test_segments_that_do_not_differ_get_no_league_table(run, file):
    lines = ["score,tier", *(line for tier in ("10", "9", "2") for line in answers(10, 20, 30, tier))]

    found = run(file(lines), "--by", "tier", "--json")

    assert [segment["by"]["tier"] for segment in found.object["segments"]] == ["2", "9", "10"]
    assert found.codes == ["segments_do_not_differ"]
    assert "no league table" in found.object["verdicts"][0]["text"]


def test_columns_together_make_one_breakdown_and_apart_make_two(run, file):
    lines = ["score,tier,country", *answers(1, 2, 5, "gold", "DE"), *answers(1, 2, 5, "gold", "")]
    path = file(lines)

    together = run(path, "--by", "tier", "country", "--json").object["segments"]
    apart = run(path, "--by", "tier", "--by", "country", "--json").object["segments"]

    assert [segment["by"] for segment in together] == [
        {"tier": "gold", "country": "DE"},
        {"tier": "gold", "country": None},
    ]
    assert [segment["by"] for segment in apart] == [{"tier": "gold"}, {"country": "DE"}, {"country": None}]


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((40, 30, 30), (10, 20, 70), "up"),
        ((10, 20, 70), (40, 30, 30), "down"),
        ((1000, 2000, 7000), (1000, 2000, 7000), "no_difference_seen"),
        ((5, 5, 10), (4, 6, 10), "cannot_tell"),
        ((1, 1, 1), (10, 20, 70), "cannot_tell"),
    ],
)
def test_two_periods_get_a_verdict(run, file, before, after, verdict):
    earlier, later = file(["score", *answers(*before)], "before.csv"), file(["score", *answers(*after)])

    found = run(later, "--previous", earlier, "--json")

    assert found.object["comparison"]["verdict"] == verdict
    assert found.object["comparison"]["previous"]["n"] == sum(before)
    assert f"comparison_{verdict}" in found.codes
    if sum(before) >= 5:
        low, high = found.object["comparison"]["interval"]
        assert low < found.object["comparison"]["difference"] < high


def months(*scores_by_month):
    lines = ["score,date"]
    for at, counts in enumerate(scores_by_month):
        lines += answers(*counts, f"{2024 + at // 12}-{at % 12 + 1:02d}-15")
    return lines


def test_a_fall_is_dated(run, file):
    found = run(file(months(*[(5, 15, 40)] * 8, *[(30, 20, 10)] * 6)), "--date", "date", "--json")

    assert len(found.object["periods"]) == 14
    assert found.object["periods"][0]["start"] == "2024-01-01"
    assert found.object["trend"]["changes"] == ["2024-09-01"]
    assert found.object["trend"]["last_change"]["verdict"] == "down"
    assert found.codes == ["trend_down"]


def test_a_steady_course_is_called_steady_only_with_enough_answers(run, file):
    many = run(file(months(*[(200, 300, 500)] * 8)), "--date", "date", "--json")
    few = run(file(months(*[(2, 3, 5)] * 8)), "--date", "date", "--json")

    assert (many.codes, few.codes) == (["trend_no_difference_seen"], ["trend_cannot_tell"])


def test_months_without_answers_stay_gaps(run, file):
    lines = ["score,date", *answers(2, 3, 5, "15.01.2025"), *answers(2, 3, 5, "15.04.2025")]

    found = run(file(lines), "--date", "date", "--json").object["periods"]

    assert [(period["n"], period["nps"]) for period in found] == [(10, 30), (0, None), (0, None), (10, 30)]


def test_long_or_thin_series_are_shown_by_quarter(run, file):
    found = run(file(months(*[(1, 1, 2)] * 24)), "--date", "date", "--json").object

    assert found["trend"]["bucket"] == "quarter"
    assert len(found["periods"]) == 8


def test_weights_shift_the_score_and_cost_precision(run, file):
    path = file(["score;w", *["3;0,5"] * 40, *["3;2"] * 10, *["10;0,5"] * 10, *["10;2"] * 40])

    plain = run(path, "--json").object
    weighted = run(path, "--weight", "w", "--json").object

    assert (plain["nps"], weighted["nps"]) == (0, 36)
    assert weighted["n"] == 100
    assert weighted["n_effective"] < 90
    assert "weighted" in [verdict["code"] for verdict in weighted["verdicts"]]


def test_a_row_with_a_bad_weight_is_skipped_and_named(run, file):
    path = file(["score,w", *["9,1"] * 6, "9,", "9,heavy", "9,0", "9,-1"])

    found = run(path, "--weight", "w", "--json").object

    assert found["n"] == 6
    assert found["skipped"] == {"weight_missing": 1, "weight_text": 1, "weight_not_positive": 2}
    assert found["skipped_examples"]["weight_text"] == [{"row": 9, "value": "heavy"}]


def test_a_known_population_narrows_the_interval_and_all_of_it_is_a_count(run, file):
    path = file(["score", *answers(4, 8, 12)])

    unknown, known, everybody = (
        run(path, "--json", *extra).object for extra in ((), ("--population", 60), ("--population", 24))
    )

    assert known["interval"][1] - known["interval"][0] < unknown["interval"][1] - unknown["interval"][0]
    assert (everybody["kind"], everybody["interval"]) == ("count", None)
    assert everybody["nps"] == pytest.approx(33.3333, abs=0.001)


def test_every_kind_of_bad_value_is_counted_with_its_row(run, file):
    values = ["10", "9,0", "9.0", "10/10", "9,5", "11", "-1", "great", "NaN", "", "8", "7", "6"]
    path = file(["score;id", *(f"{value};{at}" for at, value in enumerate(values))])

    found = run(path, "--json").object

    assert found["n"] == 6
    assert found["skipped"] == {"fraction": 1, "not_whole": 1, "out_of_range": 2, "text": 1, "missing": 2}
    assert found["skipped_examples"]["out_of_range"] == [{"row": 7, "value": "11"}, {"row": 8, "value": "-1"}]


@pytest.mark.parametrize(
    "written", ["2025-01-{:02d}", "{:02d}.01.2025", "{:02d}/01/2025", "{:02d} янв 2025", "Jan {:d}, 2025"]
)
def test_dates_in_five_formats_land_in_the_same_month(run, file, written):
    lines = ["score\tdate", *(f"9\t{written.format(day)}" for day in range(5, 29))]

    (period,) = run(file(lines), "--date", "date", "--json").object["periods"]

    assert (period["start"], period["n"]) == ("2025-01-01", 24)


def test_impossible_dates_are_left_out_of_the_course_and_said_so(run, file):
    lines = ["score,date", *answers(1, 2, 5, "12.03.2025"), "9,31.02.2025", "9,soon"]

    found = run(file(lines), "--date", "date", "--json")

    assert found.object["n"] == 10
    assert found.object["trend"]["skipped"] == {"impossible": 1, "text": 1}
    verdict = next(each for each in found.object["verdicts"] if each["code"] == "dates_skipped")
    assert "first in row 10" in verdict["text"]


def test_dates_that_can_be_read_in_two_ways_are_not_passed_over_in_silence(run, file):
    path = file(["score,date", *answers(1, 2, 5, "03/04/2025")])

    guessed = run(path, "--date", "date", "--json")
    told = run(path, "--date", "date", "--date-order", "mdy", "--json")

    assert guessed.object["periods"][0]["start"] == "2025-04-01"
    assert "dates_ambiguous" in guessed.codes
    assert told.object["periods"][0]["start"] == "2025-03-01"


def test_a_workbook_and_standard_input_give_the_same_answer(run, file, tmp_path, monkeypatch):
    book = openpyxl.Workbook()
    for line in ["score", *answers(1, 2, 7)]:
        book.active.append([int(line) if line.isdigit() else line])
    book.save(tmp_path / "answers.xlsx")
    csv = file(["score", *answers(1, 2, 7)])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(csv.read_bytes())))

    found = [run(source, "--json").object for source in (tmp_path / "answers.xlsx", csv, "-")]

    assert [(each["n"], each["nps"]) for each in found] == [(10, 60)] * 3


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("id,NPS,satisfaction", "NPS"),
        ("id,Оценка,x", "Оценка"),
        ("id,How likely are you to recommend us?,x", "How likely are you to recommend us?"),
    ],
)
def test_one_obvious_score_column_is_found(run, file, header, chosen):
    rows = [f"{100 + at},{at % 11},{(at * 7) % 11}" for at in range(30)]

    assert run(file([header, *rows]), "--json").object["source"]["score_column"] == chosen


def test_russian_counts_have_the_right_endings(run, file):
    text = run(file(["score", *answers(1, 2, 21), "x"]), "--lang", "ru").out

    assert "24 ответа: 1 детрактор (4,2 %), 2 нейтрала (8,3 %), 21 промоутер (87,5 %)" in text
    assert "Пропущено 1 значение:" in text
    assert "24 ответа — это мало" in text


def test_the_language_comes_from_the_environment(run, file, monkeypatch):
    path = file(["score", *answers(10, 20, 70)])
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")

    assert "Что можно сказать" not in run(path).out
    assert "интервал 95 %" in run(path).out
    assert "95% interval" in run(path, "--lang", "en").out


def test_a_table_of_segments_is_aligned_and_draws_the_intervals(run, file):
    lines = ["score,tier", *answers(5, 10, 85, "gold"), *answers(600, 200, 200, "bronze")]

    table = run(file(lines), "--by", "tier").out.split("By tier\n")[1].splitlines()[:3]

    assert [
        line.index(end) + len(end) for line, end in zip(table, ("NPS", "80.0", "−40.0"), strict=True)
    ] == [table[0].index("NPS") + 3] * 3
    assert "├" in table[1]
    assert "●" in table[2]


def test_segments_named_by_digits_that_are_no_numbers_are_put_in_order(run, file):
    names = ["area 10", "area 2", "\u00b2", "5\u00b2", "\u0663"]
    rows = [line for name in names for line in answers(1, 1, 4, name)]

    segments = run(file(["nps,area", *rows]), "--by", "area", "--json").object["segments"]

    shown = [segment["by"]["area"] for segment in segments]
    assert sorted(shown) == sorted(names)
    assert shown.index("area 2") < shown.index("area 10")
