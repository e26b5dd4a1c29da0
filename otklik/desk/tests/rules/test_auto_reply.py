"""A machine answers a person, and never another machine for long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.auto_reply import (
    Allowed,
    AutoReplyFacts,
    Budget,
    Refusal,
    Refused,
    decide,
    is_noreply_address,
    is_system_address,
    outside_addresses,
)
from otklik.desk.rules.vocabulary import Verdict
from otklik.desk.tests.rules.steady import few

OWN = frozenset({"support@x.io", "payouts@x.io"})
VERA = AutoReplyFacts(sender="vera@aurora.example", verdict=Verdict.PERSON, own_addresses=OWN)


def answers_in_a_loop(turns: int, *, sender: str, new_ticket_each_turn: bool, same_subject: bool) -> int:
    sent = 0
    for _ in range(turns):
        facts = replace(
            VERA,
            sender=sender,
            sent_to_address=sent,
            sent_in_ticket=0 if new_ticket_each_turn else sent,
            sent_about_subject=sent if same_subject else 0,
        )
        sent += decide(facts) == Allowed()
    return sent


def test_a_person_gets_a_receipt():
    assert decide(VERA) == Allowed()


def test_case_03_an_empty_return_path_is_never_answered():
    assert decide(replace(VERA, null_sender=True)) == Refused(Refusal.NULL_SENDER)


@pytest.mark.parametrize(
    "address", ["support@x.io", "SUPPORT@X.IO", "support+r-abc@x.io", " payouts+eu@x.io "]
)
def test_case_05_system_addresses_never_become_participants(address):
    assert is_system_address(address, OWN)
    assert outside_addresses([address, "Vera@Aurora.example", "vera@aurora.example"], OWN) == (
        "vera@aurora.example",
    )


@pytest.mark.parametrize("new_ticket_each_turn", [True, False])
def test_case_06_a_loop_of_11_turns_stops_at_one_answer(new_ticket_each_turn):
    turns = answers_in_a_loop(
        11, sender="robot@bank.example", new_ticket_each_turn=new_ticket_each_turn, same_subject=True
    )

    assert turns == 1


@pytest.mark.parametrize(
    "address",
    [
        "noreply@bank.example",
        "No-Reply@bank.example",
        "no_reply+123@bank.example",
        "shop.noreply@bank.example",
        "donotreply@bank.example",
        "MAILER-DAEMON@bank.example",
        "postmaster@bank.example",
        "bounces+77=aurora@bank.example",
    ],
)
def test_case_06_an_address_that_reads_nothing_is_not_answered(address):
    assert decide(replace(VERA, sender=address)) == Refused(Refusal.NOREPLY_ADDRESS)


@pytest.mark.parametrize(
    "address", ["vera@noreply-fans.example", "reply@a.io", "norep@a.io", "nullable@a.io"]
)
def test_people_with_similar_addresses_are_answered(address):
    assert not is_noreply_address(address)


def test_case_07_the_budget_of_an_address_holds_even_without_any_header():
    sent = answers_in_a_loop(500, sender="robot@bank.example", new_ticket_each_turn=True, same_subject=False)

    assert sent == Budget().per_address


def test_case_09_one_of_our_mailboxes_never_answers_another():
    assert decide(replace(VERA, sender="Payouts@x.io")) == Refused(Refusal.OWN_ADDRESS)


def test_case_10_our_own_sent_copy_is_not_answered():
    assert decide(replace(VERA, verdict=Verdict.OWN)) == Refused(Refusal.NOT_A_PERSON)


def test_case_50_a_bounce_never_triggers_an_answer():
    assert decide(replace(VERA, verdict=Verdict.BOUNCE)) == Refused(Refusal.NOT_A_PERSON)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.PERSON])
def test_only_people_are_answered(verdict):
    assert decide(replace(VERA, verdict=verdict)) == Refused(Refusal.NOT_A_PERSON)


def test_a_sender_who_asked_for_silence_gets_it():
    assert decide(replace(VERA, suppressed=True)) == Refused(Refusal.SUPPRESSED)
    assert decide(replace(VERA, sender="")) == Refused(Refusal.NO_ADDRESS)


@few
@given(a=st.integers(0, 9), b=st.integers(0, 9), c=st.integers(0, 9), more=st.integers(0, 5))
def test_what_was_refused_is_never_allowed_after_more_answers(a, b, c, more):
    before = decide(replace(VERA, sent_to_address=a, sent_in_ticket=b, sent_about_subject=c))
    after = decide(replace(VERA, sent_to_address=a + more, sent_in_ticket=b + more, sent_about_subject=c))

    assert after != Allowed() or before == Allowed()
