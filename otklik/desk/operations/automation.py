"""Triggers, time-based rules and macros at work.

Nothing runs for ever: a rule fires once a ticket within the chain of changes that began with one thing from
outside (``rules/automation_plan.py``); ``TriggerRun`` remembers that, by the event it began with.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django_q.tasks import async_task

from otklik.desk.models import Macro, Ticket, Trigger, TriggerRun
from otklik.desk.operations.acting import CannotAct, Doing, Why, carry_out
from otklik.desk.operations.events import tell
from otklik.desk.operations.locking import TicketGone, TicketMergedAway, locked_ticket
from otklik.desk.queries.automation import active_rules, candidates, facts_of, in_batches, rule_of
from otklik.desk.rules.automation import TIME_PASSED, Action, ActionKind, BadRule, Rule, evaluate, parse_rule
from otklik.desk.rules.automation_plan import Chain, PlannedActions, Stopped, plan
from otklik.desk.rules.vocabulary import (
    MESSAGE_RECEIVED,
    MESSAGE_SENT,
    RATED,
    SLA_BREACHED,
    SLA_WARNED,
    SUB_REQUEST_ANSWERED,
    TICKET_CREATED,
    TRIGGER_APPLIED,
    MessageKind,
    Verdict,
)
from otklik.events.public import Actor, DeliveredEvent, last_event_id, latest_outside_event

log = logging.getLogger(__name__)
RUN, RUN_ON_TIME = "otklik.desk.jobs.run_triggers", "otklik.desk.jobs.run_one_time_rule"
# Tickets of one job: each has a transaction of its own.
_AT_ONCE = 50
# What begins a chain though no person of ours wrote it.
_FROM_OUTSIDE = (
    TICKET_CREATED, MESSAGE_RECEIVED, SUB_REQUEST_ANSWERED, SLA_WARNED, SLA_BREACHED, RATED,
)  # fmt: skip


class MacroFailed(Exception):
    """Nothing was changed: ``kind`` is the action that did not go through, None where the macro itself cannot
    be read, and ``why`` the reason."""

    def __init__(self, macro_id: int, kind: ActionKind | None, why: Why) -> None:
        super().__init__(macro_id, kind, why)
        self.macro_id, self.kind, self.why = macro_id, kind, why


@transaction.atomic
def apply_macro(*, ticket_id: int, macro_id: int, by: Actor, at: datetime) -> Ticket:
    """All of its actions or none. Raises MacroFailed, and what ``locked_ticket`` raises."""
    macro = Macro.objects.get(pk=macro_id)
    ticket = locked_ticket(ticket_id)
    # Run again on purpose, it acts again: the version is another one by then.
    doing = Doing(macro.name, f"macro:{macro.pk}:{ticket.pk}:{ticket.version}", by, at)
    try:
        for action in actions_of(macro.actions):
            carry_out(ticket_id, action, doing)
    except BadRule as unreadable:
        raise MacroFailed(macro_id, None, Why.GONE) from unreadable
    except CannotAct as found:
        raise MacroFailed(macro_id, found.kind, found.why) from found
    return Ticket.objects.get(pk=ticket_id)


def actions_of(data: Any) -> tuple[Action, ...]:
    """Raises BadRule."""
    return parse_rule(0, [TICKET_CREATED], {}, data).actions


@dataclass(frozen=True, slots=True)
class _Occasion:
    """``event_id`` None: time has passed."""

    ticket: Ticket
    event: str
    event_id: int | None
    at: datetime


def queue_triggers(kind: str, events: Sequence[DeliveredEvent], *, at: datetime) -> None:
    """A job for the tickets of a chunk of events that some trigger fits. A number of queries that does not
    grow with them; where no trigger listens, one."""
    rules = active_rules(Trigger.When.EVENT, kind)
    occasions = [(event.subject("ticket"), event.id) for event in events if rules and _counts(event)]
    if not occasions:
        return
    facts = facts_of([ticket_id for ticket_id, _ in occasions], at=at)
    fitting = [
        (ticket_id, event_id)
        for ticket_id, event_id in occasions
        if ticket_id in facts and any(evaluate(rule, facts[ticket_id]) for rule in rules)
    ]
    for start in range(0, len(fitting), _AT_ONCE):
        async_task(RUN, kind, fitting[start : start + _AT_ONCE])


def _counts(event: DeliveredEvent) -> bool:
    """Machines that answer each other are no occasion, nor are our own notices."""
    if event.kind == MESSAGE_RECEIVED:
        return bool(event.data.get("verdict", Verdict.PERSON) == Verdict.PERSON)
    return not (event.kind == MESSAGE_SENT and event.data.get("kind") == MessageKind.NOTICE)


@transaction.atomic
def run_triggers(*, ticket_id: int, event: str, event_id: int, at: datetime) -> tuple[int, ...]:
    """Ids of the triggers that acted. Run again for the same event, none acts again."""
    try:
        ticket = locked_ticket(ticket_id)
    except (TicketGone, TicketMergedAway):
        return ()
    return _run(active_rules(Trigger.When.EVENT, event), _Occasion(ticket, event, event_id, at))


def active_time_rules() -> list[int]:
    rows = Trigger.objects.filter(is_active=True, when=Trigger.When.TIME)
    return list(rows.order_by("position", "pk").values_list("pk", flat=True))


def run_time_rule(*, trigger_id: int, at: datetime, after: int = 0, seconds: float = 60.0) -> int | None:
    """Batch by batch through the tickets that may fit. After so many seconds it stops and returns the id to
    go on ``after``; None: through."""
    begun = time.monotonic()
    trigger = Trigger.objects.filter(pk=trigger_id, is_active=True, when=Trigger.When.TIME).first()
    if trigger is None:
        return None
    rule = rule_of(trigger)
    for ids in in_batches(candidates(rule, at=at), after=after):
        for ticket_id in _due(rule, ids, at):
            try:
                _run_on_time(rule, ticket_id, at)
            except Exception:
                # Looked at again next time; those behind it do not wait for that.
                log.exception("time-based rule %s failed on ticket %s", trigger_id, ticket_id)
        if time.monotonic() - begun > seconds:
            return ids[-1]
    return None


def _due(rule: Rule, ids: Sequence[int], at: datetime) -> list[int]:
    """Those that fit and on which the rule has not acted since something last came from outside. Tickets that
    nothing live has happened to (imported history) are left alone."""
    facts = facts_of(ids, at=at)
    fitting = [pk for pk in facts if evaluate(rule, facts[pk])]
    causes = latest_outside_event("ticket", fitting, kinds=_FROM_OUTSIDE)
    acted = TriggerRun.objects.filter(trigger_id=rule.id, ticket_id__in=fitting)
    done = set(acted.values_list("ticket_id", "cause"))
    return [pk for pk in fitting if pk in causes and (pk, _name(causes[pk])) not in done]


@transaction.atomic
def _run_on_time(rule: Rule, ticket_id: int, at: datetime) -> None:
    try:
        ticket = locked_ticket(ticket_id)
    except (TicketGone, TicketMergedAway):
        return
    _run([rule], _Occasion(ticket, TIME_PASSED, None, at))


def _run(rules: Sequence[Rule], occasion: _Occasion) -> tuple[int, ...]:
    ticket, event_id = occasion.ticket, occasion.event_id
    facts = facts_of([ticket.pk], at=occasion.at).get(ticket.pk)
    if facts is None or not any(evaluate(rule, facts) for rule in rules):
        return ()
    found = latest_outside_event("ticket", [ticket.pk], kinds=_FROM_OUTSIDE, upto=event_id)
    cause = found.get(ticket.pk, 0)
    runs = {run.trigger_id: run for run in TriggerRun.objects.filter(ticket=ticket, cause=_name(cause))}
    follows = event_id is not None and event_id != cause
    depth = max((run.depth + 1 for run in runs.values()), default=0) if follows else 0
    planned = plan(rules, facts, occasion.event, Chain(depth, frozenset(runs)))
    names = dict(Trigger.objects.filter(pk__in=planned.fired).values_list("pk", "name"))
    for rule_id, group in groupby(planned.actions, key=lambda pair: pair[0]):
        run = TriggerRun(trigger_id=rule_id, ticket=ticket, cause=_name(cause), depth=depth, at=occasion.at)
        _act(run, [action for _, action in group], names[rule_id])
    if event_id is not None:
        _note_stopped(planned, runs, occasion, _name(cause), depth)
    return planned.fired


def _act(run: TriggerRun, actions: Sequence[Action], name: str) -> None:
    """What cannot be done is noted and does not keep the rest from being done."""
    done, failed = [], []
    # Whatever the log says of this ticket behind that is the work of these actions, or follows from it.
    before = last_event_id()
    for number, action in enumerate(actions):
        key = f"trigger:{run.trigger_id}:{run.ticket_id}:{run.cause}:{number}"
        try:
            with transaction.atomic():
                carry_out(run.ticket_id, action, Doing(name, key, Actor.system(), run.at))
            done.append(action.kind.value)
        except CannotAct as found:
            failed.append({"do": found.kind.value, "why": found.why.value})
    ticket = Ticket.objects.get(pk=run.ticket_id)
    tell(TRIGGER_APPLIED, ticket, by=Actor.system(), at=run.at, trigger=run.trigger_id, actions=done)
    run.result = {"done": done, "failed": failed, "before": before}
    run.save()


def _note_stopped(
    planned: PlannedActions, runs: dict[int, TriggerRun], occasion: _Occasion, cause: str, depth: int
) -> None:
    """Shown where triggers are kept: one that would go round in circles is a mistake to be mended."""
    assert occasion.event_id is not None
    for rule_id, why in planned.stopped:
        run = runs.get(rule_id)
        if run is not None and occasion.event_id <= run.result.get("before", 0):
            # Two events of one change, and it acted on the other one: it is not to blame.
            continue
        if run is None:
            run = TriggerRun(
                trigger_id=rule_id, ticket=occasion.ticket, cause=cause, depth=depth, at=occasion.at
            )
        run.result = {**run.result, "stopped": Stopped(why).value}
        run.save()
        Trigger.objects.filter(pk=rule_id).update(stopped_at=occasion.at, stopped_ticket=occasion.ticket)


def _name(cause: int) -> str:
    return f"event:{cause}"
