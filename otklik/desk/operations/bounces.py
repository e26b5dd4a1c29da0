"""A mail of ours came back: the message says so, and so does the address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from otklik.desk.models import MailCopy
from otklik.desk.operations.events import event_about
from otklik.desk.operations.placing import Action, Parked, Plan
from otklik.desk.operations.returned import Returned, is_taken
from otklik.desk.queries.threading import references_to
from otklik.desk.rules.vocabulary import MESSAGE_BOUNCED, Delivery
from otklik.events.public import Actor, NewEvent, record_many
from otklik.partners.public import mark_bounced


def place_bounces(plans: Sequence[Plan], *, by: Actor, at: datetime) -> None:
    """Each goes to the ticket of the mail that came back; one of a mail that the desk never sent is parked,
    once whoever sent it was told."""
    for plan in plans:
        if plan.action is Action.PARK and plan.letter.mail.is_complaint and _is_others(plan, by, at):
            plan.reason = Parked.REPORT.value
    plans = [plan for plan in plans if plan.action is Action.BOUNCE]
    if not plans:
        return
    copies = _copies({i for plan in plans for i in _candidates(plan)})
    dead: set[str] = set()
    events: list[NewEvent] = []
    for plan in plans:
        copy = next((copies[i] for i in _candidates(plan) if i in copies), None)
        if copy is None:
            why = Parked.REPORT if _is_others(plan, by, at) else Parked.BOUNCE
            plan.action, plan.reason = Action.PARK, why.value
            continue
        plan.action, plan.ticket_id = Action.RECEIVE, copy.message.ticket_id
        failed = [bounce for bounce in plan.letter.mail.bounces if bounce.action in ("failed", "")]
        permanent = any(bounce.is_permanent for bounce in failed)
        _note(copy, plan, permanent=permanent, at=at)
        # Anybody who ever got a mail of ours can write a report about it: believed of those it went to alone.
        written_to = {str(person.get("address", "")).lower() for person in copy.message.to}
        dead |= {b.recipient for b in failed if b.is_permanent and b.recipient.lower() in written_to}
        data = {"message": copy.message_id, "permanent": permanent}
        events.append(event_about(MESSAGE_BOUNCED, copy.message.ticket, at=at, data=data))
    record_many(events, by=by, at=at)
    if dead:
        mark_bounced(addresses=dead, by=by, at=at)


def _is_others(plan: Plan, by: Actor, at: datetime) -> bool:
    mail = plan.letter.mail
    return is_taken(Returned(tuple(_candidates(plan)), mail.bounces, mail.is_complaint), by=by, at=at)


def _candidates(plan: Plan) -> Iterable[str]:
    mail = plan.letter.mail
    return (i for i in (mail.bounced_message_id, *mail.in_reply_to, *reversed(mail.references)) if i)


def _copies(ids: set[str]) -> dict[str, MailCopy]:
    copies = MailCopy.objects.select_related("message__ticket")
    found = {copy.sent_id: copy for copy in copies.filter(sent_id__in=ids)}
    if missing := ids - set(found):
        # A provider that puts an id of its own in the place of ours reports by that; the ticket remembers it.
        tickets = {r.ticket_id for rows in references_to(missing).values() for r in rows if r.own}
        theirs = copies.filter(message__ticket_id__in=tickets, provider_id__in=missing)
        found |= {copy.provider_id: copy for copy in theirs}
    return found


def _note(copy: MailCopy, plan: Plan, *, permanent: bool, at: datetime) -> None:
    first = next(iter(plan.letter.mail.bounces), None)
    said = " ".join(filter(None, (first.recipient, first.status, first.diagnostic))) if first else ""
    message = copy.message
    if permanent:
        copy.settle(Delivery.BOUNCED, note=said, at=at)
        message.mark_bounced(said)
    else:
        copy.note = message.delivery_note = said[:400]
    copy.save(update_fields=["state", "note", "free_at"])
    message.save(update_fields=["delivery", "delivery_note"])
