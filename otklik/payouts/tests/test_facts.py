"""Payouts and holds as rows for analytics, each once it has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.analytics.models import PendingFact
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.public import FactSource, rows_of
from otklik.analytics.public import facts as rows_in
from otklik.events.models import Event
from otklik.events.public import Actor, DeliveredEvent, Subject
from otklik.events.subscriptions import subscription_called
from otklik.partners.operations.erase import erase_partner
from otklik.partners.operations.merge import merge_partners
from otklik.payouts import facts
from otklik.payouts.models import Hold, Payout
from otklik.payouts.operations.holds import keep_hold, open_hold, release_hold
from otklik.payouts.operations.paying import cancel_payout, mark_failed, mark_paid, mark_returned, mark_sent
from otklik.payouts.operations.requests import ask_payout
from otklik.payouts.queries import money_facts
from otklik.payouts.rules.vocabulary import PayoutProblem
from otklik.payouts.tests.office import AT, Office, approved, by, earned, held, hold_terms
from otklik.payouts.tests.test_importing import Desk
from tests.world import World

SYSTEM = Actor.system()
LATER = AT + timedelta(days=20)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)


@pytest.fixture
def payout(world: World, office: Office) -> Payout:
    """Of 100.50 EUR, asked for, due on the 16th of March."""
    earned(world.aurora, "100.50")
    ask_payout(partner_id=world.aurora.pk, currency="EUR", contact_id=None, by=SYSTEM, at=AT)
    return approved(world, office).payouts.get()


def heard(kind: str) -> list[DeliveredEvent]:
    return [
        DeliveredEvent(
            event.pk,
            event.kind,
            1,
            event.happened_at,
            event.recorded_at,
            SYSTEM,
            tuple(Subject(one.noun, one.object_id) for one in event.subjects.order_by("pk")),
            event.data,
        )
        for event in Event.objects.filter(kind=kind).order_by("pk")
    ]


def written(source: FactSource, *kinds: str) -> list[tuple[Any, ...]]:
    """What the store holds after these events were delivered."""
    for kind in kinds:
        subscription = subscription_called(f"payouts.facts:{kind}")
        assert subscription is not None
        subscription.handle(heard(kind))
    write_facts(source, clock=lambda: LATER)
    return stored(source)


def stored(source: FactSource) -> list[tuple[Any, ...]]:
    rows = rows_of(rows_in(source.name).order_by("id"))
    return [tuple(us(cell) if isinstance(cell, datetime) else cell for cell in row) for row in rows]


def us(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def test_a_payout_is_a_row_once_it_was_paid_and_tells_how_late(
    world: World, office: Office, payout: Payout
) -> None:
    mark_sent(payout_id=payout.pk, on=date(2026, 3, 17), by=by(office.faina), at=AT)
    assert written(facts.payouts) == []
    mark_paid(payout_id=payout.pk, on=date(2026, 3, 19), reference="R1", by=by(office.faina), at=LATER)

    (row,) = written(facts.payouts, "payout.paid")

    payout.refresh_from_db()
    assert row == (
        payout.pk,
        us(AT),
        date(2026, 3, 19),
        world.program.pk,
        world.aurora.pk,
        "paid",
        "EUR",
        1_005_000,
        us(AT),
        date(2026, 3, 16),
        us(payout.sent_at or AT),
        us(LATER),
        "",
        1,
        3,
        0,
    )
    assert len(row) == len(facts.payouts.columns)


def test_a_payout_that_came_back_weeks_later_gives_its_row_up_for_another(
    office: Office, payout: Payout
) -> None:
    due = AT.replace(day=16)
    mark_sent(payout_id=payout.pk, on=due.date(), by=by(office.faina), at=due)
    mark_paid(payout_id=payout.pk, on=date(2026, 3, 17), by=by(office.faina), at=due)
    ((_, _, day, *_, state, _, _, _, _, _, _, problem, late, days, failed),) = written(
        facts.payouts, "payout.paid"
    )
    assert (day, state, problem, late, days, failed) == (date(2026, 3, 17), "paid", "", 0, 0, 0)

    problem = PayoutProblem.ACCOUNT_CLOSED
    mark_returned(payout_id=payout.pk, problem=problem, on=LATER.date(), by=by(office.faina), at=LATER)

    ((*_, state, _, _, _, _, _, ended, problem, late, _, failed),) = written(
        facts.payouts, "payout.paid", "payout.returned"
    )
    assert (state, ended, problem, late, failed) == ("returned", us(LATER), "account_closed", 0, 1)


@pytest.mark.parametrize(("kind", "failed"), [("payout.failed", 1), ("payout.cancelled", 0)])
def test_what_came_to_nothing_is_a_row_too(office: Office, payout: Payout, kind: str, failed: int) -> None:
    if failed:
        mark_sent(payout_id=payout.pk, on=AT.date(), by=by(office.faina), at=AT)
        problem = PayoutProblem.LIMIT
        mark_failed(payout_id=payout.pk, problem=problem, on=AT.date(), by=by(office.faina), at=AT)
    else:
        cancel_payout(payout_id=payout.pk, by=by(office.faina), at=AT)

    ((*row, late, days, is_failed),) = written(facts.payouts, kind)

    assert (row[2], row[5], late, days, is_failed) == (AT.date(), kind.removeprefix("payout."), 0, 0, failed)


def test_a_file_that_puts_the_day_of_a_paid_one_right_brings_another_row(
    world: World, tmp_path: Path
) -> None:
    desk = Desk(world, tmp_path)
    desk.payouts("P-1;A-1;100;EUR;paid;2026-02-16;2026-02-16;2026-02-17;")
    assert [row[2] for row in written(facts.payouts, "payout.paid")] == [date(2026, 2, 17)]

    desk.payouts("P-1;A-1;100;EUR;paid;2026-02-16;2026-02-16;2026-02-20;")

    assert [(row[2], row[-2]) for row in written(facts.payouts)] == [(date(2026, 2, 20), 4)]


def test_a_hold_is_a_row_once_it_was_decided(world: World, office: Office) -> None:
    earned(world.aurora, "100")
    released, kept = held(world.aurora, "40", office.faina), held(world.aurora, "0.55", office.faina)
    open_hold(partner_id=world.aurora.pk, currency="EUR", terms=hold_terms("1"), by=by(office.faina), at=AT)
    release_hold(hold_id=released.pk, by=by(office.pavel), at=LATER)
    keep_hold(hold_id=kept.pk, outcome_note="Bots", on=LATER.date(), by=by(office.pavel), at=LATER)

    rows = written(facts.holds, "hold.released", "hold.kept")

    place, money = (world.program.pk, world.aurora.pk), ("traffic_check", "EUR")
    assert rows == [
        (released.pk, us(AT), us(LATER), AT.date(), *place, *money, 400_000, "released"),
        (kept.pk, us(AT), us(LATER), AT.date(), *place, *money, 5_500, "kept"),
    ]


def test_money_follows_a_merged_partner_and_outlives_an_erased_one(
    world: World, office: Office, payout: Payout
) -> None:
    cancel_payout(payout_id=payout.pk, by=by(office.faina), at=AT)
    hold = held(world.aurora, "40", office.faina)
    release_hold(hold_id=hold.pk, by=by(office.pavel), at=AT)
    written(facts.payouts, "payout.cancelled")
    written(facts.holds, "hold.released")

    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=SYSTEM, at=LATER)
    facts.note_merged(heard("partner.merged"))

    merged = written(facts.payouts) + written(facts.holds)
    assert [row[4] for row in written(facts.payouts)] == [world.borealis.pk]
    assert [row[5] for row in written(facts.holds)] == [world.borealis.pk]
    erase_partner(partner_id=world.borealis.pk, by=SYSTEM, at=LATER)
    for source in (facts.payouts, facts.holds):
        write_facts(source, clock=lambda: LATER, rebuild=True)
    assert stored(facts.payouts) + stored(facts.holds) == merged


def test_the_demo_is_one_occasion_to_write_everything(world: World, office: Office, payout: Payout) -> None:
    cancel_payout(payout_id=payout.pk, by=by(office.faina), at=AT)
    PendingFact.objects.all().delete()
    (told,) = heard("payout.cancelled")
    facts.note_demo(told)
    assert len(written(facts.payouts)) == 1


def test_a_chunk_of_rows_takes_a_constant_number_of_queries(
    world: World, office: Office, tmp_path: Path
) -> None:
    earned(world.aurora, "100")
    for hold in [held(world.aurora, "1", office.faina) for _ in range(4)]:
        release_hold(hold_id=hold.pk, by=by(office.pavel), at=AT)
    lines = (f"P-{n};A-1;100;EUR;paid;2026-02-16;2026-02-16;2026-02-17;" for n in range(4))
    Desk(world, tmp_path).payouts(*lines)
    payouts, holds = (list(model.objects.values_list("pk", flat=True)) for model in (Payout, Hold))

    assert [queries(money_facts.payout_rows, ids) for ids in (payouts[:1], payouts)] == [3, 3]
    assert [queries(money_facts.hold_rows, ids) for ids in (holds[:1], holds)] == [1, 1]


def queries(rows: Callable[[list[int]], Iterable[object]], ids: list[int]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert len(list(rows(ids))) == len(ids)
    return len(captured)
