"""Rules that turn the log into contacts and a wave's results into tasks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from otklik.relationships.rules.calls import WORKING_DAYS, calls_of_wave, due_on
from otklik.relationships.rules.log import Said, count_dealings, is_complaint
from otklik.relationships.rules.moves import Line, Task, moves_of_wave
from otklik.relationships.rules.silence import Circumstances, Habits, Record, judge_silence
from otklik.relationships.rules.surprises import Expected, Guess, Next, surprises
from otklik.relationships.rules.ties import Contacts
from otklik.relationships.rules.vocabulary import CallKind, Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VERA, BORIS, CLARA = 1, 11, 12


def said(ticket: int, hours: int, by: int | None = None, **more: bool) -> Said:
    return Said(ticket, VERA, NOON + timedelta(hours=hours), by, **more)


def test_what_they_began_belongs_to_everybody_who_took_part_and_a_reply_to_who_wrote_last() -> None:
    talk = [said(1, 0), said(1, 1, BORIS), said(1, 2), said(1, 3, CLARA), said(1, 4)]
    dealings = count_dealings(reversed(talk), at=NOON + timedelta(days=1, hours=4))[VERA]
    assert dealings.all == Contacts(to_them=2, replies=2, from_them=1, days_since=1)
    assert dealings.ours[BORIS] == Contacts(1, 1, 1, 0, 1 + 2 / 24)
    assert dealings.ours[CLARA] == Contacts(1, 1, 1, 0, 1)


def test_a_complaint_is_counted_apart_and_adds_nothing_to_the_contacts() -> None:
    angry = [said(2, 0, is_complaint=True), said(2, 5, BORIS, is_complaint=True)]
    dealings = count_dealings([*angry, said(3, 1, BORIS)], at=NOON)[VERA]
    assert dealings.ours[BORIS] == Contacts(to_them=1, complaints=1, days_since=0)
    assert (dealings.all.from_them, dealings.all.complaints) == (0, 1)
    assert dealings.last_complaint == NOON + timedelta(hours=5)


def test_three_letters_in_a_row_are_one_beginning() -> None:
    dealings = count_dealings([said(1, 0), said(1, 1), said(1, 2)], at=NOON)[VERA]
    assert (dealings.all.from_them, dealings.ours) == (1, {})


@pytest.mark.parametrize(
    ("reasons", "rating", "expected"),
    [([], None, False), ([], 2, True), ([], 3, False), ([{"kind": "mood"}], None, True),
     ([{"kind": "tier"}], 5, False)],
)  # fmt: skip
def test_a_complaint_is_known_by_its_words_or_by_its_rating(
    reasons: list[dict[str, object]], rating: int | None, expected: bool
) -> None:
    assert is_complaint(reasons, rating) is expected


def test_days_of_a_task_are_working_days() -> None:
    friday = date(2026, 3, 6)
    assert due_on(Task.CALL_WITHIN_DEADLINE, friday) == date(2026, 3, 10)
    assert due_on(Task.CALL_WITHIN_DEADLINE, friday + timedelta(days=1)) == date(2026, 3, 10)


@pytest.mark.parametrize("task", [*Task, *Next])
def test_every_task_has_its_days(task: str) -> None:
    assert WORKING_DAYS[task] > 0


def test_a_person_is_called_once_about_one_silence() -> None:
    roles = {1: Role.DECISION_MAKER, 2: Role.END_USER, 3: Role.END_USER}
    lines = [Line(1, (9, 9, None), roles[1], 0.9), Line(2, (9, None), roles[2], 0.7), Line(3, (7,), roles[3])]
    regular = Record(Role.DECISION_MAKER, (True, True, True))
    silent = [judge_silence(pk, regular, Habits(), Circumstances(), chance=0.9) for pk in (1, 4)]
    wave = [Expected(pk, (Guess(11, 9),), None, Role.END_USER, 0.9) for pk in (1, 4, 5)]
    calls = calls_of_wave(moves_of_wave(lines), silent, surprises(wave), roles)
    assert [(one.kind, one.person) for one in calls] == [
        (CallKind.MOVE, 1), (CallKind.MOVE, 2), (CallKind.SILENCE, 4), (CallKind.SURPRISE, 5),
    ]  # fmt: skip
    assert [one.place for one in calls] == [0, 1, 0, 0]


def test_a_first_answer_is_a_task_only_where_the_person_matters() -> None:
    roles = {1: Role.DECISION_MAKER, 2: Role.END_USER, 3: Role.END_USER}
    lines = [Line(1, (9,), roles[1]), Line(2, (9,), roles[2]), Line(3, (2,), roles[3])]
    calls = calls_of_wave(moves_of_wave(lines), [], [], roles)
    assert {(one.person, one.task) for one in calls} == {
        (1, "get_to_know"),
        (3, "call_within_deadline"),
    }
