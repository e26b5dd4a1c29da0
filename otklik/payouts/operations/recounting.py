"""Balances counted anew from what they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import models, transaction
from django.db.models import QuerySet, Sum

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.kit.among import Among
from otklik.kit.chunks import in_chunks
from otklik.partners.public import Partner
from otklik.payouts.models import Balance, Entry, Hold, Payout
from otklik.payouts.operations.amounts import told
from otklik.payouts.operations.balances import Key, keep_balances, locked_balances
from otklik.payouts.rules.vocabulary import RESERVED, HoldState

CHUNK = 200
ZERO = Decimal(0)


def recount_balances(*, by: Actor, at: datetime) -> int:
    """How many were wrong: none, unless a row was changed past the operations. Each that was has an event."""
    mended = 0
    # The ids first: on SQLite nobody can write whose own reading began before somebody else's change.
    partners = list(Partner.objects.order_by("pk").values_list("pk", flat=True))
    for chunk in in_chunks(partners, CHUNK):
        with transaction.atomic():
            mended += _recount(chunk, by, at)
    return mended


def _recount(partner_ids: Sequence[int], by: Actor, at: datetime) -> int:
    # Whoever has a line, a hold or a payout has a balance; what a broken one lacks is made here.
    keys = {*_sums(Entry.objects.all(), partner_ids), *_keys(partner_ids)}
    if not keys:
        return 0
    balances = locked_balances(keys)
    totals = _sums(Entry.objects.all(), partner_ids)
    held = _sums(Hold.objects.filter(state=HoldState.OPEN), partner_ids)
    planned = _sums(Payout.objects.filter(state__in=list(RESERVED)), partner_ids)
    wrong = {}
    for key, row in balances.items():
        counted = (totals.get(key, ZERO), held.get(key, ZERO), planned.get(key, ZERO))
        if (row.total, row.held, row.planned) != counted:
            row.total, row.held, row.planned = counted
            wrong[key] = row
    keep_balances(wrong)
    events = [
        NewEvent(
            "balance.recounted",
            at,
            [Subject("partner", partner_id)],
            {"currency": currency, "total": told(row.total, currency)},
        )
        for (partner_id, currency), row in wrong.items()
    ]
    record_many(events, by=by, at=at)
    return len(wrong)


def _keys(partner_ids: Sequence[int]) -> set[Key]:
    return set(Balance.objects.filter(partner_id__in=partner_ids).values_list("partner_id", "currency"))


def _sums(rows: QuerySet[models.Model], partner_ids: Sequence[int]) -> dict[Key, Decimal]:
    found = rows.filter(partner_id__in=Among(partner_ids)).values_list("partner_id", "currency")
    return {(pk, currency): amount for pk, currency, amount in found.annotate(Sum("amount"))}
