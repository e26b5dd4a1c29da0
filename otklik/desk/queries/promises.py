"""Policies and calendars as the clocks use them."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

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
_POLICY, _TARGET, _TOPIC = 1, 2, 3
# Calendars are read as text: it is what one that was parsed before is known by.
_DEFINITION = Cast("definition", TextField())


@dataclass(frozen=True, slots=True)
class Promises:
    """All active policies, first come first chosen. ``calendars``: those they count by, as they are now."""

    policies: tuple[Policy, ...]
    versions: Mapping[int, int]
    calendars: Mapping[CalendarRef, BusinessCalendar]

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


# Whatever promises depend on, in one statement that both databases take as it stands: policies with their
# calendar as it is now, targets, topics. A part says which it is by its first column.
_ROWS = """
SELECT 1, p.id, p.position, p.calendar_id, p.program_id, p.reopen_grace_minutes,
       CASE WHEN p.reopen_begins_anew THEN 1 ELSE 0 END,
       CASE WHEN p.before_partners_evening THEN 1 ELSE 0 END,
       c.version, CAST(p.tiers AS text), CAST(v.definition AS text)
  FROM desk_slapolicy p
  JOIN desk_businesscalendar c ON c.id = p.calendar_id
  LEFT JOIN desk_calendarversion v ON v.calendar_id = c.id AND v.version = c.version
 WHERE p.is_active
UNION ALL
SELECT 2, t.policy_id, t.minutes, t.warn_percent, NULL, NULL, NULL, NULL, NULL, t.kind, t.priority
  FROM desk_slatarget t JOIN desk_slapolicy p ON p.id = t.policy_id
 WHERE p.is_active
UNION ALL
SELECT 3, m.slapolicy_id, m.topic_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM desk_slapolicy_topics m JOIN desk_slapolicy p ON p.id = m.slapolicy_id
 WHERE p.is_active
 ORDER BY 1, 3, 2
"""
_Row = tuple[Any, ...]


def read_promises() -> Promises:
    """One query. The rows themselves say whether they are those of last time: nobody has to remember to tell
    of a change, in whichever process or transaction it was made and whether or not it was kept."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        return _promises(tuple(cursor.fetchall()))


@lru_cache(maxsize=4)
def _promises(rows: tuple[_Row, ...]) -> Promises:
    targets: dict[int, dict[tuple[str, str], Promise]] = defaultdict(dict)
    topics: dict[int, set[int]] = defaultdict(set)
    for part, policy_id, number, percent, *_, kind, priority in rows:
        if part == _TARGET:
            targets[policy_id][kind, priority] = Promise(number, percent)
        elif part == _TOPIC:
            topics[policy_id].add(number)
    policies = [row for row in rows if row[0] == _POLICY]
    return Promises(
        policies=tuple(_policy(row, targets[row[1]], topics[row[1]]) for row in policies),
        versions={row[3]: row[8] for row in policies},
        calendars={CalendarRef(row[3], row[8]): _parsed(row[10]) for row in policies if row[10] is not None},
    )


def _policy(row: _Row, targets: Mapping[tuple[str, str], Promise], topics: Iterable[int]) -> Policy:
    _, pk, _, calendar_id, program_id, grace, begins_anew, evening, _, tiers, _ = row
    return Policy(
        id=pk,
        calendar_id=calendar_id,
        program_id=program_id,
        tiers=frozenset(str(tier).strip().lower() for tier in json.loads(tiers)),
        topics=frozenset(topics),
        targets=targets,
        reopening=Reopening.NEW_CYCLE if begins_anew else Reopening.CONTINUE,
        grace_minutes=grace,
        before_partners_evening=bool(evening),
    )


def read_calendars(refs: Iterable[CalendarRef]) -> dict[CalendarRef, BusinessCalendar]:
    """Versions that are stored, one query. What cannot be read counts around the clock: a deadline that comes
    too early is seen and put right, none at all is not, and a mail must not be lost for a typing error."""
    wanted = set(refs)
    if not wanted:
        return {}
    found = CalendarVersion.objects.filter(
        calendar_id__in={ref.id for ref in wanted}, version__in={ref.version for ref in wanted}
    )
    rows = found.annotate(text=_DEFINITION).values_list("calendar_id", "version", "text")
    return {
        CalendarRef(pk, version): _parsed(text)
        for pk, version, text in rows
        if CalendarRef(pk, version) in wanted
    }


def current_calendars(ids: Iterable[int]) -> dict[int, BusinessCalendar]:
    rows = CalendarRow.objects.filter(pk__in=set(ids)).annotate(text=_DEFINITION)
    return {pk: _parsed(text) for pk, text in rows.values_list("pk", "text")}


def within_hours(policy: SlaPolicy | None, start: datetime, span: timedelta) -> datetime:
    """``start`` and so much of the policy's open time; of the clock's where there is no policy."""
    if policy is None:
        return start + span
    try:
        return after(current_calendars([policy.calendar_id])[policy.calendar_id], start, span)
    except (EmptyCalendar, BeyondTheTimetable):
        return start + span


@lru_cache(maxsize=128)
def _parsed(text: str) -> BusinessCalendar:
    """By the text and not by the id: the years it has worked out stay with it."""
    try:
        return read_calendar(json.loads(text))
    except BadCalendar as error:
        log.error("a stored calendar cannot be read and counts around the clock: %s", error)
        return around_the_clock()
