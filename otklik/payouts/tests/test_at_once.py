"""Two workers at the same moment never spend the same money. SQLite lets one writer in at a time and its test
database in memory has one connection; the questions here are PostgreSQL's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from otklik.events.public import Actor
from otklik.partners.operations.merge import merge_partners
from otklik.payouts.models import AccountDetails, Entry, MoneyImport, Payout
from otklik.payouts.operations.adjustments import decide_adjustment, propose_adjustment
from otklik.payouts.operations.batches import approve_batch, calculate_batch
from otklik.payouts.operations.details import confirm_details, propose_details
from otklik.payouts.operations.holds import HoldRefused, open_hold
from otklik.payouts.operations.importing import import_money_file
from otklik.payouts.operations.ledger import Recorded
from otklik.payouts.operations.notices import tell_due
from otklik.payouts.operations.paying import SentBatch, mark_sent, send_batch
from otklik.payouts.operations.recounting import recount_balances
from otklik.payouts.operations.statements import issue_statements
from otklik.payouts.rules.vocabulary import BatchState, MoneyFileKind, PayMethod
from otklik.payouts.tests.office import (
    AT,
    PAY_ON,
    TODAY,
    UNTIL,
    accounts_known,
    approved,
    balance,
    by,
    calculated,
    charged_back,
    earned,
    held,
    hold_terms,
    line,
    open_office,
    record,
)
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _two_connections() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection")


def at_once(*doings: Callable[[], object]) -> list[object]:
    """What each returned or raised; all begin together."""
    gate, results = threading.Barrier(len(doings)), [None] * len(doings)

    def run(place: int, doing: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            results[place] = doing()  # type: ignore[call-overload]
        except Exception as error:
            results[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert recount_balances(by=Actor.system(), at=AT) == 0
    return results


def test_the_same_money_is_planned_by_one_of_two_batches() -> None:
    world, office = build_world(), open_office()
    for partner in (world.aurora, world.borealis):
        earned(partner, "100")
    accounts_known()
    results = at_once(*[partial(calculated, world, office.faina)] * 3)
    assert sorted(type(found).__name__ for found in results) == [
        "NothingToPay",
        "NothingToPay",
        "PayoutBatch",
    ]
    assert sum(payout.amount for payout in Payout.objects.all()) == 200
    assert balance(world.aurora) == ("100.00", "0.00", "100.00")


def test_lines_sent_by_two_in_opposite_order_are_stored_once() -> None:
    world = build_world()
    lines = [
        line(partner, "1", key=f"{partner.pk}-{number}")
        for number in range(40)
        for partner in (world.aurora, world.borealis)
    ]
    program = world.program.pk
    results = at_once(
        partial(record, *lines, program_id=program), partial(record, *lines[::-1], program_id=program)
    )
    assert sorted(results, key=str) == [Recorded(0, 80), Recorded(80, 0)]
    assert balance(world.aurora)[0] == balance(world.borealis)[0] == "40.00"


def test_a_key_that_two_give_to_different_partners_belongs_to_one() -> None:
    world = build_world()
    one, other = (
        partial(record, line(partner, "1", key="c-1"), program_id=world.program.pk)
        for partner in (world.aurora, world.borealis)
    )
    assert sorted(type(found).__name__ for found in at_once(one, other)) == ["EntriesRefused", "Recorded"]
    assert Entry.objects.count() == 1


def test_a_payout_is_sent_once_and_nothing_said_at_that_moment_is_lost() -> None:
    world, office = build_world(), open_office()
    earned(world.aurora, "100")
    payout = approved(world, office).payouts.get()
    send = partial(mark_sent, payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    results = at_once(send, send, partial(earned, world.aurora, "7"), partial(earned, world.aurora, "8"))
    assert not [found for found in results if isinstance(found, Exception)]
    assert Entry.objects.filter(payout=payout).count() == 1
    assert balance(world.aurora) == ("15.00", "0.00", "0.00")


def test_two_people_approve_at_once_and_both_count() -> None:
    world, office = build_world(), open_office()
    earned(world.aurora, "100")
    batch = calculated(world, office.faina)
    at_once(
        *[partial(approve_batch, batch_id=batch.pk, by=by(who), at=AT) for who in (office.pavel, world.anna)]
    )
    batch.refresh_from_db()
    assert batch.state == BatchState.APPROVED


def test_a_form_sent_twice_at_once_is_one() -> None:
    world, office = build_world(), open_office()
    earned(world.aurora, "100")
    accounts_known()
    money = {"partner_id": world.aurora.pk, "currency": "EUR", "by": by(office.faina), "at": AT}
    hold = partial(open_hold, **money, terms=hold_terms("10"), form_key=uuid4())
    change = partial(propose_adjustment, **money, amount=Decimal(5), why="Bonus", form_key=uuid4())
    batch = partial(
        calculate_batch,
        program_id=world.program.pk,
        currency="EUR",
        pay_on=PAY_ON,
        earned_until=UNTIL,
        form_key=uuid4(),
        by=by(office.faina),
        at=AT,
    )
    results = at_once(hold, change, batch, hold, change, batch)
    assert not [found for found in results if isinstance(found, Exception)]
    assert [found.pk for found in results[:3]] == [found.pk for found in results[3:]]  # type: ignore[attr-defined]
    assert balance(world.aurora)[:2] == ("100.00", "10.00")


def test_two_people_decide_a_change_by_hand_and_one_decision_counts() -> None:
    world, office = build_world(), open_office()
    earned(world.aurora, "100")
    change = propose_adjustment(
        partner_id=world.aurora.pk, currency="EUR", amount=Decimal(5), why="Bonus", by=by(office.faina), at=AT
    )
    results = at_once(
        *[
            partial(decide_adjustment, adjustment_id=change.pk, approve=approve, on=TODAY, by=by(who), at=AT)
            for who, approve in ((office.pavel, True), (world.anna, False), (world.root, True))
        ]
    )
    assert sorted(type(found).__name__ for found in results) == [
        "Adjustment",
        "AdjustmentDecided",
        "AdjustmentDecided",
    ]
    change.refresh_from_db()
    assert balance(world.aurora)[0] == ("105.00" if change.state == "approved" else "100.00")


def test_a_hold_and_the_sending_of_a_batch_never_take_the_same_money() -> None:
    world, office = build_world(), open_office()
    earned(world.aurora, "100")
    batch = approved(world, office)
    results = at_once(
        partial(send_batch, batch_id=batch.pk, on=TODAY, by=by(office.faina), at=AT),
        partial(held, world.aurora, "30", office.pavel),
    )
    total, on_hold, _planned = balance(world.aurora)
    assert (total, on_hold) in (("0.00", "0.00"), ("100.00", "30.00"))
    assert any(isinstance(found, HoldRefused) for found in results) == (total == "0.00")


def test_an_account_that_is_replaced_at_this_moment_gets_no_money() -> None:
    world, office = build_world(), open_office()
    earned(world.aurora, "100")
    batch = approved(world, office)
    new = propose_details(
        partner_id=world.aurora.pk,
        method=PayMethod.WALLET,
        holder="Aurora",
        account="new@example.com",
        by=by(office.faina),
        at=AT,
    )
    confirm = partial(confirm_details, details_id=new.pk, at=AT)
    results = at_once(
        partial(send_batch, batch_id=batch.pk, on=TODAY, by=by(office.faina), at=AT),
        partial(confirm, by=by(office.pavel)),
        partial(confirm, by=by(world.anna)),
    )
    assert sorted(type(found).__name__ for found in results[1:]) == ["AccountDetails", "DetailsDecided"]
    assert AccountDetails.objects.filter(state="confirmed").count() == 1
    sent = results[0]
    assert isinstance(sent, SentBatch)
    assert (sent.sent, len(sent.moved)) in ((1, 0), (0, 1))


def test_partners_are_merged_while_their_money_moves() -> None:
    world, office = build_world(), open_office()
    for partner in (world.aurora, world.borealis):
        earned(partner, "100", on="2026-01-10")
    results = at_once(
        partial(
            merge_partners, source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world.anna), at=AT
        ),
        partial(earned, world.borealis, "10"),
        partial(charged_back, world.borealis, "1"),
        partial(held, world.borealis, "5", office.faina),
        partial(issue_statements, program_id=world.program.pk, on=PAY_ON, by=Actor.system(), at=AT),
    )
    assert not [found for found in results[:4] if isinstance(found, Exception)]
    assert balance(world.borealis)[:2] == ("209.00", "5.00")


def test_two_workers_tell_a_notice_once() -> None:
    world, office = build_world(), open_office()
    earned(world.aurora, "100")
    approved(world, office)
    tell = partial(tell_due, on=PAY_ON, by=Actor.system(), at=AT)
    assert sorted(at_once(tell, tell, tell), key=str) == [0, 0, 1]


def test_two_workers_take_the_same_files_in_once(tmp_path: Path) -> None:
    world = build_world()
    world.aurora.external_id = "A-1"
    world.aurora.save()
    path = tmp_path / "money.csv"
    rows = "".join(f"c-{number};A-1;1;EUR;2026-02-01\n" for number in range(200))
    path.write_text("key;partner;amount;currency;earned_on\n" + rows)
    longer = tmp_path / "longer.csv"
    longer.write_text(path.read_text() + "c-200;A-1;1;EUR;2026-02-01\n")
    take = partial(
        import_money_file,
        program_id=world.program.pk,
        kind=MoneyFileKind.ENTRIES,
        name="money.csv",
        zone=UTC,
        by=Actor.system(),
        at=AT,
    )
    results = at_once(partial(take, path=path), partial(take, path=path), partial(take, path=longer))
    assert not [found for found in results if isinstance(found, Exception)]
    assert sum(found.new for found in results) == 201  # type: ignore[attr-defined]
    assert balance(world.aurora)[0] == "201.00"
    assert MoneyImport.objects.count() == 2
