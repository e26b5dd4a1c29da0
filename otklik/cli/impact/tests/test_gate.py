"""The gate: what is wrong is counted, named with rows, and refuses above 5 %."""

import pytest

from otklik.cli.impact.tests.conftest import HEAD, QUESTION, answers


@pytest.fixture(scope="module")
def rows():
    return answers(effect=0.6, partners=30)


def broken(rows, share, change):
    bad = int(share * len(rows))
    return [change(list(row)) if at < bad else row for at, row in enumerate(rows)]


def with_score(value):
    return lambda row: [*row[:2], value, *row[3:]]


@pytest.mark.parametrize("value", [11, -1, 7.5, 99])
def test_scores_out_of_range(run, file, rows, value):
    found = run(file(HEAD, broken(rows, 0.08, with_score(value))), *QUESTION, "--json").object
    assert (found["verdict"], found["within"]) == ("refused", None)
    assert list(found["gate"]["reasons"]) == ["score_out_of_range"]
    assert found["gate"]["examples"]["score_out_of_range"][0] == 2, "the first row after the head"
    few = run(file(HEAD, broken(rows, 0.02, with_score(value))), *QUESTION, "--json").object
    assert few["verdict"] != "refused"
    assert few["n"] == len(rows) - int(0.02 * len(rows))


def test_answers_before_their_cause_and_days_that_never_were(run, file, rows):
    def dated(day):
        return [
            [*row, f"{row[1]}-03" if day is None or at > len(rows) / 10 else day]
            for at, row in enumerate(rows)
        ]

    question = (*QUESTION, "--cause-date", "cause", "--json")
    assert run(file(f"{HEAD},cause", dated(None)), *question).object["gate"]["bad_share"] == 0
    late = run(file(f"{HEAD},cause", dated("2026-02-01")), *question).object
    assert (late["verdict"], list(late["gate"]["reasons"])) == ("refused", ["answer_before_exposure"])
    never = run(file(f"{HEAD},cause", dated("2025-02-31")), *question).object
    assert (never["verdict"], list(never["gate"]["reasons"])) == ("refused", ["impossible_times"])


def test_answers_that_stand_twice(run, file, rows):
    twice = [*rows, *rows[: len(rows) // 8]]
    found = run(file(HEAD, twice), *QUESTION, "--json").object
    assert (found["verdict"], found["gate"]["reasons"]) == ("refused", {"duplicate_answer": len(rows) // 8})
    own = [[*row, round(at * 1.37, 2)] for at, row in enumerate(rows)]
    mixed = sorted([*own, *own[::8]], key=lambda row: row[-1])
    found = run(file(f"{HEAD},hours", mixed), *QUESTION, "--json").object
    assert found["gate"]["reasons"] == {"duplicate_answer": len(own[::8])}


def test_two_people_may_say_the_same_of_the_same_wait(run, file, rows):
    """Scores and waits in whole hours repeat by themselves; only an identifier could tell."""
    plain = [(row[0], row[1][:4], row[2], int(row[3])) for row in rows]
    question = ("--outcome", "score", "--exposure", "wait", "--unit", "partner", "--json")
    assert run(file("partner,year,score,wait", plain), *question).object["gate"]["reasons"] == {}
    numbered = [(*row, f"a{at // 2}") for at, row in enumerate(plain)]
    found = run(file("partner,year,score,wait,answer", numbered), *question, "--id", "answer").object
    assert list(found["gate"]["reasons"]) == ["duplicate_answer"]


def test_blanks_are_left_out_and_words_are_bad(run, file, rows):
    blank = run(file(HEAD, broken(rows, 0.3, with_score(""))), *QUESTION, "--json").object
    assert (blank["left_out"], blank["gate"]["bad_share"]) == (int(0.3 * len(rows)), 0)
    words = run(file(HEAD, broken(rows, 0.1, with_score("good"))), *QUESTION).out
    assert words.startswith("Refused")
    assert "values that are no numbers" in words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--outcome", "score"), "Say what may move the outcome"),
        (("--outcome", "score", "--exposure", "score"), "named in two places"),
        (("--outcome", "score", "--exposure", "wait", "--lead", "next"), "--unit"),
        (("--outcome", "score", "--drivers", "wait", "--lead", "next"), "--exposure"),
        (("--outcome", "score", "--exposure", "partner"), "Row 2, column “partner” holds “P0”"),
        (("--outcome", "score", "--exposure", "wate"), "wait"),
        (("--outcome", "score", "--exposure", "wait", "--cause-date", "month"), "--period"),
        (
            ("--outcome", "score", "--exposure", "wait", "--period", "partner", "--cause-date", "month"),
            "a month (2025-03)",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_what_to_do(run, file, rows, arguments, message):
    found = run(file(HEAD, rows[:60]), *arguments)
    assert (found.status, found.out) == (2, "")
    assert message in found.err
    assert len(found.err.splitlines()) == 1


def test_nearly_nothing_and_nothing(run, file, rows):
    assert "2 usable rows are too few" in run(file(HEAD, rows[:2]), *QUESTION).err
    assert run(file(HEAD, []), *QUESTION).status == 2
