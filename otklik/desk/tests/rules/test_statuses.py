"""What moves a ticket, and what the partner is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.statuses import (
    AfterMessage,
    PartnerWord,
    after_incoming,
    after_outgoing,
    closes_by_itself,
    may_change,
    next_statuses,
    partner_word,
    tells_partner,
)
from otklik.desk.rules.vocabulary import MessageKind, Side, TicketStatus, Verdict

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NEW, OPEN, WAITING, ON_HOLD, SOLVED, CLOSED = TicketStatus


def incoming(
    status: TicketStatus, verdict: Verdict = Verdict.PERSON, days_ago: int | None = 1
) -> AfterMessage:
    ended = None if days_ago is None else NOW - timedelta(days=days_ago)
    return after_incoming(status, verdict, ended_at=ended, at=NOW, reopen_days=14)


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (NEW, AfterMessage(NEW)),
        (OPEN, AfterMessage(OPEN)),
        (WAITING, AfterMessage(OPEN)),
        (ON_HOLD, AfterMessage(ON_HOLD)),
        (SOLVED, AfterMessage(OPEN, reopened=True)),
        (CLOSED, AfterMessage(OPEN, reopened=True)),
    ],
)
def test_a_person_who_writes_moves_the_ticket(status, after):
    assert incoming(status) == after


@pytest.mark.parametrize("status", list(TicketStatus))
@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.PERSON])
def test_case_08_out_of_office_neither_reopens_nor_ends_the_waiting(status, verdict):
    assert incoming(status, verdict) == AfterMessage(status)


@pytest.mark.parametrize("status", [SOLVED, CLOSED])
@pytest.mark.parametrize("days_ago", [90, 15, None])
def test_case_79_a_late_reply_leaves_the_old_ticket_ended(status, days_ago):
    assert incoming(status, days_ago=days_ago) == AfterMessage(status, follow_up=True)


def test_the_last_day_of_the_window_still_reopens():
    assert incoming(SOLVED, days_ago=14).reopened


def test_the_partner_says_solved_and_not_solved_and_nothing_else():
    assert next_statuses(OPEN, Side.PARTNER) == (SOLVED,)
    assert next_statuses(SOLVED, Side.PARTNER) == (OPEN, CLOSED)
    assert next_statuses(CLOSED, Side.PARTNER) == ()


@pytest.mark.parametrize("before", list(TicketStatus))
def test_an_end_customer_changes_no_status_and_nothing_becomes_new_again(before):
    assert next_statuses(before, Side.CUSTOMER) == ()
    assert not any(may_change(before, NEW, side) for side in Side)


@given(st.sampled_from(TicketStatus), st.sampled_from(Side))
def test_from_every_status_staff_reaches_open_and_what_the_partner_may_staff_may(status, side):
    assert status is OPEN or may_change(status, OPEN, Side.STAFF)
    if side is not Side.CUSTOMER:
        assert set(next_statuses(status, side)) <= set(next_statuses(status, Side.STAFF))


def test_every_status_has_one_of_five_words_and_our_departments_are_no_news():
    assert {partner_word(status) for status in TicketStatus} == set(PartnerWord)
    assert partner_word(ON_HOLD) is PartnerWord.IN_WORK
    assert not tells_partner(OPEN, ON_HOLD)
    assert tells_partner(OPEN, WAITING)


@pytest.mark.parametrize(
    ("status", "kind", "chosen", "after"),
    [
        (NEW, MessageKind.REPLY, None, OPEN),
        (NEW, MessageKind.REPLY, WAITING, WAITING),
        (OPEN, MessageKind.REPLY, SOLVED, SOLVED),
        (OPEN, MessageKind.REPLY, NEW, OPEN),
        (SOLVED, MessageKind.REPLY, None, SOLVED),
        (CLOSED, MessageKind.REPLY, WAITING, CLOSED),
        (SOLVED, MessageKind.REPLY, SOLVED, SOLVED),
        (NEW, MessageKind.NOTE, SOLVED, NEW),
        (NEW, MessageKind.NOTICE, None, NEW),
    ],
)
def test_an_answer_carries_a_status_and_a_note_does_not(status, kind, chosen, after):
    assert after_outgoing(status, kind, chosen) is after


def test_a_solved_ticket_closes_after_its_days():
    assert closes_by_itself(SOLVED, NOW - timedelta(days=7), at=NOW, days=7)
    assert not closes_by_itself(SOLVED, NOW - timedelta(days=6, hours=23), at=NOW, days=7)
    assert not closes_by_itself(SOLVED, None, at=NOW, days=7)
    assert not closes_by_itself(OPEN, NOW - timedelta(days=70), at=NOW, days=7)
