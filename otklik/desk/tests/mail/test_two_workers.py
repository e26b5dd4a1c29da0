"""Two workers that take mail in at the same moment. On SQLite two processes tell it (tests/kill)."""

from __future__ import annotations

import pytest
from django.db import connection

from otklik.desk.models import InboundMail, Mailbox, Ticket
from otklik.desk.operations import intake
from otklik.desk.operations.intake import take_in_next
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
    world = build_world()
    mailbox = Mailbox.objects.create(
        address="help@north.example", name="North support", program=world.program, created_at=NOW
    )
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
