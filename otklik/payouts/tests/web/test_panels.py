"""What a ticket's side and pages of money show, whatever was typed."""

from __future__ import annotations

from django.test import Client

from otklik.desk.public import Channel, Side, create_ticket
from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.payouts.models import Hold
from otklik.payouts.operations.terms import set_terms
from otklik.payouts.rules.schedule import Terms
from otklik.payouts.rules.vocabulary import Schedule
from otklik.payouts.tests.office import (
    AT,
    PAY_ON,
    UNTIL,
    Office,
    accounts_known,
    by,
    calculate_batch,
    earned,
    held,
)
from otklik.payouts.tests.web.test_holds_pages import page, signed_in
from tests.world import World

EVIL = "\"'><img src=x onerror=alert(1)>"


def ticket_id(world: World) -> int:
    ticket = create_ticket(
        program_id=world.program.pk,
        subject="Payout",
        channel=Channel.EMAIL,
        side=Side.PARTNER,
        text="Where is it?",
        contact_id=world.vera.pk,
        by=Actor.system(),
        at=AT,
    )
    return int(ticket.pk)


def test_who_answers_a_ticket_about_money_sees_what_is_held_and_until_when(
    world: World, office: Office, client: Client
) -> None:
    number = ticket_id(world)

    def shown(user: User) -> str:
        return page(signed_in(client, user), "ticket", number)

    assert "Next payout" not in shown(world.anna)
    earned(world.aurora, "100")
    held(world.aurora, "10", office.faina)
    assert "not planned" in shown(world.anna)
    set_terms(
        program_id=world.program.pk,
        terms=Terms(Schedule.MONTHLY, 15),
        minimum={},
        by=by(office.faina),
        at=AT,
    )
    side = shown(world.boris)
    assert "not calculated yet; the next day of payment is" in side
    assert "€10.00" in side
    assert "Decision by" in side
    assert "Next payout" not in shown(world.dmitri)


def test_no_word_about_money_is_markup_on_any_page(world: World, office: Office, client: Client) -> None:
    world.aurora.name = EVIL
    world.aurora.save()
    world.program.name = EVIL
    world.program.save()
    earned(world.aurora, "100")
    hold = held(world.aurora, "10", office.faina)
    accounts_known()
    Hold.objects.update(checking=EVIL, outcome_note=EVIL)
    batch = calculate_batch(
        program_id=world.program.pk, currency="EUR", pay_on=PAY_ON, earned_until=UNTIL, note=EVIL,
        by=by(office.faina), at=AT,
    )  # fmt: skip
    signed_in(client, office.pavel)
    pages = (
        ("money", ()),
        ("holds", ()),
        ("hold", (hold.pk,)),
        ("hold-new", ()),
        ("hold-edit", (hold.pk,)),
        ("batches", ()),
        ("batch", (batch.pk,)),
        ("batch-new", ()),
        ("payouts", ()),
        ("payout", (batch.payouts.get().pk,)),
        ("partner", (world.aurora.pk,)),
    )
    for name, args in pages:
        assert "<img src=x" not in page(client, name, *args), name
    assert "<img src=x" not in page(client, "payouts", query=f"?q={EVIL}")
