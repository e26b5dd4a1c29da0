"""The partner's own figures, held against ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Contact, Partner
from otklik.payouts.models import Entry, PartnerReport, ReportLine
from otklik.payouts.operations.amounts import amount_problem, told
from otklik.payouts.operations.balances import person
from otklik.payouts.operations.ledger import LONGEST_KEY, LONGEST_SOURCE, RefusedLine
from otklik.payouts.rules.reconcile import Difference, OurLine, Reconciliation, Standing, TheirLine, reconcile
from otklik.payouts.rules.report_file import ReportRow
from otklik.payouts.rules.schedule import Period
from otklik.payouts.rules.vocabulary import EntryKind, LineProblem

COMPARED = [EntryKind.EARNED, EntryKind.BONUS, EntryKind.CHARGEBACK]
"""What a partner's own statistics can know of."""
AROUND = timedelta(days=7)
MOST_DIFFERENCES = 1_000
"""The largest are kept one by one; sums by kind are of all."""


class ReportRefused(Exception):
    """Nothing is stored; ``lines`` says which are wrong, and is empty where there is none at all."""

    def __init__(self, lines: Sequence[RefusedLine]) -> None:
        super().__init__(f"{len(lines)} wrong lines")
        self.lines = list(lines)


class NotTheirReport(Exception):
    """The form was sent before, for another partner; or whoever sends it belongs to another one."""


def take_report(
    *,
    partner_id: int,
    currency: str,
    period: Period,
    rows: Sequence[ReportRow],
    zone: tzinfo,
    contact_id: int | None = None,
    form_key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> PartnerReport:
    """``zone``: the one our days are counted in. ``contact_id``: the person at the partner whose file it is.
    ``form_key``: the same a second time is the same report.

    Raises ReportRefused, NotTheirReport, NoZone, Partner.DoesNotExist.
    """
    wrong = [RefusedLine(place, p) for place, row in enumerate(rows) if (p := _problem(row, currency))]
    if wrong or not rows:
        raise ReportRefused(wrong)
    partner = Partner.objects.get(pk=partner_id)
    if contact_id and not Contact.objects.filter(pk=contact_id, partner=partner, erased_at=None).exists():
        raise NotTheirReport(contact_id)
    theirs = [TheirLine(r.key, r.when, r.amount, r.currency or currency, r.source) for r in rows]
    ours = _ours(partner_id, period)
    found = reconcile(ours, theirs, period=period, currency=currency, zone=zone)
    with transaction.atomic():
        # Whoever sends the form twice waits here for the first time to end.
        Partner.objects.select_for_update(no_key=True).get(pk=partner_id)
        if form_key and (known := PartnerReport.objects.filter(form_key=form_key).first()):
            if known.partner_id != partner_id:
                raise NotTheirReport(partner_id)
            return known
        report = PartnerReport.objects.create(
            partner=partner,
            currency=currency,
            start=period.start,
            end=period.end,
            uploaded_by_id=person(by),
            uploaded_by_contact_id=contact_id,
            form_key=form_key,
            uploaded_at=at,
            result=_result(found, currency),
        )
        ReportLine.objects.bulk_create([_line(report, row, currency) for row in rows], batch_size=500)
        sums = {name: report.result[name] for name in ("ours", "theirs", "explained", "unexplained")}
        days = {"start": period.start.isoformat(), "end": period.end.isoformat()}
        data = {"report_id": report.pk, "currency": currency, **days, **sums}
        subjects = [Subject("partner", partner_id)]
        if contact_id:
            subjects.append(Subject("contact", contact_id))
        record("report.reconciled", by=by, at=at, subjects=subjects, data=data)
    return report


def _problem(row: ReportRow, currency: str) -> LineProblem | None:
    if len(row.key) > LONGEST_KEY or len(row.source) > LONGEST_SOURCE:
        return LineProblem.TOO_LONG
    return amount_problem(row.amount, row.currency or currency)


def _ours(partner_id: int, period: Period) -> list[OurLine]:
    """Some days more than the period: a line on another day is then no missing one. Other currencies as
    well: the same line in another one is a reason."""
    # The calendar ends somewhere, and a form takes its last day.
    first = max(period.start, date.min + AROUND) - AROUND
    last = min(period.end, date.max - AROUND) + AROUND
    rows = Entry.objects.filter(
        partner_id=partner_id, kind__in=COMPARED, earned_on__range=(first, last)
    ).values_list("source_key", "earned_on", "amount", "currency", "source", "reversed_by")
    return [
        OurLine(key, day, amount, currency, Standing.REJECTED if back else Standing.COUNTED, source)
        for key, day, amount, currency, source, back in rows.order_by("pk")
    ]


def _line(report: PartnerReport, row: ReportRow, currency: str) -> ReportLine:
    day = row.when.date() if isinstance(row.when, datetime) else row.when
    return ReportLine(
        report=report,
        key=row.key,
        day=day,
        source=row.source,
        conversions=row.conversions,
        amount=row.amount,
        currency=row.currency or currency,
    )


def _result(found: Reconciliation, currency: str) -> dict[str, Any]:
    """Amounts as texts; differences are theirs minus ours."""
    return {
        "ours": told(found.ours, currency),
        "theirs": told(found.theirs, currency),
        "explained": told(found.explained, currency),
        "unexplained": told(found.unexplained, currency),
        "agreed": found.agreed,
        "met_by": found.met_by.value,
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
