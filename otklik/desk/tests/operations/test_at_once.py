"""Two who do it at the same moment. SQLite's test database lives in memory, where a second connection is
refused instead of made to wait: on SQLite two processes on a file of their own do it (slow)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from otklik.desk.models import AgentProfile, Message, Ticket
from otklik.desk.operations import assigning
from otklik.desk.operations.locking import despite_deadlock, locked_tickets
from otklik.desk.operations.messages import NewerMessages, TooLate, reply, take_back
from otklik.desk.operations.opening import create_tickets_bulk
from otklik.desk.operations.routing import route_ticket
from otklik.desk.rules.vocabulary import Delivery
from otklik.desk.tests.operations.stories import SYSTEM, asked, new_ticket, sent_picture, wrote
from otklik.events.models import Batch
from otklik.events.operations.deliver import deliver_batch
from otklik.events.public import Actor
from otklik.kit.clock import now
from tests.ready import put_empty_tables
from tests.world import build_world


def at_once(*doings: Callable[[], object]) -> list[object]:
    """What each returned or raised; all begin together."""
    gate, results = threading.Barrier(len(doings)), [None] * len(doings)

    def run(place: int, doing: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            results[place] = doing()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.fixture(autouse=True)
def _two_connections(request: pytest.FixtureRequest) -> None:
    if connection.vendor == "sqlite" and "on_a_file" not in request.node.name:
        pytest.skip("SQLite in memory has one connection; see the slow test on a file")


@pytest.mark.django_db(transaction=True)
def test_case_51_two_workers_with_the_same_mail_make_one_ticket() -> None:
    world = build_world()

    def chunk(first: int) -> Callable[[], object]:
        rows = [new_ticket(world, created_key=f"mail:{n}") for n in range(first, first + 20)]
        return lambda: create_tickets_bulk(rows, by=SYSTEM, at=world.now)

    results = at_once(chunk(0), chunk(0), chunk(10))
    assert not [found for found in results if isinstance(found, Exception)]
    assert Ticket.objects.count() == Message.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_chunks_with_the_same_keys_in_opposite_order_do_not_end_each_other() -> None:
    world = build_world()
    rows = [new_ticket(world, created_key=f"hook:{n}") for n in range(200)]
    orders = (rows, rows[::-1])
    results = at_once(*[partial(create_tickets_bulk, order, by=SYSTEM, at=world.now) for order in orders])
    assert not [found for found in results if isinstance(found, Exception)]
    assert Ticket.objects.count() == 200


@pytest.mark.django_db(transaction=True)
def test_two_writers_that_wait_for_each_other_both_get_on() -> None:
    world = build_world()
    one, other = asked(world).pk, asked(world).pk
    both_hold_theirs = threading.Barrier(2)

    def crossing(mine: int, theirs: int) -> Callable[[], object]:
        attempts: list[int] = []

        def write() -> int:
            locked_tickets([mine])
            attempts.append(mine)
            if len(attempts) == 1:
                both_hold_theirs.wait(10)
            locked_tickets([theirs])
            return len(attempts)

        return lambda: despite_deadlock(write)

    attempts = at_once(crossing(one, other), crossing(other, one))
    assert 1 in attempts
    assert 2 in attempts or 3 in attempts


@pytest.mark.django_db(transaction=True)
def test_two_who_give_out_tickets_to_the_same_agent_do_not_end_each_other(monkeypatch) -> None:
    """New tickets are more than one chunk; the last of them is in the hands of the job that goes through
    those without an owner."""
    world = build_world()
    AgentProfile.objects.create(
        user=world.dmitri, languages={"en": 3}, capacity=100, availability="online", seen_at=now()
    )
    rows = [new_ticket(world) for _ in range(assigning.CHUNK + 1)]
    last = create_tickets_bulk(rows, by=SYSTEM, at=world.now)[-1].ticket
    [batch] = Batch.objects.filter(done_at=None)
    profile_is_ours, genuine = threading.Event(), assigning.refresh_clocks

    def slowly(*args: object, **facts: object) -> None:
        genuine(*args, **facts)
        profile_is_ours.set()
        time.sleep(0.5)

    monkeypatch.setattr(assigning, "refresh_clocks", slowly)

    def waiting() -> object:
        profile_is_ours.wait(10)
        return route_ticket(ticket_id=last.pk, by=SYSTEM, at=now())

    results = at_once(partial(deliver_batch, batch.pk), waiting)
    assert not [found for found in results if isinstance(found, Exception)]
    assert set(Ticket.objects.values_list("owner", flat=True)) == {world.dmitri.pk}


@pytest.mark.django_db(transaction=True)
def test_case_51_the_same_message_at_once_is_one() -> None:
    world = build_world()
    ticket = asked(world)
    results = at_once(*[lambda: wrote(ticket, at=world.now, key="hook:1").pk] * 4)
    assert len(set(results)) == 1
    ticket.refresh_from_db()
    assert ticket.message_count == Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_case_52_an_album_of_five_pictures_at_once_is_one_conversation() -> None:
    world = build_world()
    tickets = at_once(*[lambda number=number: sent_picture(world, number) for number in range(5)])
    assert len(set(tickets)) == 1
    assert Ticket.objects.get().message_count == Message.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_case_76_of_two_answers_at_once_exactly_one_goes() -> None:
    world = build_world()
    ticket = asked(world)
    seen = Message.objects.get().pk
    results = at_once(
        *[
            lambda user=user: reply(
                ticket_id=ticket.pk, text="Paid.", based_on=seen, by=Actor.person(user.pk), at=world.now
            )
            for user in (world.anna, world.dmitri)
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["Message", NewerMessages.__name__]


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_sending_at_once_have_one_winner() -> None:
    world = build_world()
    by = Actor.person(world.dmitri.pk)
    for _ in range(5):
        ticket = asked(world)
        message = reply(ticket_id=ticket.pk, text="Paid.", hold_seconds=10, by=by, at=world.now)

        def send(pk: int = message.pk) -> int:
            held = Message.objects.filter(pk=pk, delivery=Delivery.HELD)
            return held.update(delivery=Delivery.QUEUED)

        def regret(pk: int = message.pk) -> object:
            return take_back(message_id=pk, by=by, at=world.now + timedelta(seconds=5))

        sent, draft = at_once(send, regret)
        message.refresh_from_db()
        if sent:
            assert isinstance(draft, TooLate)
            assert message.delivery == Delivery.QUEUED
        else:
            assert message.delivery == Delivery.TAKEN_BACK


_WORKER = """
import sys, django
django.setup()
from otklik.desk.operations.opening import create_tickets_bulk
from otklik.desk.operations.routing import route_ticket
from otklik.desk.tests.operations.stories import SYSTEM, new_ticket
from otklik.partners.models import Contact, Program
from tests.world import NOW
class World:
    program, vera, now = Program.objects.get(), Contact.objects.get(name="Vera Orlova"), NOW
print("ready", flush=True)
sys.stdin.readline()
for start in range(0, 100, 10):
    rows = [new_ticket(World, created_key=f"mail:{n}") for n in range(start, start + 10)]
    create_tickets_bulk(rows, by=SYSTEM, at=NOW)
"""


@pytest.mark.slow
def test_case_51_two_processes_on_a_file_make_each_ticket_once(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "otklik.config.settings",
        "OTKLIK_DATA_DIR": str(tmp_path),
        "OTKLIK_DATABASE_URL": "",
    }
    put_empty_tables(tmp_path)
    begin = (
        "import django; django.setup(); from django.core.management import call_command; "
        "call_command('migrate', verbosity=0); from tests.world import build_world; build_world()"
    )
    subprocess.run([sys.executable, "-c", begin], env=environment, check=True)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate(timeout=120)
        assert worker.returncode == 0
    count = (
        "import django; django.setup(); from otklik.desk.models import Message, Ticket; "
        "print(Ticket.objects.count(), Message.objects.count())"
    )
    found = subprocess.run(
        [sys.executable, "-c", count], env=environment, check=True, capture_output=True, text=True
    )
    assert found.stdout.split() == ["100", "100"]
