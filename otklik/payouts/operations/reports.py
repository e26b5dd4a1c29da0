"""The partner's own figures, held against ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Partner
from otklik.payouts.models import Entry, PartnerReport, ReportLine
from otklik.payouts.operations.amounts import amount_problem, told
from otklik.payouts.operations.balances import person
from otklik.payouts.operations.ledger import LONGEST_KEY, LONGEST_SOURCE, RefusedLine
from otklik.payouts.rules.reconcile import Difference, OurLine, Reconciliation, Standing, TheirLine, reconcile
from otklik.payouts.rules.schedule import Period
from otklik.payouts.rules.vocabulary import EntryKind, LineProblem

COMPARED = [EntryKind.EARNED, EntryKind.BONUS, EntryKind.CHARGEBACK]
"""What a partner's own statistics can know of."""
AROUND = timedelta(days=7)
MOST_DIFFERENCES = 1_000
"""The largest are kept one by one; sums by kind are of all."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    key: str
    """Empty where the report has only sums by day and source."""
    when: date | datetime
    amount: Decimal
    source: str = ""
    conversions: int | None = None


class ReportRefused(Exception):
    """Nothing is stored; ``lines`` says which are wrong, and is empty where there is none at all."""

    def __init__(self, lines: Sequence[RefusedLine]) -> None:
        super().__init__(f"{len(lines)} wrong lines")
        self.lines = list(lines)


def take_report(
    *,
    partner_id: int,
    currency: str,
    period: Period,
    rows: Sequence[ReportRow],
    zone: tzinfo,
    by: Actor,
    at: datetime,
) -> PartnerReport:
    """``zone``: the one our days are counted in. Raises ReportRefused, NoZone, Partner.DoesNotExist."""
    wrong = [RefusedLine(place, p) for place, row in enumerate(rows) if (p := _problem(row, currency))]
    if wrong or not rows:
        raise ReportRefused(wrong)
    partner = Partner.objects.get(pk=partner_id)
    theirs = [TheirLine(row.key, row.when, row.amount, currency, row.source) for row in rows]
    ours = _ours(partner_id, period)
    found = reconcile(ours, theirs, period=period, currency=currency, zone=zone)
    with transaction.atomic():
        report = PartnerReport.objects.create(
            partner=partner,
            currency=currency,
            start=period.start,
            end=period.end,
            uploaded_by_id=person(by),
            uploaded_at=at,
            result=_result(found, currency),
        )
        ReportLine.objects.bulk_create([_line(report, row) for row in rows], batch_size=500)
        sums = {name: report.result[name] for name in ("ours", "theirs", "explained", "unexplained")}
        data = {"report_id": report.pk, "currency": currency, **sums}
        record("report.reconciled", by=by, at=at, subjects=[Subject("partner", partner_id)], data=data)
    return report


def _problem(row: ReportRow, currency: str) -> LineProblem | None:
    if len(row.key) > LONGEST_KEY or len(row.source) > LONGEST_SOURCE:
        return LineProblem.TOO_LONG
    return amount_problem(row.amount, currency)


def _ours(partner_id: int, period: Period) -> list[OurLine]:
    """Some days more than the period: a line on another day is then no missing one. Other currencies as
    well: the same line in another one is a reason."""
    rows = Entry.objects.filter(
        partner_id=partner_id,
        kind__in=COMPARED,
        earned_on__range=(period.start - AROUND, period.end + AROUND),
    ).values_list("source_key", "earned_on", "amount", "currency", "source", "reversed_by")
    return [
        OurLine(key, day, amount, currency, Standing.REJECTED if back else Standing.COUNTED, source)
        for key, day, amount, currency, source, back in rows.order_by("pk")
    ]


def _line(report: PartnerReport, row: ReportRow) -> ReportLine:
    day = row.when.date() if isinstance(row.when, datetime) else row.when
    return ReportLine(
        report=report,
        key=row.key,
        day=day,
        source=row.source,
        conversions=row.conversions,
        amount=row.amount,
    )


def _result(found: Reconciliation, currency: str) -> dict[str, Any]:
    """Amounts as texts; differences are theirs minus ours."""
    return {
        "ours": told(found.ours, currency),
        "theirs": told(found.theirs, currency),
        "explained": told(found.explained, currency),
        "unexplained": told(found.unexplained, currency),
        "agreed": found.agreed,
        "totals": [
            {"kind": one.kind.value, "lines": one.lines, "amount": told(one.amount, currency)}
            for one in found.totals
        ],
        "differences": len(found.lines),
        "lines": [_difference(one, currency) for one in found.lines[:MOST_DIFFERENCES]],
    }


def _difference(one: Difference, currency: str) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "key": one.key,
        "ours": told(one.ours, currency),
        "theirs": told(one.theirs, currency),
        "amount": told(one.amount, currency),
        "our_day": one.our_day.isoformat() if one.our_day else None,
        "their_day": one.their_day.isoformat() if one.their_day else None,
    }
