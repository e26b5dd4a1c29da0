"""What `otklik impact` says of files whose truth is known."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from otklik.cli.impact.tests.conftest import HEAD, QUESTION, answers
from otklik.stats.panel import within
from otklik.stats.tests.reference_tables import SWISS, SWISS_NAMES

HELD = ("--controls", "difficulty", "--lead", "next")


def test_a_planted_effect_is_found_and_told_with_its_doubts(run, file):
    found = run(file(HEAD, answers(effect=0.6)), *QUESTION, *HELD, "--json").object
    assert (found["verdict"], found["units"], found["outcome_read_as"]) == ("effect", 60, "scores")
    low, high = found["within"]["interval"]
    assert low < found["within"]["effect"] < high < 0
    assert found["placebo"]["interval"][0] < 0 < found["placebo"]["interval"][1]
    assert found["ordered"]["log_odds"] < 0 < found["sensitivity"]["robustness_value"]
    assert "changes_in_time" in found["confounders"]
    assert "hard_tickets_are_slower" not in found["confounders"], "difficulty is held"
    assert found["smallest_visible_effect"] < abs(found["within"]["effect"])


def test_the_figures_are_those_of_the_statistics(run, file):
    rows = answers(effect=0.6)
    found = run(file(HEAD, rows), *QUESTION, "--json").object
    score = np.array([row[2] for row in rows])
    outcome = np.where(score > 8, 100.0, np.where(score < 7, -100.0, 0.0))
    wait = [row[3] for row in rows]
    fit = within(outcome, wait, [row[0] for row in rows], [row[1] for row in rows]).estimate()
    assert found["within"]["effect"] == pytest.approx(fit.effect, abs=1e-9)
    assert found["within"]["se"] == pytest.approx(fit.se, abs=1e-9)


def test_where_nothing_was_planted_no_effect_is_claimed(run, file):
    found = run(file(HEAD, answers(effect=0.0, seed=6)), *QUESTION, *HELD, "--json").object
    assert found["verdict"] in ("cannot_tell", "no_effect_seen")


def test_moods_that_make_people_wait_are_caught_by_the_placebo(run, file):
    found = run(file(HEAD, answers(reverse=2.0, partners=120)), *QUESTION, *HELD, "--json").object
    assert (found["verdict"], found["reasons"][0]) == ("cannot_tell", "future_moves_past")


def test_few_partners_and_unknown_partners_bear_no_verdict(run, file):
    few = run(file(HEAD, answers(partners=12)), *QUESTION, "--json").object
    assert (few["verdict"], few["reasons"], few["within"]["interval"]) == ("refused", ["too_few_units"], None)
    rows = answers(effect=0.6)
    whose = run(file(HEAD, rows), "--outcome", "score", "--exposure", "wait", "--json").object
    assert (whose["verdict"], whose["reasons"], whose["within"]) == ("cannot_tell", ["no_units"], None)
    assert "units_differ" in whose["confounders"]


def test_drivers_alone_are_the_reference_shares(run, file):
    path = file(",".join(("Fertility", *SWISS_NAMES)), SWISS.tolist())
    found = run(path, "--outcome", "Fertility", "--drivers", ",".join(SWISS_NAMES), "--json").object
    assert (found["verdict"], found["outcome_read_as"], found["pooled"]) == (None, "number", None)
    shares = {one["name"]: (one["lmg"], one["johnson"], one["last"]) for one in found["drivers"]}
    assert shares["Education"] == pytest.approx((0.26013467862, 0.27196410465, 0.161962693077), abs=1e-8)
    assert found["r_squared"] == pytest.approx(0.7067350016, abs=1e-9)
    assert ["Education", "Examination"] in found["not_separable"]


def test_words_as_a_driver_are_one_driver_with_a_column_for_each(run, file):
    rng = np.random.default_rng(1)
    channel = rng.choice(["mail", "chat", "phone"], 300)
    rows = [(round(rng.normal() + 3 * (one == "chat"), 3), one) for one in channel]
    found = run(file("mood,channel", rows), "--outcome", "mood", "--drivers", "channel", "--json").object
    (driver,) = found["drivers"]
    assert (driver["name"], driver["lmg"] > 0.4) == ("channel=chat + channel=phone", True) or driver[
        "lmg"
    ] > 0.4


def test_parquet_says_the_same(run, file, tmp_path):
    rows = answers(effect=0.6)
    names = HEAD.split(",")
    columns = {name: [None if row[at] == "" else row[at] for row in rows] for at, name in enumerate(names)}
    path = tmp_path / "answers.parquet"
    pq.write_table(pa.table({**columns, "score": pa.array([int(one) for one in columns["score"]])}), path)
    one = run(path, *QUESTION, *HELD, "--json").object
    other = run(file(HEAD, rows), *QUESTION, *HELD, "--json").object
    assert one == other
    path.write_bytes(path.read_bytes()[:200])
    broken = run(path, *QUESTION)
    assert (broken.status, "Parquet" in broken.err, broken.out) == (2, True, "")


def test_the_sentence_comes_first_in_both_languages(run, file):
    path = file(HEAD, answers(effect=0.6))
    english = run(path, *QUESTION, *HELD, "--drivers", "wait,difficulty").out
    assert english.startswith("An effect: one unit more of “wait” takes NPS down by ")
    assert "What these data cannot rule out" in english
    russian = run(path, *QUESTION, *HELD, "--lang", "ru").out
    assert russian.startswith("Влияние есть: ")
    assert "ответ" in russian
    said = json.loads(run(path, *QUESTION, "--lang", "ru", "--json").out)
    assert said["verdict"] == "effect", "codes are the same in every language"
