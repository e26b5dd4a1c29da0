"""Holding a part of a balance, and deciding about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.payouts.models import Balance, Entry, Hold
from otklik.payouts.operations.amounts import refuse_wrong, told
from otklik.payouts.operations.balances import keep_balance, locked_balance, person
from otklik.payouts.operations.ledger import add_to_ledger
from otklik.payouts.rules.holds import HoldProblem, hold_problem
from otklik.payouts.rules.vocabulary import EntryKind, HoldReason, HoldState

LONGEST_TEXT = 500


class HoldRefused(Exception):
    def __init__(self, problem: HoldProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class HoldDecided(Exception):
    """Released or kept already."""


class HoldChanged(Exception):
    """Somebody else changed it after it was opened for editing; ``version`` is the one of now."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


class NeedsSecondPerson(Exception):
    """Whoever began this does not end it: money is taken from a partner, or given, by two people."""


@dataclass(frozen=True, slots=True)
class HoldTerms:
    amount: Decimal
    reason: HoldReason
    checking: str
    """What is being checked; the partner reads it."""
    decide_by: date


@transaction.atomic
def open_hold(
    *,
    partner_id: int,
    currency: str,
    terms: HoldTerms,
    form_key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Hold:
    """Freezes this amount and nothing besides. The same form twice is one hold. Raises WrongAmount,
    HoldRefused, Partner.DoesNotExist."""
    refuse_wrong(terms.amount, currency)
    balance = locked_balance(partner_id, currency)
    if form_key and (before := Hold.objects.filter(form_key=form_key).first()):
        return before
    _refuse(terms, balance, balance.held, at)
    hold = Hold(
        partner_id=partner_id,
        currency=currency,
        opened_by_id=person(by),
        opened_at=at,
        form_key=form_key,
    )
    _fill(hold, terms)
    hold.save()
    balance.held += hold.amount
    keep_balance(balance)
    _tell("hold.opened", hold, {}, by, at)
    return hold


@transaction.atomic
def change_hold(
    *, hold_id: int, terms: HoldTerms, expected_version: int | None = None, by: Actor, at: datetime
) -> Hold:
    """A smaller amount frees the rest at once; a later day of decision is told to the partner like any other
    change. Raises WrongAmount, HoldRefused, HoldDecided, HoldChanged, Hold.DoesNotExist."""
    hold, balance = _locked(hold_id)
    if _says(hold, terms):
        return hold
    if expected_version is not None and hold.version != expected_version:
        raise HoldChanged(hold.version)
    refuse_wrong(terms.amount, hold.currency)
    _refuse(terms, balance, balance.held - hold.amount, at, before=hold.amount)
    was = hold.amount
    if terms.amount > was:
        hold.raised_by_id = person(by)
    before = {"amount": told(hold.amount, hold.currency), "decide_by": hold.decide_by.isoformat()}
    _fill(hold, terms)
    hold.version += 1
    balance.held += hold.amount - was
    hold.save()
    keep_balance(balance)
    _tell("hold.changed", hold, {"before": before}, by, at)
    return hold


@transaction.atomic
def release_hold(*, hold_id: int, outcome_note: str = "", by: Actor, at: datetime) -> Hold:
    """The money is free again. Raises HoldDecided, Hold.DoesNotExist."""
    hold, balance = _locked(hold_id)
    _decide(hold, HoldState.RELEASED, outcome_note, by, at)
    hold.save()
    balance.held -= hold.amount
    keep_balance(balance)
    _tell("hold.released", hold, {}, by, at)
    return hold


@transaction.atomic
def keep_hold(*, hold_id: int, outcome_note: str, on: date, by: Actor, at: datetime) -> Hold:
    """The partner does not get it: the amount leaves the balance. Raises NeedsSecondPerson for whoever opened
    it or made it larger, HoldRefused without a word for the partner, HoldDecided, Hold.DoesNotExist."""
    hold, balance = _locked(hold_id)
    if person(by) in (None, hold.opened_by_id, hold.raised_by_id):
        raise NeedsSecondPerson(hold_id)
    if not outcome_note.strip():
        raise HoldRefused(HoldProblem.NOTHING_SAID)
    _decide(hold, HoldState.KEPT, outcome_note, by, at)
    balance.held -= hold.amount
    entry = Entry(
        program_id=hold.partner.program_id,
        partner_id=hold.partner_id,
        currency=hold.currency,
        kind=EntryKind.ADJUSTMENT,
        amount=-hold.amount,
        earned_on=on,
        recorded_at=at,
    )
    add_to_ledger([entry], {(hold.partner_id, hold.currency): balance})
    keep_balance(balance)
    hold.entry = entry
    hold.save()
    _tell("hold.kept", hold, {}, by, at)
    return hold


def _refuse(
    terms: HoldTerms, balance: Balance, others: Decimal, at: datetime, *, before: Decimal = Decimal(0)
) -> None:
    problem = hold_problem(
        terms.amount,
        terms.checking,
        terms.decide_by,
        balance=balance.total,
        held=others,
        on=at.date(),
        before=before,
    )
    if problem is not None:
        raise HoldRefused(problem)


def _locked(hold_id: int) -> tuple[Hold, Balance]:
    known = Hold.objects.get(pk=hold_id)
    balance = locked_balance(known.partner_id, known.currency)
    hold = Hold.objects.select_for_update(of=("self",)).select_related("partner").get(pk=hold_id)
    if hold.state != HoldState.OPEN:
        raise HoldDecided(hold_id)
    return hold, balance


def _says(hold: Hold, terms: HoldTerms) -> bool:
    checking = terms.checking.strip()[:LONGEST_TEXT]
    now = (hold.amount, hold.reason, hold.checking, hold.decide_by)
    return now == (terms.amount, terms.reason, checking, terms.decide_by)


def _fill(hold: Hold, terms: HoldTerms) -> None:
    hold.amount, hold.reason, hold.decide_by = terms.amount, terms.reason, terms.decide_by
    hold.checking = terms.checking.strip()[:LONGEST_TEXT]


def _decide(hold: Hold, state: HoldState, note: str, by: Actor, at: datetime) -> None:
    hold.state, hold.outcome_note = state, note.strip()[:LONGEST_TEXT]
    hold.decided_by_id, hold.decided_at = person(by), at


def _tell(kind: str, hold: Hold, more: dict[str, Any], by: Actor, at: datetime) -> None:
    data = {
        "amount": told(hold.amount, hold.currency),
        "currency": hold.currency,
        "reason": str(hold.reason),
        "decide_by": hold.decide_by.isoformat(),
    }
    subjects = [Subject("hold", hold.pk), Subject("partner", hold.partner_id)]
    record(kind, by=by, at=at, subjects=subjects, data=data | more)
