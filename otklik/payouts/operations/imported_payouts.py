"""Payouts that somebody else's system made, and what became of them since the last file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from django.db import transaction

from otklik.analytics.public import note_facts
from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.kit.chunks import in_chunks
from otklik.payouts.models import Entry, MoneyImport, Payout
from otklik.payouts.operations.amounts import told
from otklik.payouts.operations.balances import keep_balances, locked_balances, person
from otklik.payouts.operations.hands import AT_ONCE, Line, note_hands
from otklik.payouts.operations.ledger import add_to_ledger
from otklik.payouts.rules.file_lines import Known, KnownPayout, PayoutRow
from otklik.payouts.rules.vocabulary import (
    AWAITED,
    PAYOUT_FACTS,
    RESERVED,
    EntryKind,
    HandKind,
    PayoutProblem,
    PayoutState,
)

KEYS = 500
LEFT = frozenset({PayoutState.SENT, PayoutState.PAID})
"""The money is gone from the balance."""
CAME_BACK = frozenset({PayoutState.FAILED, PayoutState.RETURNED})
CHANGING = ["state", "expected_on", "sent_at", "paid_on", "reference", "problem"]


class ChangedMeanwhile(Exception):
    """What is stored under these keys is not what the file was checked against."""


@dataclass(slots=True)
class _Move:
    payout: Payout
    before: KnownPayout | None
    sent_on: date | None

    @property
    def state(self) -> PayoutState:
        return PayoutState(self.payout.state)

    @property
    def old_state(self) -> PayoutState | None:
        return self.before.state if self.before else None


def known_payout(row: Payout, zone: tzinfo) -> KnownPayout:
    return KnownPayout(
        partner=row.partner_id,
        amount=row.amount,
        currency=row.currency,
        state=PayoutState(row.state),
        expected_on=row.expected_on,
        sent_on=row.sent_at.astimezone(zone).date() if row.sent_at else None,
        paid_on=row.paid_on,
        reference=row.reference,
        problem=PayoutProblem(row.problem),
    )


@transaction.atomic
def store_payouts(
    rows: Sequence[PayoutRow], *, known: Known, money_import: MoneyImport, by: Actor, at: datetime
) -> tuple[list[Payout], list[Payout]]:
    """The new ones, and those that moved on. A cell that is blank takes nothing away. Raises
    ChangedMeanwhile, Partner.DoesNotExist."""
    balances = locked_balances((row.partner, row.currency) for row in rows)
    stored = _stored(rows, money_import.program_id)
    for row in rows:
        payout = stored.get(row.key)
        if (known_payout(payout, known.zone) if payout else None) != known.payouts.get(row.key):
            raise ChangedMeanwhile(row.key)
    moves = [_move(row, stored.get(row.key), known, money_import, at) for row in rows]
    new = [move for move in moves if move.before is None]
    changed = [move for move in moves if move.before and known_payout(move.payout, known.zone) != move.before]
    Payout.objects.bulk_create([move.payout for move in new], batch_size=500)
    Payout.objects.bulk_update([move.payout for move in changed], CHANGING, batch_size=500)
    for move in (*new, *changed):
        reserved = (move.state in RESERVED) - (move.old_state in RESERVED)
        balances[move.payout.partner_id, move.payout.currency].planned += reserved * move.payout.amount
    lines = [line for move in (*new, *changed) for line in _lines(move, known.on, at)]
    add_to_ledger(lines, balances)
    keep_balances(balances)
    back = (Line((one.partner_id, one.currency), AT_ONCE, one.amount) for one in lines if one.amount > 0)
    note_hands([person(by)], HandKind.BROUGHT_IN, back)
    record_many([event for move in (*new, *changed) for event in _events(move, at)], by=by, at=at)
    # A file may put right the day of one that ended before.
    note_facts(PAYOUT_FACTS, [move.payout.pk for move in changed if move.state not in AWAITED])
    return [move.payout for move in new], [move.payout for move in changed]


def _stored(rows: Sequence[PayoutRow], program_id: int) -> dict[str, Payout]:
    found: dict[str, Payout] = {}
    for part in in_chunks(sorted(row.key for row in rows), KEYS):
        locked = Payout.objects.select_for_update(of=("self",)).order_by("pk")
        found |= {row.source_key: row for row in locked.filter(program_id=program_id, source_key__in=part)}
    return found


def _move(
    row: PayoutRow, payout: Payout | None, known: Known, money_import: MoneyImport, at: datetime
) -> _Move:
    before = known.payouts.get(row.key)
    if payout is None:
        payout = Payout(
            program_id=money_import.program_id,
            partner_id=row.partner,
            amount=row.amount,
            currency=row.currency,
            original_expected_on=row.expected_on,
            source_key=row.key,
            money_import=money_import,
            created_at=at,
        )
    payout.state, payout.expected_on = row.state, row.expected_on
    if row.sent_on and (before is None or before.sent_on != row.sent_on):
        payout.sent_at = _within(row.sent_on, known.zone)
    payout.paid_on = row.paid_on or payout.paid_on
    payout.reference = row.reference or payout.reference
    payout.problem = PayoutProblem.NONE if row.state is PayoutState.PAID else row.problem or payout.problem
    return _Move(payout, before, row.sent_on)


def _within(day: date, zone: tzinfo) -> datetime:
    """An instant that is of this day in the program's zone as well as in UTC, by which late ones are told."""
    return max(datetime.combine(day, time(), zone), datetime.combine(day, time(), UTC))


def _lines(move: _Move, today: date, at: datetime) -> list[Entry]:
    """What moves money. A transfer that came back before we heard of it left and came back, in the past."""
    has_left = move.old_state in LEFT
    happened = min(move.sent_on or move.payout.paid_on or move.payout.expected_on, today)
    lines = []
    if not has_left and (move.state in LEFT or move.state is PayoutState.RETURNED):
        lines.append(_line(move.payout, EntryKind.PAYOUT, happened, at))
        has_left = True
    if has_left and move.state in CAME_BACK:
        lines.append(_line(move.payout, EntryKind.RETURN, today if move.before else happened, at))
    return lines


def _line(payout: Payout, kind: EntryKind, on: date, at: datetime) -> Entry:
    return Entry(
        program_id=payout.program_id,
        partner_id=payout.partner_id,
        currency=payout.currency,
        kind=kind,
        amount=payout.amount if kind is EntryKind.RETURN else -payout.amount,
        earned_on=on,
        payout=payout,
        recorded_at=at,
    )


def _events(move: _Move, at: datetime) -> list[NewEvent]:
    payout, before = move.payout, move.before
    subjects = [Subject("payout", payout.pk), Subject("partner", payout.partner_id)]
    data = {"amount": told(payout.amount, payout.currency), "currency": payout.currency}
    events = []
    if before is None or before.state is not move.state:
        more = {"expected_on": payout.expected_on.isoformat(), "problem": str(payout.problem)}
        if payout.paid_on:
            more["on"] = payout.paid_on.isoformat()
        events.append(NewEvent(f"payout.{move.state.value}", at, subjects, {**data, **more}))
    if before and before.expected_on != payout.expected_on:
        days = {"from": before.expected_on.isoformat(), "to": payout.expected_on.isoformat()}
        more = {**days, "problem": str(payout.problem)}
        events.append(NewEvent("payout.moved", at, subjects, {**data, **more}))
    if before and (corrected := _corrected_days(move, before)):
        events.append(NewEvent("payout.corrected", at, subjects, {**data, **corrected}))
    return events


def _corrected_days(move: _Move, before: KnownPayout) -> dict[str, str]:
    """``sent_before``, ``sent_after``, ``paid_before``, ``paid_after``: days that were told otherwise before,
    or told of a state that is over."""
    found = {}
    sent_on, paid_on = move.sent_on or before.sent_on, move.payout.paid_on
    for name, old, new in (("sent", before.sent_on, sent_on), ("paid", before.paid_on, paid_on)):
        if new is not None and new != old and (old is not None or before.state is move.state):
            found[f"{name}_after"] = new.isoformat()
            if old is not None:
                found[f"{name}_before"] = old.isoformat()
    return found
