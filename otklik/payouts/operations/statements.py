"""Telling partners, for good, what a period came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Min, Sum

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.jobs.public import queue_at
from otklik.kit.among import Among
from otklik.kit.chunks import in_chunks
from otklik.payouts.models import Entry, PaymentTerms, Statement
from otklik.payouts.operations.amounts import told
from otklik.payouts.operations.balances import Key, locked_balances, person
from otklik.payouts.rules.schedule import period_before
from otklik.payouts.rules.statements import Drawn, Posted, draw_statement, periods_due, statement_number
from otklik.payouts.rules.vocabulary import EntryKind, Schedule

CHUNK = 100


def issue_statements(*, program_id: int, on: date, by: Actor, at: datetime) -> int:
    """Those of all periods that are over before ``on`` and have none; how many there were. A period without a
    line has none. Begun again after a failure it goes on where it was: each chunk of partners is a
    transaction of its own."""
    terms = PaymentTerms.objects.filter(program_id=program_id).values_list("partner_id", "schedule")
    schedules: dict[int | None, str] = dict(terms)
    issued = 0
    for chunk in in_chunks(_keys_due(program_id, schedules, on), CHUNK):
        with transaction.atomic():
            issued += _issue(program_id, chunk, schedules, on, by, at)
    return issued


def queue_statements(*, program_id: int, by: Actor, at: datetime) -> None:
    """For who does not want to wait for the hour: a worker issues what is due. Twice does no harm."""
    queue_at("otklik.payouts.jobs.issue_for", program_id, person(by), at=at)


def _keys_due(program_id: int, schedules: Mapping[int | None, str], on: date) -> list[Key]:
    """Whose period is over and has no statement: the hourly look at everybody costs two queries."""
    closed = {schedule: period_before(schedule, on).end for schedule in Schedule}
    stated = Statement.objects.filter(program_id=program_id).values_list("partner_id", "currency")
    last_ends = {(pk, currency): end for pk, currency, end in stated.annotate(Max("end"))}
    rows = Entry.objects.filter(program_id=program_id, statement=None, earned_on__lte=max(closed.values()))
    waiting = rows.values_list("partner_id", "currency").annotate(Min("earned_on"))
    due = []
    for pk, currency, first in waiting.order_by("partner_id", "currency"):
        end = closed[_schedule(schedules, pk)]
        last = last_ends.get((pk, currency))
        if first <= end and (last is None or last < end):
            due.append((pk, currency))
    return due


def _schedule(schedules: Mapping[int | None, str], partner_id: int) -> Schedule:
    return Schedule(schedules.get(partner_id) or schedules.get(None) or Schedule.MONTHLY)


def _issue(
    program_id: int,
    keys: Sequence[Key],
    schedules: Mapping[int | None, str],
    on: date,
    by: Actor,
    at: datetime,
) -> int:
    # Nobody adds a line meanwhile, and no second worker issues the same.
    locked_balances(keys)
    issued = []
    for partner_id, currency in keys:
        schedule = _schedule(schedules, partner_id)
        issued += _issue_for(program_id, partner_id, currency, schedule, on, at)
    events = [
        NewEvent(
            "statement.issued",
            at,
            [Subject("statement", row.pk), Subject("partner", row.partner_id)],
            {
                "number": row.number,
                "currency": row.currency,
                "closing": told(row.closing, row.currency),
                "start": row.start.isoformat(),
                "end": row.end.isoformat(),
            },
        )
        for row in issued
    ]
    record_many(events, by=by, at=at)
    return len(issued)


def _issue_for(
    program_id: int, partner_id: int, currency: str, schedule: Schedule, on: date, at: datetime
) -> list[Statement]:
    theirs = Entry.objects.filter(partner_id=partner_id, currency=currency)
    waiting = theirs.filter(statement=None)
    first = waiting.aggregate(first=Min("earned_on"))["first"]
    last_end = Statement.objects.filter(partner_id=partner_id, currency=currency).aggregate(end=Max("end"))
    if first is None:
        return []
    # Not the closing of the one before: two partners that became one have two histories.
    opening = theirs.exclude(statement=None).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    issued = []
    for period in periods_due(schedule, last_end["end"], first, on):
        if first is None or period.end < first:
            continue
        rows = waiting.filter(earned_on__lte=period.end).values_list("pk", "kind", "amount", "earned_on")
        lines = (Posted(pk, EntryKind(kind), amount, day) for pk, kind, amount, day in rows)
        drawn = draw_statement(lines, period, opening=opening)
        if not drawn.entries:
            continue
        number = statement_number(schedule, period, partner_id, currency)
        issued.append(_keep(drawn, program_id, partner_id, currency, number, at))
        opening = drawn.closing
        first = waiting.aggregate(first=Min("earned_on"))["first"]
    return issued


def _keep(
    drawn: Drawn, program_id: int, partner_id: int, currency: str, number: str, at: datetime
) -> Statement:
    statement = Statement.objects.create(
        program_id=program_id,
        partner_id=partner_id,
        currency=currency,
        start=drawn.period.start,
        end=drawn.period.end,
        number=number,
        opening=drawn.opening,
        closing=drawn.closing,
        lines_count=len(drawn.entries),
        digest=drawn.digest,
        issued_at=at,
    )
    Entry.objects.filter(pk__in=Among(entry.key for entry in drawn.entries)).update(statement=statement)
    return statement
