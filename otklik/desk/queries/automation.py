"""What rules ask about tickets, for a batch of them at once: the number of queries does not grow with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from otklik.desk.models import Clock, Message, Ticket, TicketTag, Trigger, TriggerRun
from otklik.desk.rules.automation import (
    TIME_PASSED,
    BadRule,
    Breach,
    Condition,
    Facts,
    Field,
    Op,
    Rule,
    parse_rule,
)
from otklik.desk.rules.vocabulary import ClockState, MessageKind, TicketStatus
from otklik.identity.public import User

BATCH = 200
_COLUMNS = {
    Field.STATUS: "status",
    Field.PRIORITY: "priority",
    Field.TOPIC: "topic_id",
    Field.TEAM: "team_id",
    Field.CHANNEL: "channel",
}
_MOMENTS = {
    Field.HOURS_SINCE_CREATED: "created_at",
    Field.HOURS_SINCE_INCOMING: "last_incoming_at",
    Field.HOURS_SINCE_OUTGOING: "last_outgoing_at",
    Field.HOURS_SINCE_SOLVED: "solved_at",
}
_OVER = (ClockState.BREACHED, ClockState.MET_LATE)


def rule_of(trigger: Trigger) -> Rule:
    """Raises BadRule where the row was written by somebody who knew another language of rules."""
    on = [TIME_PASSED] if trigger.when == Trigger.When.TIME else trigger.events
    return parse_rule(trigger.pk, on, trigger.conditions, trigger.actions, order=trigger.position)


def active_rules(when: Trigger.When, event: str = "") -> list[Rule]:
    """In order; a row that cannot be read stands still instead of taking the others down. One query."""
    found = []
    for trigger in Trigger.objects.filter(is_active=True, when=when).order_by("position", "pk"):
        try:
            rule = rule_of(trigger)
        except BadRule:
            continue
        if not event or event in rule.on:
            found.append(rule)
    return found


def some_trigger_listens(event: str) -> bool:
    """One query for a handful of rows, whose lists of events are compared here."""
    active = Trigger.objects.filter(is_active=True, when=Trigger.When.EVENT)
    return any(event in events for events in active.values_list("events", flat=True))


def facts_of(ticket_ids: Sequence[int], *, at: datetime) -> dict[int, Facts]:
    """By ticket, in the order of the ids; merged tickets are left out. Five queries. Text is that of the last
    message from outside."""
    tickets = (
        Ticket.objects.filter(pk__in=ticket_ids, merged_into=None)
        .select_related("partner", "contact")
        .in_bulk(list(ticket_ids))
    )
    ids = list(tickets)
    tags, breaches, texts = _tags(ids), _breaches(ids), _last_words(ids)
    return {
        pk: _facts(tickets[pk], tags.get(pk, set()), breaches.get(pk, Breach.NONE), texts.get(pk, ""), at)
        for pk in dict.fromkeys(ticket_ids)
        if pk in tickets
    }


def _facts(ticket: Ticket, tags: set[str], breach: Breach, text: str, at: datetime) -> Facts:
    partner, contact = ticket.partner, ticket.contact
    return {
        Field.STATUS: ticket.status,
        Field.PRIORITY: ticket.priority,
        Field.TOPIC: ticket.topic_id,
        Field.TEAM: ticket.team_id,
        Field.CHANNEL: ticket.channel,
        Field.TIER: partner.tier if partner else None,
        Field.COUNTRY: partner.country if partner else None,
        Field.REVENUE: float(partner.revenue) if partner and partner.revenue is not None else None,
        Field.ROLE: contact.role if contact else None,
        Field.LANGUAGE: ticket.language,
        Field.BREACH: breach,
        Field.OWNER_SET: ticket.owner_id is not None,
        Field.TAGS: tags,
        Field.SUBJECT: ticket.subject,
        Field.TEXT: text,
        **{name: _hours(getattr(ticket, column), at) for name, column in _MOMENTS.items()},
    }


def _hours(since: datetime | None, at: datetime) -> float | None:
    return (at - since).total_seconds() / 3600 if since is not None else None


def _tags(ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for pk, name in TicketTag.objects.filter(ticket_id__in=ids).values_list("ticket_id", "tag__name"):
        found[pk].add(name)
    return found


def _breaches(ids: Sequence[int]) -> dict[int, Breach]:
    """The worst of a ticket's clocks; those no longer owed do not count."""
    worst: dict[int, Breach] = {}
    clocks = Clock.objects.filter(ticket_id__in=ids).exclude(state=ClockState.CANCELLED)
    for pk, state, warned in clocks.values_list("ticket_id", "state", "warned_at"):
        if state in _OVER:
            worst[pk] = Breach.BREACHED
        elif warned is not None and state == ClockState.RUNNING:
            worst.setdefault(pk, Breach.WARNED)
    return worst


def _last_words(ids: Sequence[int]) -> dict[int, str]:
    incoming = Message.objects.filter(ticket_id__in=ids, kind=MessageKind.INCOMING)
    last = incoming.values("ticket_id").annotate(last=Max("pk")).values_list("last", flat=True)
    return dict(Message.objects.filter(pk__in=list(last)).values_list("ticket_id", "text"))


def concerns_ended(rule: Rule) -> bool:
    """A time-based rule looks at ended tickets only where it speaks of them: "older than a day" would
    otherwise take every ticket there ever was."""
    speaking = {condition.field for condition in (*rule.all, *rule.any)}
    return bool(speaking & {Field.STATUS, Field.HOURS_SINCE_SOLVED})


def candidates(rule: Rule, *, at: datetime) -> QuerySet[Ticket]:
    """What may fit a time-based rule, as far as columns tell; ``evaluate`` has the last word. Tickets that
    have not changed since the rule acted on them are left out."""
    acted = TriggerRun.objects.filter(
        trigger_id=rule.id, ticket_id=OuterRef("pk"), at__gte=OuterRef("updated_at")
    )
    rows = Ticket.objects.filter(merged_into=None).filter(~Exists(acted))
    if not concerns_ended(rule):
        rows = rows.filter(is_open=True)
    for condition in rule.all:
        rows = rows.filter(_as_rows(condition, at))
    return rows


def _as_rows(condition: Condition, at: datetime) -> Q:
    field, op, value = condition.field, condition.op, condition.value
    if field in _MOMENTS and op is Op.AT_LEAST:
        return Q(**{f"{_MOMENTS[field]}__lte": at - timedelta(hours=min(value, 24 * 3650))})
    if field in _COLUMNS and op in (Op.IS, Op.IN):
        narrowed = Q(**{f"{_COLUMNS[field]}__in": value if op is Op.IN else (value,)})
        return narrowed & _open_too(value, op) if field is Field.STATUS else narrowed
    if field is Field.OWNER_SET:
        return Q(owner__isnull=not value)
    return Q()


def _open_too(value: str | Sequence[str], op: Op) -> Q:
    """Says the same as the status, in the words of the partial indexes."""
    named = {value} if isinstance(value, str) or op is Op.IS else set(value)
    over = {TicketStatus.SOLVED, TicketStatus.CLOSED}
    return Q() if named & over else Q(is_open=True)


def in_batches(rows: QuerySet[Ticket], *, after: int = 0) -> Iterator[list[int]]:
    """Ids of BATCH tickets each, ascending: however many there are, one batch is in memory."""
    while ids := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        after = ids[-1]


def recent_runs(trigger: Trigger, *, limit: int = 20) -> list[TriggerRun]:
    return list(trigger.runs.select_related("ticket").order_by("-pk")[:limit])


def people_to_tell(ticket: Ticket, whom: str) -> list[User]:
    """Active ones: the owner, the members of its team, or the partner's account manager."""
    if whom == "owner":
        people = [ticket.owner]
    elif whom == "manager":
        people = [ticket.partner.manager if ticket.partner else None]
    else:
        people = list(ticket.team.members.order_by("pk")) if ticket.team else []
    return [person for person in people if person is not None and person.is_active]
