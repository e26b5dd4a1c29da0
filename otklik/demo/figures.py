"""Figures from outside in the demo: a file of bonuses, and what one partner counts differently."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from otklik.demo.story import Company, month_start
from otklik.events.public import Actor, ActorKind, Origin
from otklik.identity.public import User
from otklik.payouts.public import (
    Entry,
    EntryKind,
    FileLine,
    MoneyFileKind,
    MoneyLines,
    Period,
    ReportRow,
    import_money_lines,
    take_report,
)

CURRENCY = "EUR"
BONUSES = 12
NAME = "bonuses.csv"
COLUMNS = ("key", "partner", "amount", "currency", "earned_on", "kind", "source")


def bring_figures(
    program_id: int,
    companies: Sequence[Company],
    partner_ids: Mapping[str, int],
    staff: Mapping[str, User],
    *,
    at: datetime,
) -> None:
    """After the year of money is there."""
    finance = Actor(ActorKind.PERSON, staff["finance"].pk, Origin.DEMO)
    richest = sorted(companies, key=lambda one: (-one.revenue, one.key))
    ids = [partner_ids[one.key] for one in richest[:BONUSES]]
    _bring_bonuses(program_id, ids, finance, at)
    paid = Entry.objects.filter(program_id=program_id, partner_id__in=ids, kind=EntryKind.EARNED)
    if first := paid.order_by("partner_id").values_list("partner_id", flat=True).first():
        _compare(first, finance, at)


def _bring_bonuses(program_id: int, ids: Sequence[int], by: Actor, at: datetime) -> None:
    on = at.astimezone(UTC).date() - timedelta(days=1)
    cells = [
        (f"bonus:{pk}", str(pk), f"{25 + place}.00", CURRENCY, on, EntryKind.BONUS.value, "newsletter")
        for place, pk in enumerate(ids)
    ]
    lines = MoneyLines(
        program_id=program_id,
        kind=MoneyFileKind.ENTRIES,
        name=NAME,
        digest=hashlib.sha256(repr(cells).encode()).hexdigest(),
        columns=COLUMNS,
        lines=[FileLine(place, line) for place, line in enumerate(cells, 2)],
        partners={str(pk): pk for pk in ids},
    )
    import_money_lines(lines, zone=UTC, by=by, at=at)


def _compare(partner_id: int, by: Actor, at: datetime) -> None:
    """Last month by the partner: one line nobody knows here, one twice, one a little larger."""
    today = at.astimezone(UTC).date()
    this_month = today.replace(day=1)
    period = Period(month_start(this_month, -1), this_month - timedelta(days=1))
    known = Entry.objects.filter(
        partner_id=partner_id, earned_on__range=period, kind=EntryKind.EARNED, currency=CURRENCY
    ).order_by("earned_on", "pk")
    rows = [ReportRow(one.source_key, one.earned_on, one.amount, one.source) for one in known]
    if not rows:
        return
    larger = rows[-1]
    rows[-1] = ReportRow(larger.key, larger.when, larger.amount + Decimal("4.20"), larger.source)
    rows += [rows[0], ReportRow("shop-20117", period.end, Decimal("61.35"), "coupons")]
    take_report(partner_id=partner_id, currency=CURRENCY, period=period, rows=rows, zone=UTC, by=by, at=at)
