"""Lines of the ledger as rows for analytics: what a partner earned, by day. Amounts are exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from otklik.analytics.public import ColumnType, FactSource, ids_in, note_facts
from otklik.kit.chunks import in_chunks
from otklik.payouts.models import Entry
from otklik.payouts.models.fields import units
from otklik.payouts.rules.vocabulary import EntryKind

EARNINGS = "earnings"
COLUMNS = (
    ("id", ColumnType.BIG),
    # Of the day it was earned.
    ("day", ColumnType.DAY),
    ("program", ColumnType.BIG),
    ("partner", ColumnType.BIG),
    ("currency", ColumnType.WORD),
    # Ten-thousandths of the currency.
    ("amount", ColumnType.BIG),
)
# What was earned, and what of it was taken back.
EARNED = (EntryKind.EARNED, EntryKind.BONUS, EntryKind.CHARGEBACK, EntryKind.REVERSAL)
# SQLite takes a thousand values in a statement.
CHUNK = 900


def note_earnings(rows: Sequence[Entry]) -> None:
    """Call inside the transaction that stores them."""
    note_facts(EARNINGS, [row.pk for row in rows if row.kind in EARNED])


def note_earnings_of(partner_id: int) -> None:
    """All there are. Call inside the transaction that changes them."""
    rows = Entry.objects.filter(partner_id=partner_id, kind__in=EARNED)
    note_facts(EARNINGS, rows.values_list("pk", flat=True))


def _rows(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for part in in_chunks(ids, CHUNK):
        rows = Entry.objects.filter(pk__in=part, kind__in=EARNED).order_by("pk")
        for *said, amount in rows.values_list(
            "pk", "earned_on", "program_id", "partner_id", "currency", "amount"
        ):
            yield (*said, units(amount))


earnings = FactSource(
    EARNINGS, COLUMNS, _rows, lambda waiting: ids_in(Entry.objects.filter(kind__in=EARNED), waiting)
)
