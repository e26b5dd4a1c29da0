"""A money file, taken in whole or refused whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Sum

from otklik.events.public import Actor, Subject, record
from otklik.kit.among import Among
from otklik.kit.chunks import in_chunks
from otklik.kit.planner import LARGE_LOAD, refresh_statistics
from otklik.kit.tabular import Ragged, open_table
from otklik.partners.public import Partner, Program
from otklik.payouts.models import Balance, Entry, MoneyImport, Payout
from otklik.payouts.operations.amounts import told
from otklik.payouts.operations.balances import person
from otklik.payouts.operations.imported_payouts import ChangedMeanwhile, known_payout, store_payouts
from otklik.payouts.operations.ledger import BalanceTooLarge, EntriesRefused, NewEntry, record_entries
from otklik.payouts.rules.file_cells import text_of
from otklik.payouts.rules.file_lines import (
    EntryRow,
    FileProblem,
    Known,
    KnownEntry,
    KnownPayout,
    PayoutRow,
)
from otklik.payouts.rules.file_rows import MOST_LINES, Checked, FileLine, check_file
from otklik.payouts.rules.vocabulary import EntryKind, MoneyFileKind

LONGEST_NAME = 200
# On SQLite nobody else writes while one is stored.
CHUNK = 2_000
KEYS = 500
TRIES = 3
READ_AT_ONCE = 1 << 20


class MoneyFileRefused(Exception):
    """Nothing of the file is stored; ``problems`` names every line that is wrong."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)


class TotalsBroken(Exception):
    """What the ledger holds under the keys of the file does not add up to the file."""


@dataclass(frozen=True, slots=True)
class ImportedMoney:
    money_import_id: int
    is_repeat: bool
    """This very file was taken in before; nothing was looked at."""
    new: int
    changed: int
    """Payouts that moved on."""
    same: int
    totals: Mapping[str, str]
    """By currency, of all lines."""


class Phase(StrEnum):
    CHECKING = "checking"
    STORING = "storing"


Heard = Callable[[Phase, int, int], None]
"""Which part of the work, lines done, lines in all."""


@dataclass(frozen=True, slots=True)
class MoneyLines:
    """A file's lines, from wherever they came."""

    program_id: int
    kind: MoneyFileKind
    name: str
    digest: str
    """Of all it says: the same lines a second time are found by it."""
    columns: Sequence[str]
    lines: Sequence[FileLine]
    header_line: int = 1
    partners: Mapping[str, int] | None = None
    """What stands in the column of partners; None: their external ids."""


def _silent(phase: Phase, done: int, lines: int) -> None:
    """Nobody waits."""


def import_money_file(
    *,
    program_id: int,
    kind: MoneyFileKind,
    path: Path,
    name: str,
    totals: Mapping[str, Decimal] | None = None,
    zone: tzinfo,
    by: Actor,
    at: datetime,
    heard: Heard = _silent,
) -> ImportedMoney:
    """``totals``: by currency, as the sender told them beside the file. ``zone``: days are counted in it.
    ``heard`` is called between transactions.

    Known lines that say the same are left; a file is checked whole before any of it is stored. On PostgreSQL
    it is stored in one transaction. On SQLite entries are stored in chunks, so that others can write in
    between: after an interruption the same file goes on where it was.

    Raises MoneyFileRefused, TableError, Program.DoesNotExist, and ChangedMeanwhile where others kept writing
    under the same keys.
    """
    digest = _digest(path)
    if done := _completed(program_id, kind, digest):
        return _repeat(done)
    file = _read(path, program_id, kind, name[:LONGEST_NAME], digest)
    return _take(file, totals or {}, zone, by, at, heard)


def import_money_lines(
    lines: MoneyLines, *, totals: Mapping[str, Decimal] | None = None, zone: tzinfo, by: Actor, at: datetime
) -> ImportedMoney:
    """As ``import_money_file``, of lines that came without a file."""
    if done := _completed(lines.program_id, lines.kind, lines.digest):
        return _repeat(done)
    return _take(lines, totals or {}, zone, by, at, _silent)


def _take(
    file: MoneyLines,
    totals: Mapping[str, Decimal],
    zone: tzinfo,
    by: Actor,
    at: datetime,
    heard: Heard,
) -> ImportedMoney:
    count = len(file.lines)
    for _ in range(TRIES):
        known = _known(file, totals, zone, at)
        checked = check_file(
            file.kind,
            file.columns,
            file.lines,
            known,
            header_line=file.header_line,
            heard=lambda done: heard(Phase.CHECKING, done, count),
        )
        if checked.problems:
            raise MoneyFileRefused(checked.problems)
        try:
            taken = _store(file, checked, known, by, at, heard)
        except (BalanceTooLarge, ChangedMeanwhile, EntriesRefused, IntegrityError, Partner.DoesNotExist):
            # Somebody stored under these keys, or merged a partner, since the file was checked: the next
            # check names the lines, if they are wrong now.
            continue
        if taken.new >= LARGE_LOAD:
            refresh_statistics()
        return taken
    raise ChangedMeanwhile(file.name)


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while part := stream.read(READ_AT_ONCE):
            found.update(part)
    return found.hexdigest()


def _completed(program_id: int, kind: MoneyFileKind, digest: str) -> MoneyImport | None:
    rows = MoneyImport.objects.filter(program_id=program_id, kind=kind, file_sha256=digest)
    return rows.exclude(completed_at=None).first()


def _repeat(done: MoneyImport) -> ImportedMoney:
    return ImportedMoney(done.pk, True, new=0, changed=0, same=done.rows, totals=done.totals)


def _read(path: Path, program_id: int, kind: MoneyFileKind, name: str, digest: str) -> MoneyLines:
    with open_table(path, ragged=Ragged.REPORT) as table:
        rows = islice(table.rows, MOST_LINES + 1)
        lines = [FileLine(row.number, row.cells) for row in rows]
        return MoneyLines(program_id, kind, name, digest, table.columns, lines, table.header_row)


def _known(file: MoneyLines, totals: Mapping[str, Decimal], zone: tzinfo, at: datetime) -> Known:
    entries: dict[str, KnownEntry] = {}
    payouts: dict[str, KnownPayout] = {}
    for part in in_chunks(sorted(_said(file, "key")), KEYS):
        if file.kind is MoneyFileKind.ENTRIES:
            found = Entry.objects.filter(program_id=file.program_id, source_key__in=part)
            entries |= {row.source_key: _known_entry(row) for row in found}
        else:
            rows = Payout.objects.filter(program_id=file.program_id, source_key__in=part)
            payouts |= {row.source_key: known_payout(row, zone) for row in rows}
    partners = _partners(file.program_id) if file.partners is None else file.partners
    theirs = {partners.get(text.casefold(), 0) for text in _said(file, "partner")}
    balances = Balance.objects.filter(partner_id__in=Among(theirs))
    return Known(
        partners=partners,
        on=at.astimezone(zone).date(),
        zone=zone,
        entries=entries,
        payouts=payouts,
        balances={(row.partner_id, row.currency): row.total for row in balances},
        totals=totals,
    )


def _said(file: MoneyLines, column: str) -> set[str]:
    """What stands in a column."""
    names = [name.strip().casefold() for name in file.columns]
    if column not in names:
        return set()
    place = names.index(column)
    return {text_of(line.cells[place]) for line in file.lines if place < len(line.cells)} - {""}


def _known_entry(row: Entry) -> KnownEntry:
    return KnownEntry(row.partner_id, row.amount, row.currency, EntryKind(row.kind), row.earned_on)


def _partners(program_id: int) -> dict[str, int]:
    """By external id in small letters. Two that differ in letter case only are both left out: money must not
    go to the one that happens to be read last."""
    found: dict[str, int] = {}
    twice = set()
    rows = Partner.objects.filter(program_id=program_id).exclude(external_id="")
    for external_id, pk in rows.values_list("external_id", "pk"):
        key = external_id.casefold()
        if key in found:
            twice.add(key)
        found[key] = pk
    return {key: pk for key, pk in found.items() if key not in twice}


def _store(
    file: MoneyLines, checked: Checked, known: Known, by: Actor, at: datetime, heard: Heard
) -> ImportedMoney:
    heard(Phase.STORING, 0, len(file.lines))
    with _whole(file.kind):
        row = _begun(file, checked, by, at)
        if row.completed_at:
            return _repeat(row)
        if file.kind is MoneyFileKind.ENTRIES:
            rows = [one for one in checked.rows if isinstance(one, EntryRow)]
            _store_entries(rows, row, by, at, heard)
            new, changed = _recorded_under(row), _NOTHING
        else:
            moved = [one for one in checked.rows if isinstance(one, PayoutRow)]
            stored = store_payouts(moved, known=known, money_import=row, by=by, at=at)
            new, changed = _summed(stored[0]), _summed(stored[1])
        row = _complete(row, checked.totals, new, changed, by, at)
    heard(Phase.STORING, len(file.lines), len(file.lines))
    counts = {name: part["rows"] for name, part in row.outcome.items()}
    return ImportedMoney(row.pk, False, totals=row.totals, **counts)


@contextmanager
def _whole(kind: MoneyFileKind) -> Iterator[None]:
    with nullcontext() if _is_chunked(kind) else transaction.atomic():
        yield


def _is_chunked(kind: MoneyFileKind) -> bool:
    return kind is MoneyFileKind.ENTRIES and connection.vendor == "sqlite"


@transaction.atomic
def _begun(file: MoneyLines, checked: Checked, by: Actor, at: datetime) -> MoneyImport:
    # Two workers with the same file: on PostgreSQL the second one waits here and finds it done.
    Program.objects.select_for_update(no_key=True).get(pk=file.program_id)
    row, _ = MoneyImport.objects.get_or_create(
        program_id=file.program_id,
        kind=file.kind,
        file_sha256=file.digest,
        defaults={
            "name": file.name,
            "rows": len(checked.rows) + checked.same,
            "totals": {currency: told(amount, currency) for currency, amount in checked.totals.items()},
            "created_by_id": person(by),
            "created_at": at,
        },
    )
    return row


def _store_entries(
    rows: Sequence[EntryRow], money_import: MoneyImport, by: Actor, at: datetime, heard: Heard
) -> None:
    """In the order of partners: one event for each, and few balances in a chunk."""
    ordered = sorted(rows, key=lambda row: row.partner)
    is_chunked = _is_chunked(MoneyFileKind.ENTRIES)
    done = 0
    for part in in_chunks(ordered, CHUNK if is_chunked else max(1, len(ordered))):
        with transaction.atomic():
            record_entries(
                program_id=money_import.program_id,
                entries=[_entry(row) for row in part],
                money_import_id=money_import.pk,
                by=by,
                at=at,
            )
            _add_up(money_import.program_id, part)
        done += len(part)
        if is_chunked:
            heard(Phase.STORING, done, len(ordered))


def _entry(row: EntryRow) -> NewEntry:
    return NewEntry(
        partner_id=row.partner,
        currency=row.currency,
        kind=row.kind,
        amount=row.amount,
        earned_on=row.earned_on,
        source_key=row.key,
        source=row.source,
        note=row.note,
    )


def _add_up(program_id: int, rows: Sequence[EntryRow]) -> None:
    """The file against the ledger, to the cent, before it is too late to take it back."""
    stored: dict[str, Decimal] = {}
    for part in in_chunks([row.key for row in rows], KEYS):
        found = Entry.objects.filter(program_id=program_id, source_key__in=part).order_by()
        _add(stored, found.values_list("currency").annotate(Sum("amount")))
    expected: dict[str, Decimal] = {}
    _add(expected, ((row.currency, row.amount) for row in rows))
    if stored != expected:
        raise TotalsBroken(f"{stored} is not {expected}")


def _add(sums: dict[str, Decimal], amounts: Iterable[tuple[str, Decimal]]) -> None:
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the file's lines: how many, and their sums by currency."""

    rows: int
    totals: Mapping[str, Decimal]


_NOTHING = _Part(0, {})


def _recorded_under(row: MoneyImport) -> _Part:
    """By the ledger itself: an interrupted file recorded a part of them in another run."""
    found = Entry.objects.filter(money_import=row).order_by().values_list("currency")
    sums = list(found.annotate(Count("pk"), Sum("amount")))
    return _Part(sum(rows for _, rows, _ in sums), {currency: amount for currency, _, amount in sums})


def _summed(payouts: Sequence[Payout]) -> _Part:
    totals: dict[str, Decimal] = {}
    _add(totals, ((payout.currency, payout.amount) for payout in payouts))
    return _Part(len(payouts), totals)


@transaction.atomic
def _complete(
    row: MoneyImport, totals: Mapping[str, Decimal], new: _Part, changed: _Part, by: Actor, at: datetime
) -> MoneyImport:
    left = dict(totals)
    for part in (new, changed):
        _add(left, ((currency, -amount) for currency, amount in part.totals.items()))
    same = _Part(
        row.rows - new.rows - changed.rows, {currency: rest for currency, rest in left.items() if rest}
    )
    outcome = {"new": _told(new), "changed": _told(changed), "same": _told(same)}
    # Of two workers with the same file on SQLite one tells that it is in.
    still_open = MoneyImport.objects.filter(pk=row.pk, completed_at=None)
    if still_open.update(completed_at=at, outcome=outcome):
        counts = {"new": new.rows, "changed": changed.rows, "same": same.rows}
        data = {"kind": row.kind, "import_id": row.pk, "rows": row.rows, "totals": row.totals, **counts}
        subjects = [Subject("money_import", row.pk), Subject("program", row.program_id)]
        record("money.imported", by=by, at=at, subjects=subjects, data=data)
    row.refresh_from_db()
    return row


def _told(part: _Part) -> dict[str, Any]:
    totals = {currency: told(amount, currency) for currency, amount in sorted(part.totals.items())}
    return {"rows": part.rows, "totals": totals}
