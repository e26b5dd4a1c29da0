"""Who may do what to a promise, by when an applicant is answered, which ideas are alike, what lines mean."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from otklik.dialogue.rules.deadlines import answer_due
from otklik.dialogue.rules.lists import (
    BadLine,
    in_language,
    is_link,
    read_names,
    read_questions,
    read_resources,
    written_questions,
)
from otklik.dialogue.rules.promises import Record, goal_steps, promise_steps, record_of, standing
from otklik.dialogue.rules.similar import most_similar
from otklik.dialogue.rules.vocabulary import GoalState, PromiseState, Side, Standing
from otklik.kit.calendar import BusinessCalendar, Window

OURS, THEIRS = Side.OURS, Side.THEIRS
TODAY = date(2026, 3, 2)
OFFICE = BusinessCalendar("Europe/Moscow", ((Window(540, 1080),),) * 5 + ((), ()))


@pytest.mark.parametrize("side", Side)
def test_nobody_agrees_to_their_own_proposal(side: Side) -> None:
    own = goal_steps(GoalState.PROPOSED, proposed_by=side, side=side)
    other = goal_steps(GoalState.PROPOSED, proposed_by=side, side=side.other)
    assert own == {GoalState.DROPPED}
    assert other == {GoalState.AGREED, GoalState.DECLINED}
    assert promise_steps(PromiseState.PROPOSED, proposed_by=side, of=side, side=side) == {
        PromiseState.DROPPED
    }


def test_only_the_program_closes_a_goal_and_nothing_comes_back_from_an_end() -> None:
    assert goal_steps(GoalState.AGREED, proposed_by=OURS, side=THEIRS) == frozenset()
    assert GoalState.MET in goal_steps(GoalState.AGREED, proposed_by=THEIRS, side=OURS)
    for state in (GoalState.MET, GoalState.MISSED, GoalState.DROPPED, GoalState.DECLINED):
        assert not goal_steps(state, proposed_by=OURS, side=OURS)


def test_who_promised_says_that_it_is_done_and_only_the_other_side_lets_them_off() -> None:
    promised = {"proposed_by": OURS, "of": OURS}
    assert promise_steps(PromiseState.AGREED, **promised, side=OURS) == {PromiseState.DONE}
    assert PromiseState.DROPPED in promise_steps(PromiseState.AGREED, **promised, side=THEIRS)
    assert not promise_steps(PromiseState.DONE, **promised, side=THEIRS)


@pytest.mark.parametrize(
    ("state", "due", "done", "stands"),
    [
        ("proposed", "2026-01-01", None, Standing.OPEN),
        ("agreed", "2026-03-01", None, Standing.OVERDUE),
        ("agreed", "2026-03-02", None, Standing.SOON),
        ("agreed", "2026-03-09", None, Standing.SOON),
        ("agreed", "2026-03-10", None, Standing.OPEN),
        ("done", "2026-03-01", "2026-03-01", Standing.KEPT),
        ("done", "2026-03-01", "2026-03-02", Standing.LATE),
        ("met", "2026-03-01", "2026-02-01", Standing.KEPT),
        ("missed", "2026-03-01", "2026-03-02", Standing.LATE),
        ("dropped", "2026-01-01", None, Standing.ENDED),
    ],
)
def test_how_a_promise_stands(state: str, due: str, done: str | None, stands: Standing) -> None:
    done_on = date.fromisoformat(done) if done else None
    assert standing(state, date.fromisoformat(due), done_on, TODAY) is stands


def test_the_record_of_a_side_counts_kept_late_and_overdue() -> None:
    said = [Standing.KEPT, Standing.KEPT, Standing.LATE, Standing.OVERDUE, Standing.OPEN, Standing.ENDED]
    assert record_of(said) == Record(kept=2, late=1, overdue=1)


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        ("2026-03-02T09:00", 3, "2026-03-05T15:00"),  # Monday -> Thursday, 18:00 in Moscow
        ("2026-03-05T09:00", 3, "2026-03-10T15:00"),  # over a weekend
        ("2026-03-06T22:00", 1, "2026-03-09T15:00"),  # already Saturday there
    ],
)
def test_an_applicant_is_answered_by_the_end_of_an_open_day(sent: str, days: int, due: str) -> None:
    moment = datetime.fromisoformat(sent).replace(tzinfo=UTC)
    assert answer_due(OFFICE, moment, days) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_a_calendar_that_never_opens_still_gives_a_day() -> None:
    closed = BusinessCalendar("UTC", ((),) * 7)
    start = datetime(2026, 3, 2, tzinfo=UTC)
    assert answer_due(closed, start, 3) == datetime(2026, 3, 5, tzinfo=UTC)


def test_ideas_alike_are_found_in_any_form_of_their_words() -> None:
    ideas = [
        (1, "Выплаты в USDT"),
        (2, "Тёмная тема кабинета"),
        (3, "Weekly payouts by bank transfer"),
        (4, "Telegram bot for statistics"),
    ]
    assert [pk for pk, _ in most_similar("Хочу получать выплату в usdt", ideas)] == [1]
    assert [pk for pk, _ in most_similar("weekly payout to the bank", ideas)] == [3]
    assert most_similar("postback for conversions", ideas) == []
    assert most_similar("!!!", ideas) == []


def test_questions_come_back_as_they_were_typed() -> None:
    typed = "How many visits? | Сколько посещений? *\nWhich channels?"
    questions = read_questions(f"\n{typed}\n\n")
    assert [one.told("ru") for one in questions] == ["Сколько посещений?", "Which channels?"]
    assert [one.is_required for one in questions] == [True, False]
    assert written_questions(questions) == typed


@pytest.mark.parametrize("typed", ["a | b | c", "| b", "*", "x" * 301, "\n".join("abc" for _ in range(31))])
def test_a_line_that_cannot_be_meant_is_named(typed: str) -> None:
    with pytest.raises(BadLine):
        read_questions(typed)


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://a.example/x?y=1", True),
        ("/portal/learn/", True),
        ("javascript:alert(1)", False),
        ("//evil.example/", False),
        ("https://", False),
        ('https://a.example/"onclick=', False),
        ("ftp://a.example", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_links_lead_to_pages(url: str, fits: bool) -> None:
    assert is_link(url) is fits


def test_resources_and_names_are_lines() -> None:
    found = read_resources("First steps | guide | https://a.example/1\n")
    assert (found[0].title, found[0].url) == ("First steps | guide", "https://a.example/1")
    with pytest.raises(BadLine):
        read_resources("No address")
    assert read_names("One\n\n Two ") == ["One", "Two"]


def test_a_text_is_told_in_some_language() -> None:
    assert in_language({"ru": "Да", "en": "Yes"}, "ru-RU") == "Да"
    assert in_language({"ru": "Да"}, "en") == "Да"
    assert in_language({"de": "Ja", "en": " "}, "fr") == "Ja"
    assert in_language({}, "en") == ""
