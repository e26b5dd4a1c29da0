"""Policies and calendars as the clocks use them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from otklik.desk.models import BusinessCalendar as CalendarRow
from otklik.desk.models import CalendarVersion, SlaPolicy, Ticket
from otklik.desk.rules.sla.policies import Policy, Promise, terms
from otklik.desk.rules.sla_clock import CalendarRef, Reopening
from otklik.kit.calendar import (
    BadCalendar,
    BeyondTheTimetable,
    BusinessCalendar,
    EmptyCalendar,
    after,
    around_the_clock,
    read_calendar,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Promises:
    """All active policies, first come first chosen, with the rows they were read from."""

    policies: tuple[Policy, ...]
    rows: Mapping[int, SlaPolicy]
    versions: Mapping[int, int]

    def choose(self, ticket: Ticket) -> Policy | None:
        """Asks the ticket for its partner: select it with the ticket."""
        tier = ticket.partner.tier if ticket.partner is not None else ""
        for policy in self.policies:
            if policy.fits(program_id=ticket.program_id, tier=tier, topic_id=ticket.topic_id):
                return policy
        return None

    def terms(self, ticket: Ticket) -> dict[str, Any]:
        policy = self.choose(ticket)
        return terms(
            policy,
            version=self.versions.get(policy.calendar_id, 1) if policy is not None else 0,
            priority=ticket.priority,
            zone=ticket.partner.time_zone if ticket.partner is not None else "",
        )


def read_promises() -> Promises:
    """Three queries, one where there is no policy."""
    rows = {
        row.pk: row
        for row in SlaPolicy.objects.filter(is_active=True)
        .select_related("calendar")
        .prefetch_related("targets", "topics")
        .order_by("position", "pk")
    }
    return Promises(
        policies=tuple(map(_policy, rows.values())),
        rows=rows,
        versions={row.calendar_id: row.calendar.version for row in rows.values()},
    )


def _policy(row: SlaPolicy) -> Policy:
    return Policy(
        id=row.pk,
        calendar_id=row.calendar_id,
        program_id=row.program_id,
        tiers=frozenset(str(tier).strip().lower() for tier in row.tiers),
        topics=frozenset(topic.pk for topic in row.topics.all()),
        targets={
            (target.kind, target.priority): Promise(target.minutes, target.warn_percent)
            for target in row.targets.all()
        },
        reopening=Reopening.NEW_CYCLE if row.reopen_begins_anew else Reopening.CONTINUE,
        grace_minutes=row.reopen_grace_minutes,
        before_partners_evening=row.before_partners_evening,
    )


def read_calendars(refs: Iterable[CalendarRef]) -> dict[CalendarRef, BusinessCalendar]:
    """Versions that are stored, one query. What cannot be read counts around the clock: a deadline that comes
    too early is seen and put right, none at all is not, and a mail must not be lost for a typing error."""
    wanted = set(refs)
    if not wanted:
        return {}
    found = CalendarVersion.objects.filter(calendar_id__in={ref.id for ref in wanted})
    rows = found.values_list("calendar_id", "version", "definition")
    return {
        CalendarRef(pk, version): as_calendar(definition)
        for pk, version, definition in rows
        if CalendarRef(pk, version) in wanted
    }


def current_calendars(ids: Iterable[int]) -> dict[int, BusinessCalendar]:
    rows = CalendarRow.objects.filter(pk__in=set(ids)).values_list("pk", "definition")
    return {pk: as_calendar(definition) for pk, definition in rows}


def within_hours(policy: SlaPolicy | None, start: datetime, span: timedelta) -> datetime:
    """``start`` and so much of the policy's open time; of the clock's where there is no policy."""
    if policy is None:
        return start + span
    try:
        return after(current_calendars([policy.calendar_id])[policy.calendar_id], start, span)
    except (EmptyCalendar, BeyondTheTimetable):
        return start + span


def as_calendar(definition: object) -> BusinessCalendar:
    return _parsed(json.dumps(definition, sort_keys=True))


@lru_cache(maxsize=128)
def _parsed(text: str) -> BusinessCalendar:
    """By the text and not by the id: the years it has worked out stay with it."""
    try:
        return read_calendar(json.loads(text))
    except BadCalendar as error:
        log.error("a stored calendar cannot be read and counts around the clock: %s", error)
        return around_the_clock()
