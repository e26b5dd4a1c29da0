"""Whose money somebody sees, and who may touch it."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal

import pytest
from django.utils.translation import override

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.identity.rules.roles import Right
from otklik.partners.timeline import shown_timeline
from otklik.payouts import access
from otklik.payouts.models import Payout
from otklik.payouts.operations.adjustments import decide_adjustment, propose_adjustment
from otklik.payouts.operations.batches import cancel_batch
from otklik.payouts.operations.details import confirm_details, decline_details, propose_details
from otklik.payouts.operations.holds import change_hold, keep_hold, release_hold
from otklik.payouts.operations.ledger import reverse_entry
from otklik.payouts.operations.notices import tell_due
from otklik.payouts.operations.paying import (
    mark_failed,
    mark_paid,
    mark_returned,
    move_payout,
    send_batch,
)
from otklik.payouts.operations.reports import take_report
from otklik.payouts.operations.requests import ask_payout, decline_request, withdraw_request
from otklik.payouts.operations.settling import take_pay_file
from otklik.payouts.operations.statements import issue_statements
from otklik.payouts.operations.terms import follow_program, set_terms
from otklik.payouts.rules.report_file import ReportRow
from otklik.payouts.rules.schedule import Period, Terms
from otklik.payouts.rules.vocabulary import DeclineReason, PayMethod, PayoutProblem, Schedule
from otklik.payouts.sentences import SENTENCES
from otklik.payouts.tests.office import (
    AT,
    PAY_ON,
    TODAY,
    Office,
    approved,
    by,
    calculated,
    earned,
    held,
    hold_terms,
)
from tests.world import World


@pytest.fixture
def paid(world: World, office: Office) -> World:
    for partner in (world.aurora, world.borealis):
        earned(partner, "100")
        held(partner, "10", office.faina)
    approved(world, office)
    issue_statements(program_id=world.program.pk, on=PAY_ON, by=Actor.system(), at=AT)
    return world


def seen_by(user: User) -> list[list[str]]:
    rows = (
        access.visible_payouts(user),
        access.visible_holds(user),
        access.visible_statements(user),
        access.visible_balances(user),
        access.visible_entries(user),
    )
    return [sorted(set(found.values_list("partner__name", flat=True))) for found in rows]


def test_everybody_sees_the_money_that_is_their_business(paid: World, office: Office) -> None:
    everything, nothing = [["Aurora", "Borealis"]] * 5, [[]] * 5
    assert seen_by(office.faina) == seen_by(paid.anna) == seen_by(paid.root) == everything
    assert seen_by(paid.boris) == [["Aurora"]] * 5
    assert seen_by(paid.clara) == [["Borealis"]] * 5
    assert seen_by(paid.dmitri) == seen_by(paid.stranger) == nothing


def test_batches_name_everybody_and_are_for_those_who_see_everybody(paid: World, office: Office) -> None:
    assert access.visible_batches(office.faina).count() == 1
    assert access.approvable_batches(paid.anna).count() == 1
    for who in (paid.boris, paid.dmitri, paid.stranger):
        assert not access.visible_batches(who).exists()
        assert not access.approvable_batches(who).exists()


def test_an_account_manager_looks_and_changes_nothing(paid: World, office: Office) -> None:
    assert access.money_partners(paid.boris).get() == paid.aurora
    assert not access.editable(paid.boris, access.visible_holds(paid.boris)).exists()
    assert access.editable(office.faina, access.visible_holds(office.faina)).count() == 2
    may = {right for right in (Right.EDIT_MONEY, Right.APPROVE_MONEY) if paid.boris.may(right)}
    assert may == set()


def everything_that_can_happen(world: World, office: Office) -> None:
    faina, pavel, anna = by(office.faina), by(office.pavel), by(world.anna)
    system, program, aurora = Actor.system(), world.program.pk, world.aurora
    earned(aurora, "1000")
    for approve in (True, False):
        pk = propose_adjustment(
            partner_id=aurora.pk, currency="EUR", amount=Decimal(5), why="Bonus", by=pavel, at=AT
        ).pk
        decide_adjustment(adjustment_id=pk, approve=approve, on=TODAY, by=anna, at=AT)
    reverse_entry(entry_id=access.visible_entries(world.root).earliest("pk").pk, on=TODAY, by=pavel, at=AT)
    earned(aurora, "2000")
    change_hold(hold_id=held(aurora, "3", office.faina).pk, terms=hold_terms("2"), by=faina, at=AT)
    release_hold(hold_id=held(aurora, "3", office.faina).pk, by=faina, at=AT)
    keep_hold(hold_id=held(aurora, "3", office.faina).pk, outcome_note="Bots", on=TODAY, by=pavel, at=AT)
    for end in (withdraw_request, decline_request):
        more = {"reason": DeclineReason.OFF_SCHEDULE} if end is decline_request else {}
        asked = ask_payout(partner_id=aurora.pk, currency="EUR", amount=Decimal(5), by=system, at=AT)
        end(request_id=asked.pk, by=system, at=AT, **more)  # type: ignore[operator]
    ask_payout(partner_id=aurora.pk, currency="EUR", contact_id=world.vera.pk, by=system, at=AT)
    february = Period(date(2026, 2, 1), date(2026, 2, 28))
    rows = [ReportRow("", date(2026, 2, 10), Decimal(1))]
    take_report(partner_id=aurora.pk, currency="EUR", period=february, rows=rows, zone=UTC, by=anna, at=AT)
    cancel_batch(batch_id=calculated(world, office.faina).pk, by=faina, at=AT)
    for end in (confirm_details, decline_details):
        said = propose_details(
            partner_id=aurora.pk,
            method=PayMethod.OTHER,
            holder="Aurora",
            account="A-17 17",
            by=faina,
            at=AT,
        )
        end(details_id=said.pk, by=pavel, at=AT)
    monthly = Terms(Schedule.MONTHLY, 15)
    set_terms(program_id=program, partner_id=aurora.pk, terms=monthly, minimum={}, by=faina, at=AT)
    follow_program(partner_id=aurora.pk, by=faina, at=AT)
    issue_statements(program_id=program, on=PAY_ON, by=system, at=AT)


def pay_in_every_way(world: World, office: Office) -> None:
    faina, bank = by(office.faina), PayoutProblem.BANK_REFUSED
    for end in (mark_failed, mark_returned):
        earned(world.aurora, "10")
        payout = approved_by_others(world, office)
        move_payout(payout_id=payout.pk, expected_on=TODAY, problem=bank, by=faina, at=AT)
        tell_due(on=PAY_ON, by=Actor.system(), at=AT)
        take_pay_file(batch_id=payout.batch_id, by=faina, at=AT)
        send_batch(batch_id=payout.batch_id, on=TODAY, by=faina, at=AT)
        if end is mark_returned:
            mark_paid(payout_id=payout.pk, on=TODAY, by=faina, at=AT)
        end(payout_id=payout.pk, problem=bank, on=TODAY, by=faina, at=AT)


def approved_by_others(world: World, office: Office) -> Payout:
    """Nobody of the office touched this money by hand."""
    return approved(world, office).payouts.get()


def texts(world: World, user: User, language: str) -> list[str]:
    with override(language):
        lines, _more = shown_timeline("partner", world.aurora.pk, rights=user.rights, limit=200)
        return [shown.text for shown in lines]


def test_a_timeline_tells_all_of_it_in_both_languages_to_those_who_may_see_money(
    world: World, office: Office
) -> None:
    pay_in_every_way(world, office)
    everything_that_can_happen(world, office)
    english, russian = texts(world, office.faina, "en"), texts(world, office.faina, "ru")
    # What a file brings in or corrects has its own tests; batches and files stand on no partner's timeline.
    told = {sentence.name for sentence in SENTENCES} - {"money.imported", "payout.corrected"}
    assert told - set(Event.objects.values_list("kind", flat=True)) == set()
    of_batches = [name for name in told if name.startswith("batch.")]
    assert len(english) == len(russian) >= len(told) - len(of_batches)
    assert any(text.startswith("The hold changed: €2.00, traffic check.") for text in english)
    assert any("2,00\xa0€" in text and text.startswith("Удержание изменено") for text in russian)
    assert not set(english) & set(russian)
    assert texts(world, world.dmitri, "en") == []
