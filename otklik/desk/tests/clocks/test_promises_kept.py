"""What was parsed of policies is kept in the process; that must never be seen."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import BusinessCalendar, CalendarVersion, SlaPolicy, SlaTarget, Ticket, Topic
from otklik.desk.operations.policies import save_calendar
from otklik.desk.queries.promises import read_promises
from otklik.desk.rules.sla_clock import CalendarRef
from otklik.desk.tests.clocks.promised import a_policy
from otklik.events.public import Actor
from tests.world import NOW, World

LATE = {"zone": "Europe/Moscow", "weekly": {"mon-fri": ["12:00-20:00"]}}
SYSTEM = Actor.system()


class _TakenBack(Exception):
    pass


def minutes() -> list[int]:
    return [policy.promises("normal")["first_response"].minutes for policy in read_promises().policies]


def of_another_process(doing: Callable[[], object]) -> None:
    """By a connection of its own."""

    def run() -> None:
        try:
            doing()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)


@pytest.mark.django_db(transaction=True)
def test_what_another_process_changes_holds_from_the_very_next_request() -> None:
    policy = a_policy()
    assert minutes() == [60]
    first = SlaTarget.objects.filter(policy=policy, kind="first_response")
    of_another_process(lambda: first.update(minutes=15))
    assert minutes() == [15]
    of_another_process(lambda: first.update(minutes=60))
    assert minutes() == [60]
    of_another_process(lambda: SlaPolicy.objects.update(is_active=False))
    assert minutes() == []


@pytest.mark.django_db
def test_a_change_is_seen_within_its_transaction_and_forgotten_with_it() -> None:
    policy = a_policy()
    assert minutes() == [60]

    def change_and_take_back() -> None:
        with transaction.atomic():
            SlaTarget.objects.filter(policy=policy).update(minutes=5)
            assert minutes() == [5]
            raise _TakenBack

    with pytest.raises(_TakenBack):
        change_and_take_back()
    assert minutes() == [60]


@pytest.mark.django_db
def test_everything_that_decides_about_a_promise_is_looked_at(world: World) -> None:
    """Row by row, past the operations: nobody has to remember to say that something changed."""
    topic = Topic.objects.create(key="payouts", names={"en": "Payouts"})
    policy = a_policy()
    ticket = Ticket(program=world.program, partner=world.aurora, priority="normal", topic=topic)

    def holds() -> bool:
        chosen = read_promises().choose(ticket)
        return chosen is not None and chosen.id == policy.pk

    rows = SlaPolicy.objects.filter(pk=policy.pk)
    assert holds()
    rows.update(tiers=["nobody's"])
    assert not holds()
    rows.update(tiers=[])
    assert holds()
    policy.topics.add(Topic.objects.create(key="links", names={"en": "Links"}))
    assert not holds()
    policy.topics.add(topic)
    assert holds()
    before = a_policy(policy.calendar, name="Goes before", position=1)
    assert not holds()
    before.delete()
    assert holds()


@pytest.mark.django_db
def test_a_calendar_that_changed_counts_by_its_new_hours() -> None:
    policy = a_policy()
    calendar = policy.calendar
    seen = read_promises()
    saved = save_calendar(calendar_id=calendar.pk, name="Moscow", definition=LATE, by=SYSTEM, at=NOW)
    now = read_promises()
    assert now.versions == {calendar.pk: saved.version}
    assert [*seen.calendars] == [CalendarRef(calendar.pk, 1)]
    ((ref, hours),) = now.calendars.items()
    assert ref == CalendarRef(calendar.pk, 2)
    assert hours.weekly[0] != next(iter(seen.calendars.values())).weekly[0]


@pytest.mark.django_db
def test_a_calendar_without_its_version_is_nobodys_failure() -> None:
    """As a hand in the database may leave it: tickets then count around the clock."""
    policy = a_policy(BusinessCalendar.objects.create(name="Bare", definition=LATE, created_at=NOW))
    CalendarVersion.objects.filter(calendar=policy.calendar).delete()
    assert read_promises().calendars == {}


@pytest.mark.django_db
def test_promises_take_one_statement_however_many_there_are() -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            read_promises()
        return len(seen)

    assert statements() == 1
    calendar = a_policy().calendar
    for number in range(10):
        a_policy(calendar, name=f"Policy {number}")
    assert statements() == 1
