"""A line is stored once, says what it said for good, and adds up to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.partners.models import Partner
from otklik.partners.operations.programs import create_program
from otklik.payouts.models import Balance, Entry
from otklik.payouts.models.fields import AmountDoesNotFit, units
from otklik.payouts.operations.ledger import (
    AlreadyReversed,
    CannotReverse,
    EntriesRefused,
    Recorded,
    reverse_entry,
)
from otklik.payouts.operations.paying import mark_sent
from otklik.payouts.operations.recounting import recount_balances
from otklik.payouts.rules.vocabulary import EntryKind, LineProblem
from otklik.payouts.tests.office import AT, TODAY, Office, approved, balance, by, earned, line, record
from tests.world import NOW, World


def refused(world: World, *lines: object) -> list[tuple[int, LineProblem]]:
    with pytest.raises(EntriesRefused) as found:
        record(*lines, program_id=world.program.pk)  # type: ignore[arg-type]
    assert not Entry.objects.exists()
    return [(wrong.place, wrong.problem) for wrong in found.value.lines]


def test_lines_sent_again_are_stored_once(world: World) -> None:
    lines = [line(world.aurora, "10.50", key="c-1"), line(world.aurora, "4.50", key="c-2")]
    assert record(*lines, program_id=world.program.pk) == Recorded(2, 0)
    assert record(*lines, program_id=world.program.pk) == Recorded(0, 2)
    assert balance(world.aurora) == ("15.00", "0.00", "0.00")
    assert Event.objects.filter(kind="entry.recorded").count() == 1


def test_a_known_key_with_another_amount_stops_everything_that_came_with_it(world: World) -> None:
    record(line(world.aurora, "10", key="c-1"), program_id=world.program.pk)
    with pytest.raises(EntriesRefused) as found:
        record(
            line(world.aurora, "7", key="c-2"),
            line(world.aurora, "11", key="c-1"),
            program_id=world.program.pk,
        )
    assert [(wrong.place, wrong.problem) for wrong in found.value.lines] == [(1, LineProblem.CHANGED)]
    assert balance(world.aurora) == ("10.00", "0.00", "0.00")


def test_wrong_lines_are_named_and_nothing_is_stored(world: World) -> None:
    chargeback = line(world.aurora, "5", kind=EntryKind.CHARGEBACK)
    assert refused(world, line(world.aurora, "1"), chargeback) == [(1, LineProblem.WRONG_SIGN)]
    assert refused(world, line(world.aurora, "-1")) == [(0, LineProblem.WRONG_SIGN)]
    assert refused(world, line(world.aurora, "0")) == [(0, LineProblem.ZERO)]
    assert refused(world, line(world.aurora, "NaN")) == [(0, LineProblem.NOT_A_NUMBER)]
    assert refused(world, line(world.aurora, "1e12")) == [(0, LineProblem.TOO_LARGE)]
    assert refused(world, line(world.aurora, "0.00001")) == [(0, LineProblem.TOO_MANY_DIGITS)]
    assert refused(world, line(world.aurora, "1", currency="ABC")) == [(0, LineProblem.UNKNOWN_CURRENCY)]
    by_hand = line(world.aurora, "1", kind=EntryKind.ADJUSTMENT)
    assert refused(world, by_hand) == [(0, LineProblem.UNKNOWN_KIND)]
    twice = (line(world.aurora, "1", key="c"), line(world.aurora, "2", key="c"))
    assert refused(world, *twice) == [(1, LineProblem.DOUBLED_KEY)]


def test_money_goes_to_no_partner_of_another_program(world: World) -> None:
    other = create_program(name="South", by=Actor.system(), at=NOW)
    stranger = Partner.objects.create(program=other, name="Zephyr", created_at=NOW)
    assert refused(world, line(stranger, "1")) == [(0, LineProblem.UNKNOWN_PARTNER)]


def test_amounts_come_back_and_add_up_exactly(world: World) -> None:
    amounts = ["987654321098.7654", *["0.1"] * 30, "0.0001"]
    record(*(line(world.aurora, amount) for amount in amounts), program_id=world.program.pk)
    expected = sum(map(Decimal, amounts))
    assert Entry.objects.aggregate(sum=Sum("amount"))["sum"] == expected
    assert Balance.objects.get().total == expected
    assert Entry.objects.get(amount=Decimal("987654321098.7654")).amount == Decimal("987654321098.7654")
    for odd in ("0.00001", "Infinity", "1e15"):
        with pytest.raises(AmountDoesNotFit):
            units(Decimal(odd))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payouts_entry SET amount = 1",
        "UPDATE payouts_entry SET currency = 'USD'",
        "UPDATE payouts_entry SET earned_on = '2026-01-01'",
        "UPDATE payouts_entry SET source_key = 'other'",
        "DELETE FROM payouts_entry",
    ],
)
def test_the_database_itself_refuses_to_change_a_line(world: World, change: str) -> None:
    earned(world.aurora, "10")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert Entry.objects.get().amount == 10


def test_a_line_is_taken_back_once_by_another_one(world: World, office: Office) -> None:
    earned(world.aurora, "10")
    entry = Entry.objects.get()
    back = reverse_entry(entry_id=entry.pk, note="Counted twice", on=TODAY, by=by(office.faina), at=AT)
    assert (back.kind, back.amount, back.reverses_id) == (EntryKind.REVERSAL, -10, entry.pk)
    assert balance(world.aurora) == ("0.00", "0.00", "0.00")
    with pytest.raises(AlreadyReversed):
        reverse_entry(entry_id=entry.pk, on=TODAY, by=by(office.pavel), at=AT)
    with pytest.raises(CannotReverse):
        reverse_entry(entry_id=back.pk, on=TODAY, by=by(office.pavel), at=AT)


def test_a_payout_is_not_taken_back_like_a_line(world: World, office: Office) -> None:
    earned(world.aurora, "10")
    payout = approved(world, office).payouts.get()
    mark_sent(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    with pytest.raises(CannotReverse):
        reverse_entry(entry_id=payout.entries.get().pk, on=TODAY, by=by(office.faina), at=AT)


def test_a_recount_finds_nothing_after_operations_and_mends_what_somebody_broke(
    world: World, office: Office
) -> None:
    earned(world.aurora, "10")
    earned(world.borealis, "20", currency="USD")
    approved(world, office)
    assert recount_balances(by=Actor.system(), at=AT) == 0
    Balance.objects.filter(partner=world.aurora).update(total=Decimal(99), planned=Decimal(0))
    assert recount_balances(by=Actor.system(), at=AT) == 1
    assert balance(world.aurora) == ("10.00", "0.00", "10.00")
    assert Event.objects.filter(kind="balance.recounted").count() == 1
