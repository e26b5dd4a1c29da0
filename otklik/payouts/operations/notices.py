"""What partners are told without asking, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.kit.bulk import insert_missing
from otklik.kit.chunks import in_chunks
from otklik.payouts.models import Hold, PaymentTerms, Payout, ToldNotice
from otklik.payouts.operations.amounts import told
from otklik.payouts.rules.delay import Awaited, Due, hold_notices, payout_notices
from otklik.payouts.rules.holds import HeldPart
from otklik.payouts.rules.schedule import MOST_NOTICE_DAYS
from otklik.payouts.rules.vocabulary import AWAITED, HoldState, Notice, PayoutState

CHUNK = 200
NOTICE_DAYS = 3
_COLUMNS = ("key", "notice", "payout_id", "hold_id", "told_at")


def tell_due(*, on: date, by: Actor, at: datetime) -> int:
    """An event for each notice that is due on this day and was not told yet: ``payout.delayed``,
    ``payout.notice_due``, ``hold.notice_due``, with the notice in its data. How many there were. May run
    twice, or beside itself: the keys stand in the table once."""
    count = 0
    # The ids first: on SQLite nobody can write whose own reading began before somebody else's change.
    for ids in in_chunks(list(_payouts_to_look_at(on).values_list("pk", flat=True)), CHUNK):
        count += _tell_payouts(list(Payout.objects.filter(pk__in=ids).order_by("pk")), on, by, at)
    for ids in in_chunks(list(_holds_to_look_at().values_list("pk", flat=True)), CHUNK):
        count += _tell_holds(list(Hold.objects.filter(pk__in=ids).order_by("pk")), on, by, at)
    return count


def _payouts_to_look_at(on: date) -> QuerySet[Payout]:
    soon = Q(expected_on__lte=on + timedelta(days=MOST_NOTICE_DAYS))
    moved = Q(expected_on__gt=F("original_expected_on"))
    return Payout.objects.filter(soon | moved, state__in=list(AWAITED)).order_by("pk")


def _holds_to_look_at() -> QuerySet[Hold]:
    ended = ToldNotice.objects.filter(hold=OuterRef("pk"), notice=Notice.HOLD_DECIDED)
    return Hold.objects.filter(Q(state=HoldState.OPEN) | ~Exists(ended)).order_by("pk")


def _tell_payouts(payouts: Sequence[Payout], on: date, by: Actor, at: datetime) -> int:
    by_id = {payout.pk: payout for payout in payouts}
    known = set(ToldNotice.objects.filter(payout_id__in=by_id).values_list("key", flat=True))
    days = _notice_days(payouts)
    dues = payout_notices((_awaited(payout, days) for payout in payouts), on, told=known)
    rows = [(due.key, due.notice.value, due.subject, None, at) for due in dues]
    with transaction.atomic():
        new = insert_missing(ToldNotice, _COLUMNS, rows)
        events = [_payout_news(due, by_id[due.subject], at) for due in dues if due.key in new]
        record_many(events, by=by, at=at)
    return len(events)


def _tell_holds(holds: Sequence[Hold], on: date, by: Actor, at: datetime) -> int:
    by_id = {hold.pk: hold for hold in holds}
    known = set(ToldNotice.objects.filter(hold_id__in=by_id).values_list("key", flat=True))
    parts = [
        HeldPart(hold.pk, hold.amount, hold.decide_by, HoldState(hold.state), hold.version) for hold in holds
    ]
    dues = hold_notices(parts, on, told=known)
    rows = [(due.key, due.notice.value, None, due.subject, at) for due in dues]
    with transaction.atomic():
        new = insert_missing(ToldNotice, _COLUMNS, rows)
        events = [_hold_news(due, by_id[due.subject], at) for due in dues if due.key in new]
        record_many(events, by=by, at=at)
    return len(events)


def _notice_days(payouts: Iterable[Payout]) -> Mapping[tuple[int, int | None], int]:
    """By program and partner; the program's own under None."""
    rows = PaymentTerms.objects.filter(program_id__in={payout.program_id for payout in payouts})
    partners = {payout.partner_id for payout in payouts}
    found = rows.filter(Q(partner=None) | Q(partner_id__in=partners))
    return {(p, pk): days for p, pk, days in found.values_list("program_id", "partner_id", "notice_days")}


def _awaited(payout: Payout, days: Mapping[tuple[int, int | None], int]) -> Awaited:
    general = days.get((payout.program_id, None), NOTICE_DAYS)
    return Awaited(
        key=payout.pk,
        state=PayoutState(payout.state),
        expected_on=payout.expected_on,
        original_expected_on=payout.original_expected_on,
        notice_days=days.get((payout.program_id, payout.partner_id), general),
        sent_on=payout.sent_at.date() if payout.sent_at else None,
    )


def _payout_news(due: Due, payout: Payout, at: datetime) -> NewEvent:
    kind = "payout.delayed" if due.notice is Notice.DELAYED else "payout.notice_due"
    subjects = [Subject("payout", payout.pk), Subject("partner", payout.partner_id)]
    data = {
        "notice": due.notice.value,
        "expected_on": payout.expected_on.isoformat(),
        "first_expected_on": payout.original_expected_on.isoformat(),
        "amount": told(payout.amount, payout.currency),
        "currency": payout.currency,
        "problem": str(payout.problem),
    }
    return NewEvent(kind, at, subjects, data)


def _hold_news(due: Due, hold: Hold, at: datetime) -> NewEvent:
    subjects = [Subject("hold", hold.pk), Subject("partner", hold.partner_id)]
    data = {
        "notice": due.notice.value,
        "decide_by": hold.decide_by.isoformat(),
        "amount": told(hold.amount, hold.currency),
        "currency": hold.currency,
        "reason": str(hold.reason),
        "state": str(hold.state),
    }
    return NewEvent("hold.notice_due", at, subjects, data)
