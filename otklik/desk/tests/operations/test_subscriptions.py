"""What follows an event: in a job, so that nobody who writes waits for it."""

from __future__ import annotations

import pytest

from otklik.desk import jobs
from otklik.desk.models import AgentProfile, Ticket, Topic
from otklik.desk.operations.tickets import set_topic
from otklik.desk.rules.vocabulary import Availability, TicketStatus
from otklik.desk.tests.operations.stories import SYSTEM, asked, told, wrote
from otklik.events.models import Batch
from otklik.events.operations.deliver import deliver_batch
from otklik.events.public import Actor
from otklik.kit.clock import now
from tests.world import World

pytestmark = pytest.mark.django_db


def let_jobs_run() -> None:
    while batch := Batch.objects.filter(done_at=None).order_by("pk").first():
        deliver_batch(batch.pk)


@pytest.fixture
def somebody_there(world: World) -> AgentProfile:
    return AgentProfile.objects.create(
        user=world.dmitri, languages={"en": 3}, availability=Availability.ONLINE, seen_at=now()
    )


@pytest.mark.usefixtures("somebody_there")
def test_a_new_ticket_has_an_owner_once_the_jobs_have_run(world: World) -> None:
    ticket = asked(world)
    assert ticket.owner_id is None
    let_jobs_run()
    ticket.refresh_from_db()
    assert ticket.owner_id == world.dmitri.pk
    assert told(ticket, "ticket.owner_changed")[0].actor_kind == "system"


@pytest.mark.usefixtures("somebody_there")
def test_tickets_brought_in_or_made_for_show_are_not_given_to_anybody(world: World) -> None:
    from otklik.desk.operations.opening import create_tickets_bulk
    from otklik.desk.tests.operations.stories import new_ticket

    create_tickets_bulk([new_ticket(world)], by=Actor.importer(1), at=world.now)
    let_jobs_run()
    assert Ticket.objects.get().owner_id is None


def test_an_angry_word_weighs_once_it_has_come(world: World) -> None:
    ticket = asked(world)
    wrote(ticket, "Это возмутительно!! До сих пор нет выплаты, срочно!", at=world.now)
    let_jobs_run()
    ticket.refresh_from_db()
    assert "mood" in {reason["kind"] for reason in ticket.priority_reasons}


def test_another_topic_looks_for_an_owner_again(world: World) -> None:
    ticket = asked(world)
    let_jobs_run()
    AgentProfile.objects.create(user=world.dmitri, languages={"en": 3})
    topic = Topic.objects.create(key="payouts")
    set_topic(ticket_id=ticket.pk, topic_id=topic.pk, by=SYSTEM, at=world.now)
    let_jobs_run()
    ticket.refresh_from_db()
    assert ticket.owner_id == world.dmitri.pk


def test_the_jobs_of_every_minute_do_no_harm_where_there_is_nothing(world: World) -> None:
    ticket = asked(world)
    jobs.find_owners()
    jobs.close_solved_tickets()
    jobs.weigh_tickets()
    ticket.refresh_from_db()
    assert (ticket.owner_id, ticket.status) == (None, TicketStatus.NEW)
