"""Whose hands were in what a batch pays out: they do not approve it.

Kept for each partner and currency, not for each line: a file of two hundred thousand lines has one person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from otklik.kit.among import Among
from otklik.payouts.models import Hand, LeftOut, PayoutBatch
from otklik.payouts.operations.balances import Key
from otklik.payouts.rules.vocabulary import HandKind, LeftOutReason

# Chargebacks of any day are in every batch, and so is what came back.
AT_ONCE = date.min
# The first is never paid by anybody, the second is in a batch already and has its hands there.
_NO_PART = (LeftOutReason.TOO_FINE, LeftOutReason.PLANNED_ALREADY)


class Line(NamedTuple):
    key: Key
    on: date
    amount: Decimal


def note_hands(users: Collection[int | None], kind: HandKind, lines: Iterable[Line]) -> None:
    """The caller holds the balances. None among ``users``: nobody; a feed has no hands."""
    people = {user for user in users if user is not None}
    spans = _spans(lines) if people else {}
    if not spans:
        return
    known = _of_nobody_yet({pk for pk, _ in spans}).filter(user__in=people, kind=kind)
    rows = {(row.partner_id, row.currency, row.user_id): row for row in known.order_by("pk")}
    wider, new = [], []
    for (partner_id, currency), (first, last) in sorted(spans.items()):
        for user in sorted(people):
            if row := rows.get((partner_id, currency, user)):
                row.first_on, row.last_on = min(first, row.first_on), max(last, row.last_on)
                wider.append(row)
            else:
                days = {"first_on": first, "last_on": last}
                new.append(Hand(partner_id=partner_id, currency=currency, user_id=user, kind=kind, **days))
    Hand.objects.bulk_update(wider, ["first_on", "last_on"], batch_size=500)
    Hand.objects.bulk_create(new, batch_size=500)


def take_hands(batch: PayoutBatch, partner_ids: Collection[int]) -> None:
    """Those in what the batch pays: not in what was earned too late for it. What an earlier batch paid only
    in part counts once more, for it is not known which part that was."""
    until = batch.earned_until
    among = {"partner_id__in": Among(partner_ids), "currency": batch.currency}
    begun = Hand.objects.filter(**among, batch=None, first_on__lte=until)
    later = list(begun.filter(last_on__gt=until))
    begun.filter(last_on__lte=until).update(batch=batch)
    rests = LeftOut.objects.filter(batch=OuterRef("batch"), partner=OuterRef("partner"))
    in_part = Hand.objects.filter(
        Exists(rests.exclude(reason__in=_NO_PART)), **among, batch__isnull=False, is_passed_on=False
    ).exclude(batch=batch)
    parts = list(in_part)
    copies = [_copy(row, batch, min(row.last_on, until)) for row in (*later, *parts)]
    Hand.objects.bulk_create(copies, batch_size=500)
    ids = Among(row.pk for row in later)
    Hand.objects.filter(pk__in=ids).update(first_on=until + timedelta(days=1))
    Hand.objects.filter(pk__in=Among(row.pk for row in parts)).update(is_passed_on=True)


def free_hands(batch_id: int, partner_id: int | None = None) -> None:
    """The money is on the balance again: they do not approve whichever batch pays it out now. ``partner_id``:
    only that of theirs."""
    rows = Hand.objects.filter(batch_id=batch_id)
    (rows if partner_id is None else rows.filter(partner_id=partner_id)).update(
        batch=None, is_passed_on=False
    )


def _of_nobody_yet(partner_ids: Collection[int]) -> QuerySet[Hand]:
    return Hand.objects.filter(partner_id__in=Among(partner_ids), batch=None)


def _spans(lines: Iterable[Line]) -> dict[Key, tuple[date, date]]:
    spans: dict[Key, tuple[date, date]] = {}
    for key, day in _days(lines):
        first, last = spans.get(key, (day, day))
        spans[key] = min(first, day), max(last, day)
    return spans


def _days(lines: Iterable[Line]) -> Iterator[tuple[Key, date]]:
    for line in lines:
        yield line.key, line.on if line.amount > 0 else AT_ONCE


def _copy(row: Hand, batch: PayoutBatch, last_on: date) -> Hand:
    return Hand(
        partner_id=row.partner_id,
        currency=row.currency,
        user_id=row.user_id,
        kind=row.kind,
        first_on=row.first_on,
        last_on=last_on,
        batch=batch,
    )
