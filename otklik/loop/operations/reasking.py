"""Asking once more after something was done, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from otklik.events.public import Actor, NewEvent, record_many
from otklik.feedback.public import Response, ResponseStatus, note_occasion
from otklik.kit.chunks import in_chunks
from otklik.loop.models import Alert, ReAsk
from otklik.loop.operations.locking import kept, locked, subjects_of, tell

OCCASION = "loop.closed"
"""What a survey waits for that asks again after an alert was closed."""
CHUNK = 200


class NobodyToAsk(Exception):
    """The alert names no person, or one who was erased."""


class AskedAlready(Exception):
    """They were asked again; what they say stands beside the alert."""


class DayOver(Exception):
    """The day lies in the past."""


class NotClosed(Exception):
    """Nobody is asked how it went before it went."""


@transaction.atomic
def plan_re_ask(*, alert_id: int, due_on: date, on: date, by: Actor, at: datetime) -> ReAsk:
    """On which day; planned again, the day moves. Raises NotClosed, NobodyToAsk, AskedAlready, DayOver,
    Alert.DoesNotExist."""
    if due_on < on:
        raise DayOver(due_on)
    alert = locked(alert_id, may_be_closed=True)
    if not alert.is_closed:
        raise NotClosed(alert_id)
    if alert.contact is None or alert.contact.erased_at is not None:
        raise NobodyToAsk(alert_id)
    planned = ReAsk.objects.filter(alert=alert).first()
    if planned is None:
        planned = ReAsk(alert=alert, contact=alert.contact, due_on=due_on, before=alert.score)
    elif planned.asked_at is not None and planned.surveys:
        raise AskedAlready(alert_id)
    planned.move_to(due_on)
    planned.save()
    kept(alert)
    tell("alert.re_ask_planned", alert, {"due_on": due_on.isoformat()}, by=by, at=at)
    return planned


def ask_due(*, on: date, by: Actor, at: datetime) -> int:
    """Whose day has come and whose alert is still closed. How many people. May run twice, or beside
    itself."""
    due = ReAsk.objects.filter(due_on__lte=on, asked_at=None, alert__closed_at__isnull=False)
    ids = list(due.order_by("due_on", "pk").values_list("pk", flat=True))
    return sum(_ask(pk, by, at) for pk in ids)


@transaction.atomic
def _ask(re_ask_id: int, by: Actor, at: datetime) -> bool:
    rows = ReAsk.objects.select_for_update(of=("self",)).filter(pk=re_ask_id, asked_at=None)
    planned = rows.select_related("alert", "contact").first()
    if planned is None or planned.contact.erased_at is not None:
        return False
    alert = planned.alert
    surveys = note_occasion(
        contact_id=planned.contact_id,
        name=OCCASION,
        key=f"alert-{alert.pk}-{alert.reopened}-{planned.due_on:%Y%m%d}",
        happened_at=at,
        by=by,
        at=at,
    )
    planned.mark_asked(surveys, at)
    planned.save()
    tell("alert.re_asked", alert, {"surveys": surveys}, by=by, at=at)
    return True


def compare_answers(*, response_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """The first answer of the same kind after somebody was asked again stands beside what they said before.
    How many."""
    count = 0
    for ids in in_chunks(response_ids, CHUNK):
        rows = Response.objects.filter(
            pk__in=ids, contact__isnull=False, status=ResponseStatus.COMPLETE
        ).order_by("responded_at", "pk")
        people = rows.values("contact_id")
        # Few are asked again: nobody should wait for a transaction that writes nothing.
        if ReAsk.objects.filter(contact_id__in=people, asked_at__isnull=False, response=None).exists():
            count += _compare(list(rows), by, at)
    return count


@transaction.atomic
def _compare(responses: Sequence[Response], by: Actor, at: datetime) -> int:
    people = {response.contact_id for response in responses if response.contact_id is not None}
    waiting = ReAsk.objects.select_for_update(of=("self",)).filter(
        contact_id__in=people, asked_at__isnull=False, response=None
    )
    events = []
    for planned in waiting.select_related("alert").order_by("pk"):
        found = next((one for one in responses if _answers(one, planned, planned.alert)), None)
        if found is None:
            continue
        planned.answer(found)
        planned.save()
        data = {"flow": str(planned.alert.flow), "before": planned.before, "after": planned.after}
        events.append(NewEvent("alert.answered_again", at, subjects_of(planned.alert), data))
    record_many(events, by=by, at=at)
    return len(events)


def _answers(response: Response, planned: ReAsk, alert: Alert) -> bool:
    if planned.asked_at is None or response.contact_id != planned.contact_id:
        return False
    # Of silence and of mentions there is no score before: the first recommendation score counts.
    kind = alert.survey_kind or "nps"
    return response.kind == kind and response.responded_at >= planned.asked_at
