"""Payouts and holds that have ended as rows for analytics: surrogate ids, closed-list words, days and exact
amounts. No account, reference or word of anybody.

Amounts are whole ten-thousandths of the currency's unit, as the ledger keeps them: sums of them are exact,
whatever digits the currency has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Min, QuerySet

from otklik.analytics.public import ColumnType
from otklik.events.public import histories
from otklik.kit.among import Among
from otklik.kit.chunks import in_chunks
from otklik.payouts.models import Hold, Payout, PayoutRequest
from otklik.payouts.models.fields import units
from otklik.payouts.rules.delay import last_day
from otklik.payouts.rules.vocabulary import AWAITED, HoldState, PayoutState

PAYOUT_COLUMNS = (
    ("id", ColumnType.BIG),
    ("created_at", ColumnType.INSTANT),
    # It ended: it was paid, or somebody said what else became of it.
    ("day", ColumnType.DAY),
    ("program", ColumnType.BIG),
    ("partner", ColumnType.BIG),
    ("state", ColumnType.WORD),
    ("currency", ColumnType.WORD),
    ("amount", ColumnType.BIG),
    # Empty where the partner did not ask for it.
    ("asked_at", ColumnType.INSTANT),
    # The day told first.
    ("due_on", ColumnType.DAY),
    ("sent_at", ColumnType.INSTANT),
    # We knew of its end.
    ("ended_at", ColumnType.INSTANT),
    ("problem", ColumnType.WORD),
    # 1: later than the day told first and the days a bank takes; then by how many days.
    ("late", ColumnType.SMALL),
    ("days_late", ColumnType.BIG),
    # 1: it did not arrive, or came back.
    ("failed", ColumnType.SMALL),
)
HOLD_COLUMNS = (
    ("id", ColumnType.BIG),
    ("opened_at", ColumnType.INSTANT),
    ("ended_at", ColumnType.INSTANT),
    # It was opened.
    ("day", ColumnType.DAY),
    ("program", ColumnType.BIG),
    ("partner", ColumnType.BIG),
    ("reason", ColumnType.WORD),
    ("currency", ColumnType.WORD),
    ("amount", ColumnType.BIG),
    # Released, or kept from the partner.
    ("outcome", ColumnType.WORD),
)
_FAILED = (PayoutState.FAILED, PayoutState.RETURNED)
_ENDS = tuple(f"payout.{state}" for state in PayoutState if state not in AWAITED)
# Rows in memory at once.
CHUNK = 5_000


def ended_payouts() -> QuerySet[Payout]:
    return Payout.objects.exclude(state__in=list(AWAITED))


def ended_holds() -> QuerySet[Hold]:
    return Hold.objects.exclude(state=HoldState.OPEN)


def payout_rows(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """In the order of PAYOUT_COLUMNS. Three queries a chunk."""
    for part in in_chunks(ids, CHUNK):
        ends = {
            line.object_id: line.happened_at for line in histories("payout", part, kinds=_ENDS)
        }  # of several the last
        requests = PayoutRequest.objects.filter(payout_id__in=Among(part)).values("payout_id")
        asked = dict(requests.annotate(first=Min("created_at")).values_list("payout_id", "first"))
        for payout in ended_payouts().filter(pk__in=Among(part)).order_by("pk"):
            yield _payout_row(payout, asked.get(payout.pk), ends.get(payout.pk, payout.created_at))


def _payout_row(payout: Payout, asked_at: datetime | None, ended_at: datetime) -> tuple[Any, ...]:
    due_on, sent_at = payout.original_expected_on, payout.sent_at
    day = payout.paid_on or ended_at.astimezone(UTC).date()
    is_late = day > last_day(due_on, sent_at.astimezone(UTC).date() if sent_at else None)
    return (
        payout.pk,
        payout.created_at,
        day,
        payout.program_id,
        payout.partner_id,
        payout.state,
        payout.currency,
        units(payout.amount),
        asked_at,
        due_on,
        sent_at,
        ended_at,
        payout.problem,
        int(is_late),
        (day - due_on).days if is_late else 0,
        int(payout.state in _FAILED),
    )


def hold_rows(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """In the order of HOLD_COLUMNS. One query a chunk."""
    for part in in_chunks(ids, CHUNK):
        for hold in ended_holds().filter(pk__in=Among(part)).select_related("partner").order_by("pk"):
            yield (
                hold.pk,
                hold.opened_at,
                hold.decided_at,
                hold.opened_at.astimezone(UTC).date(),
                hold.partner.program_id,
                hold.partner_id,
                hold.reason,
                hold.currency,
                units(hold.amount),
                hold.state,
            )
