"""Lines of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from otklik.events.public import Actor, NewEvent, Subject, record, record_many
from otklik.kit.among import Among
from otklik.partners.public import Partner
from otklik.payouts.earnings import note_earnings
from otklik.payouts.models import Balance, Entry
from otklik.payouts.operations.amounts import amount_problem, told
from otklik.payouts.operations.balances import Key, keep_balances, locked_balances, person
from otklik.payouts.operations.hands import Line, note_hands
from otklik.payouts.rules.balance import LARGEST_SUM, entry_problem
from otklik.payouts.rules.vocabulary import IMPORTED_ENTRIES, TRANSFERS, EntryKind, HandKind, LineProblem

LONGEST_KEY, LONGEST_SOURCE, LONGEST_NOTE = 120, 60, 200


@dataclass(frozen=True, slots=True)
class NewEntry:
    partner_id: int
    currency: str
    kind: EntryKind
    amount: Decimal
    earned_on: date
    source_key: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """``known``: lines that stood there already, word for word."""

    recorded: int
    known: int


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """``place``: from 0, in the order given."""

    place: int
    problem: LineProblem


class EntriesRefused(Exception):
    """Not one of the lines is stored; ``lines`` says which are wrong."""

    def __init__(self, lines: Sequence[RefusedLine]) -> None:
        super().__init__(f"{len(lines)} wrong lines")
        self.lines = list(lines)


class AlreadyReversed(Exception):
    """Another line takes this one back."""


class BalanceTooLarge(Exception):
    """The balance would pass LARGEST_SUM, on either side of zero."""


class CannotReverse(Exception):
    """A payout, its return, or a reversal: each has a way of its own to be undone."""


def record_entries(
    *,
    program_id: int,
    entries: Sequence[NewEntry],
    money_import_id: int | None = None,
    by: Actor,
    at: datetime,
) -> Recorded:
    """All or none. A line whose key is known with the same content is left out, so that whoever sends lines
    may send them again. A person who sends them does not approve the batch that pays them out. Raises
    EntriesRefused.

    On SQLite nobody else writes meanwhile: a few thousand lines at a time.
    """
    wrong = [RefusedLine(place, p) for place, line in enumerate(entries) if (p := _problem(line))]
    if wrong:
        raise EntriesRefused(wrong)
    try:
        with transaction.atomic():
            return _record(program_id, entries, money_import_id, by, at)
    except IntegrityError:
        # Somebody stored one of the keys at this moment, for another partner: now it is known.
        _unknown(program_id, entries)
        raise


@transaction.atomic
def reverse_entry(*, entry_id: int, note: str = "", on: date, by: Actor, at: datetime) -> Entry:
    """Takes a line back by one of the opposite amount. Who does so by hand does not approve the batch that
    pays it out. Raises Entry.DoesNotExist, AlreadyReversed, CannotReverse."""
    entry = Entry.objects.get(pk=entry_id)
    if entry.kind in TRANSFERS or entry.kind == EntryKind.REVERSAL:
        raise CannotReverse(entry_id)
    balances = locked_balances([(entry.partner_id, entry.currency)])
    if Entry.objects.filter(reverses_id=entry_id).exists():
        raise AlreadyReversed(entry_id)
    line = NewEntry(entry.partner_id, entry.currency, EntryKind.REVERSAL, -entry.amount, on)
    row = _row(entry.program_id, line, reverses=entry, by_hand_id=person(by), recorded_at=at)
    row.source, row.note = entry.source, note.strip()[:LONGEST_NOTE]
    add_to_ledger([row], balances)
    key = entry.partner_id, entry.currency
    note_hands([person(by)], HandKind.CHANGED, [Line(key, on, row.amount)])
    keep_balances(balances)
    data = {"entry_id": entry_id, **_amounts(row)}
    subjects = [Subject("partner", entry.partner_id), Subject("program", entry.program_id)]
    record("entry.reversed", by=by, at=at, subjects=subjects, data=data)
    return row


def add_to_ledger(rows: Sequence[Entry], balances: Mapping[Key, Balance]) -> None:
    """To the balances as well, which the caller holds, and stores afterwards. Raises BalanceTooLarge."""
    for row in rows:
        balance = balances[row.partner_id, row.currency]
        balance.total += row.amount
        if abs(balance.total) > LARGEST_SUM:
            raise BalanceTooLarge(row.partner_id)
    Entry.objects.bulk_create(rows, batch_size=500)
    note_earnings(rows)


def _record(
    program_id: int, entries: Sequence[NewEntry], money_import_id: int | None, by: Actor, at: datetime
) -> Recorded:
    _refuse_strangers(program_id, entries)
    balances = locked_balances((line.partner_id, line.currency) for line in entries)
    new = _unknown(program_id, entries)
    _refuse_sums(entries, new, balances)
    rows = [_row(program_id, line, money_import_id=money_import_id, recorded_at=at) for line in new]
    add_to_ledger(rows, balances)
    keep_balances({key: balances[key] for key in {(row.partner_id, row.currency) for row in rows}})
    lines = (Line((line.partner_id, line.currency), line.earned_on, line.amount) for line in new)
    note_hands([person(by)], HandKind.BROUGHT_IN, lines)
    record_many(_news(program_id, new, at), by=by, at=at)
    return Recorded(len(new), len(entries) - len(new))


def _problem(line: NewEntry) -> LineProblem | None:
    if line.kind not in IMPORTED_ENTRIES:
        return LineProblem.UNKNOWN_KIND
    if problem := amount_problem(line.amount, line.currency):
        return problem
    if problem := entry_problem(line.kind, line.amount):
        return problem
    long = (
        len(line.source_key) > LONGEST_KEY,
        len(line.source) > LONGEST_SOURCE,
        len(line.note) > LONGEST_NOTE,
    )
    return LineProblem.TOO_LONG if any(long) else None


def _refuse_strangers(program_id: int, entries: Sequence[NewEntry]) -> None:
    ids = {line.partner_id for line in entries}
    ours = set(Partner.objects.filter(pk__in=Among(ids), program_id=program_id).values_list("pk", flat=True))
    wrong = [
        RefusedLine(place, LineProblem.UNKNOWN_PARTNER)
        for place, line in enumerate(entries)
        if line.partner_id not in ours
    ]
    if wrong:
        raise EntriesRefused(wrong)


def _refuse_sums(
    entries: Sequence[NewEntry], new: Sequence[NewEntry], balances: Mapping[Key, Balance]
) -> None:
    added = {id(line) for line in new}
    totals = {key: balance.total for key, balance in balances.items()}
    wrong = []
    for place, line in enumerate(entries):
        if id(line) in added:
            totals[line.partner_id, line.currency] += line.amount
            if abs(totals[line.partner_id, line.currency]) > LARGEST_SUM:
                wrong.append(RefusedLine(place, LineProblem.SUM_TOO_LARGE))
    if wrong:
        raise EntriesRefused(wrong)


def _unknown(program_id: int, entries: Sequence[NewEntry]) -> list[NewEntry]:
    """Raises EntriesRefused for a key that is known with another content."""
    keys = sorted({line.source_key for line in entries if line.source_key})
    known: dict[str, tuple[object, ...]] = {}
    for start in range(0, len(keys), 500):
        rows = Entry.objects.filter(program_id=program_id, source_key__in=keys[start : start + 500])
        known |= {row.source_key: _content(row) for row in rows}
    here = set(known)
    new, wrong = [], []
    for place, line in enumerate(entries):
        if line.source_key in known:
            if known[line.source_key] != _content(line):
                stored = line.source_key in here
                wrong.append(RefusedLine(place, LineProblem.CHANGED if stored else LineProblem.DOUBLED_KEY))
            continue
        if line.source_key:
            known[line.source_key] = _content(line)
        new.append(line)
    if wrong:
        raise EntriesRefused(wrong)
    return new


def _content(line: Entry | NewEntry) -> tuple[object, ...]:
    # Source and note may be worded better the second time; the money may not change.
    return line.partner_id, line.currency, str(line.kind), line.amount, line.earned_on


def _row(program_id: int, line: NewEntry, **more: object) -> Entry:
    return Entry(
        program_id=program_id,
        partner_id=line.partner_id,
        currency=line.currency,
        kind=line.kind,
        amount=line.amount,
        earned_on=line.earned_on,
        source_key=line.source_key,
        source=line.source,
        note=line.note,
        **more,
    )


def _news(program_id: int, lines: Sequence[NewEntry], at: datetime) -> list[NewEvent]:
    """One for each partner and currency, however many lines there are."""
    by_key: dict[Key, list[Decimal]] = defaultdict(list)
    for line in lines:
        by_key[line.partner_id, line.currency].append(line.amount)
    return [
        NewEvent(
            "entry.recorded",
            at,
            [Subject("partner", partner_id), Subject("program", program_id)],
            {
                "entries": len(amounts),
                "currency": currency,
                "amount": told(sum(amounts, Decimal(0)), currency),
            },
        )
        for (partner_id, currency), amounts in sorted(by_key.items())
    ]


def _amounts(row: Entry) -> dict[str, str]:
    return {"amount": told(row.amount, row.currency), "currency": row.currency}
