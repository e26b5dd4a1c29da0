"""An export of a survey holds more rows than answers; its column "status" says which rows count."""

from __future__ import annotations


def test_only_confirmed_answers_of_an_export_count_and_the_others_are_named(run, file):
    lines = ["status,late,score", *["complete,no,10"] * 6, "complete,yes,0", "duplicate,no,0"]
    lines += ["provisional,,", "no_answer,,", "no_answer,,", "left_out,,", "not_sent,,"]
    path = file(lines)

    found = run(path, "--json").object

    assert (found["n"], found["promoters"], found["detractors"]) == (7, 6, 1)
    assert found["skipped"] == {
        "status_duplicate": 1,
        "status_provisional": 1,
        "status_no_answer": 2,
        "status_left_out": 1,
        "status_not_sent": 1,
    }
    assert "invitation without an answer: 2 (row 11, row 12)" in run(path).out


def test_a_status_of_another_kind_leaves_nobody_out(run, file):
    found = run(file(["status,score", *["active,10"] * 5, *["complete,0"] * 5]), "--json").object
    assert (found["n"], found["skipped"]) == (10, {})


def test_a_row_with_an_unknown_word_far_down_an_export_is_no_answer(run, file):
    found = run(file(["status,score", *["complete,10"] * 1200, "paid,0"]), "--json").object
    assert (found["n"], found["skipped"]) == (1200, {"status_other": 1})
