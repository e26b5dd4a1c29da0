from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Clock, Ticket
from otklik.desk.operations.priorities import refresh_all_priorities, refresh_priorities
from otklik.desk.operations.tickets import set_priority
from otklik.desk.queries.priority import BLOCKED
from otklik.desk.rules.vocabulary import ClockKind, ClockState, Priority
from otklik.desk.tests.operations.stories import SYSTEM, asked, told, wrote
from otklik.kit import registry
from otklik.kit.registry import Provider, Registry
from otklik.partners.models import Partner
from tests.world import World

pytestmark = pytest.mark.django_db


def kinds(ticket: Ticket) -> dict[str, int]:
    ticket.refresh_from_db()
    return {reason["kind"]: reason["points"] for reason in ticket.priority_reasons}


@pytest.fixture
def blocked(monkeypatch: pytest.MonkeyPatch, world: World) -> dict[int, Decimal]:
    """What an upper app would know of payouts."""
    from otklik.desk.queries import priority

    sums: dict[int, Decimal] = {}
    providers: Registry[Provider] = Registry()
    providers.add(Provider(BLOCKED, lambda ids: {i: sums[i] for i in ids if i in sums}))
    monkeypatch.setattr(priority, "partner_providers", providers)
    assert registry.partner_providers is not providers
    return sums


def test_who_writes_and_how_it_sounds_weigh_from_the_first_moment(world: World) -> None:
    calm = asked(world)
    angry = asked(world, text="Это возмутительно!! До сих пор нет выплаты, срочно! Уйдём к конкурентам.")
    assert set(kinds(calm)) == {"tier", "role"}
    assert set(kinds(angry)) == {"tier", "role", "mood"}
    assert told(angry)[0].data["priority"] == angry.priority


def test_blocked_money_raises_the_priority_and_its_absence_says_nothing(
    world: World, blocked: dict[int, Decimal]
) -> None:
    ticket = asked(world)
    assert "money_blocked" not in kinds(ticket)
    blocked[world.aurora.pk] = Decimal(20_000)
    refresh_priorities([ticket.pk], by=SYSTEM, at=world.now)
    assert kinds(ticket)["money_blocked"] == 25
    assert ticket.priority == Priority.HIGH
    event = told(ticket)[-1]
    assert (event.kind, event.data["before"], event.data["after"]) == (
        "ticket.priority_changed",
        "normal",
        "high",
    )


def test_a_large_partner_among_small_ones(world: World) -> None:
    Partner.objects.bulk_create(
        Partner(
            program=world.program, name=f"P{n}", name_key=f"p{n}", revenue=Decimal(n), created_at=world.now
        )
        for n in range(100)
    )
    Partner.objects.filter(pk=world.aurora.pk).update(revenue=Decimal(96))
    assert kinds(asked(world))["revenue"] == 14


def test_waiting_alone_makes_a_ticket_more_important(world: World) -> None:
    ticket = asked(world)
    Clock.objects.filter(ticket=ticket).delete()
    Clock.objects.create(
        ticket=ticket,
        kind=ClockKind.FIRST_RESPONSE,
        state=ClockState.RUNNING,
        started_at=world.now,
        due_at=world.now + timedelta(hours=4),
    )
    later = world.now + timedelta(days=7)
    assert refresh_all_priorities(at=later) == 1
    assert kinds(ticket).items() >= {"age": 10, "breach": 25}.items()
    assert ticket.priority == Priority.HIGH
    assert ticket.updated_at == world.now, "nothing happened in it"


def test_the_last_word_sets_the_mood(world: World) -> None:
    ticket = asked(world)
    wrote(ticket, "This is outrageous, a scam!! Still no answer, urgent!", at=world.now)
    refresh_priorities([ticket.pk], by=SYSTEM, at=world.now)
    assert "mood" in kinds(ticket)
    wrote(ticket, "Thank you, it came.", at=world.now)
    refresh_priorities([ticket.pk], by=SYSTEM, at=world.now)
    assert "mood" not in kinds(ticket)


def test_what_somebody_set_by_hand_stays(world: World) -> None:
    ticket = asked(world)
    set_priority(ticket_id=ticket.pk, priority=Priority.LOW, by=SYSTEM, at=world.now)
    assert refresh_all_priorities(at=world.now + timedelta(days=30)) == 0
    ticket.refresh_from_db()
    assert ticket.priority == Priority.LOW


def test_the_number_of_statements_does_not_grow_with_the_tickets(world: World) -> None:
    ids = [asked(world).pk for _ in range(20)]

    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            refresh_priorities(ids[:count], by=SYSTEM, at=world.now)
        return len(seen)

    assert statements(5) == statements(20)
