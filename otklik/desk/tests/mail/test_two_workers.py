"""Two workers that take mail in at the same moment. On SQLite two processes tell it (tests/kill)."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection

from otklik.desk.models import InboundMail, Mailbox, Ticket
from otklik.desk.operations import intake
from otklik.desk.operations.intake import read_letter, take_in_next
from otklik.desk.tests.mail.letters import raw, store
from otklik.desk.tests.operations.test_at_once import at_once
from tests.world import NOW, build_world


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most_locks", [1000, 0], ids=["by their ids", "one after the other"])
def test_case_51_mails_of_one_thread_in_two_workers_join_one_ticket(monkeypatch, most_locks: int) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection")
    monkeypatch.setattr(intake, "_MOST_LOCKS", most_locks)
    monkeypatch.setattr(intake, "CHUNK", {"postgresql": 5})
    mailbox = a_mailbox()
    for answer in range(5):
        for thread in range(2):
            # Each names one that is still to come, and half of them are in the other worker's hands.
            store(mailbox, raw(message_id=f"{thread}.{answer}@x", references=[f"{thread}.{answer + 1}@x"]))

    def work() -> None:
        while take_in_next(at=NOW):
            pass

    assert at_once(work, work) == [None, None]
    assert set(InboundMail.objects.values_list("state", flat=True)) == {"taken"}
    assert Ticket.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_case_51_an_answer_waits_for_the_mails_that_a_slower_worker_has_in_hand(monkeypatch) -> None:
    """Each answer names only the one before it, as some phones write."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection")
    monkeypatch.setattr(intake, "CHUNK", {"postgresql": 3})
    mailbox = a_mailbox()
    for answer in range(6):
        store(mailbox, raw(message_id=f"{answer}@x", references=[f"{answer - 1}@x"] if answer else []))
    the_older_are_claimed = threading.Event()

    def slowly(row: InboundMail) -> object:
        the_older_are_claimed.set()
        time.sleep(0.2)
        return read_letter(row)

    def older() -> None:
        monkeypatch.setattr(intake, "read_letter", slowly)
        take_in_next(at=NOW)

    def newer() -> None:
        the_older_are_claimed.wait(10)
        monkeypatch.setattr(intake, "read_letter", read_letter)
        take_in_next(at=NOW)

    assert at_once(older, newer) == [None, None]
    assert set(InboundMail.objects.values_list("state", flat=True)) == {"taken"}
    assert Ticket.objects.get().message_count == 6


@pytest.mark.django_db
def test_case_51_mails_of_a_worker_that_died_hold_up_nobody_for_long(monkeypatch) -> None:
    monkeypatch.setattr(intake, "_PATIENCE", 0.05)
    mailbox = a_mailbox()
    store(mailbox, raw(message_id="question@x"))
    monkeypatch.setattr(intake, "CHUNK", {"sqlite": 1, "postgresql": 1})
    intake._claim(NOW)
    store(mailbox, raw(message_id="answer@x", references=["question@x"]))
    assert take_in_next(at=NOW) == 1
    assert InboundMail.objects.filter(state="taken").count() == 1


def a_mailbox() -> Mailbox:
    return Mailbox.objects.create(
        address="help@north.example", name="North support", program=build_world().program, created_at=NOW
    )
