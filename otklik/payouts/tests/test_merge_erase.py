"""Merging adds two partners' money up; erasing leaves amounts that name nobody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from otklik.events.public import Actor
from otklik.partners.models import Partner
from otklik.partners.operations.erase import erase_contact, erase_partner
from otklik.partners.operations.merge import merge_contacts, merge_partners
from otklik.payouts.models import (
    Adjustment,
    Balance,
    Entry,
    Hold,
    PartnerReport,
    PaymentTerms,
    Payout,
    PayoutRequest,
    Statement,
)
from otklik.payouts.operations.adjustments import propose_adjustment
from otklik.payouts.operations.holds import release_hold
from otklik.payouts.operations.paying import mark_sent
from otklik.payouts.operations.recounting import recount_balances
from otklik.payouts.operations.requests import ask_payout
from otklik.payouts.operations.statements import issue_statements
from otklik.payouts.operations.terms import set_terms
from otklik.payouts.rules.schedule import Terms
from otklik.payouts.rules.vocabulary import RequestState, Schedule
from otklik.payouts.tests.office import (
    AT,
    TODAY,
    Office,
    approved,
    balance,
    by,
    earned,
    held,
    line,
    record,
)
from tests.world import World

SYSTEM = Actor.system()


def ask(partner: Partner, contact_id: int | None = None) -> PayoutRequest:
    return ask_payout(partner_id=partner.pk, currency="EUR", contact_id=contact_id, by=SYSTEM, at=AT)


def issue(world: World, on: date) -> int:
    return issue_statements(program_id=world.program.pk, on=on, by=SYSTEM, at=AT)


def test_two_partners_that_are_one_have_the_money_of_both(world: World, office: Office) -> None:
    earned(world.aurora, "100", on="2026-01-10")
    earned(world.borealis, "50", on="2026-01-11")
    earned(world.aurora, "9", currency="USD")
    held(world.aurora, "30", office.faina)
    issue(world, date(2026, 2, 2))
    approved(world, office)
    earned(world.aurora, "20", on="2026-02-20")
    earned(world.borealis, "20", on="2026-02-20")
    for partner in (world.aurora, world.borealis):
        ask(partner)
        set_terms(
            program_id=world.program.pk,
            partner_id=partner.pk,
            terms=Terms(Schedule.MONTHLY, 1),
            minimum={},
            by=by(office.faina),
            at=AT,
        )

    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world.anna), at=AT)

    assert balance(world.borealis) == ("190.00", "30.00", "120.00")
    assert balance(world.borealis, "USD") == ("9.00", "0.00", "0.00")
    assert recount_balances(by=SYSTEM, at=AT) == 0
    assert Balance.objects.count() == 2
    assert PaymentTerms.objects.get().partner == world.borealis
    assert sorted(PayoutRequest.objects.values_list("state", flat=True)) == ["asked", "withdrawn"]
    # Both histories open the next statement.
    assert issue(world, date(2026, 3, 2)) == 2
    latest = Statement.objects.filter(currency="EUR").latest("end")
    assert (latest.partner, latest.opening, latest.closing) == (world.borealis, 150, 190)


def test_who_asked_is_the_person_that_stays(world: World) -> None:
    earned(world.aurora, "100")
    request = ask(world.aurora, world.gleb.pk)
    merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=by(world.anna), at=AT)
    request.refresh_from_db()
    assert (request.asked_by_contact, request.state) == (world.vera, RequestState.ASKED)


def test_an_erased_partner_leaves_sums_and_not_a_word(world: World, office: Office) -> None:
    record(line(world.aurora, "100", note="Call Vera"), program_id=world.program.pk)
    earned(world.borealis, "50")
    hold = held(world.aurora, "30", office.faina)
    release_hold(hold_id=hold.pk, outcome_note="Vera showed the logs", by=by(office.faina), at=AT)
    propose_adjustment(
        partner_id=world.aurora.pk,
        currency="EUR",
        amount=Decimal(5),
        why="Vera was promised it",
        by=by(office.pavel),
        at=AT,
    )
    other = held(world.borealis, "1", office.faina)
    payout = approved(world, office).payouts.get(partner=world.aurora)
    mark_sent(payout_id=payout.pk, on=TODAY, reference="Vera Orlova 17", by=by(office.faina), at=AT)
    PartnerReport.objects.create(
        partner=world.aurora, currency="EUR", start=TODAY, end=TODAY, uploaded_at=AT
    ).lines.create(key="vera", day=TODAY, amount=1)

    erase_partner(partner_id=world.aurora.pk, by=by(world.root), at=AT)

    hold.refresh_from_db()
    other.refresh_from_db()
    assert {entry.note for entry in Entry.objects.all()} == {""}
    assert (hold.checking, hold.outcome_note) == ("", "")
    assert (Adjustment.objects.get().why, Payout.objects.get(pk=payout.pk).reference) == ("", "")
    assert not PartnerReport.objects.exists()
    assert other.checking == "Clicks from one address"
    assert balance(world.aurora) == ("0.00", "0.00", "0.00")
    assert Hold.objects.get(pk=hold.pk).amount == 30


def test_an_erased_person_leaves_the_request(world: World) -> None:
    earned(world.aurora, "100")
    ask(world.aurora, world.vera.pk)
    erase_contact(contact_id=world.vera.pk, by=by(world.root), at=AT)
    assert PayoutRequest.objects.get().state == RequestState.ASKED
