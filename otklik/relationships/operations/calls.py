"""Tasks that a wave's results make: raised when it closes, given to somebody, done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby

from django.db import transaction

from otklik.events.public import Actor, NewEvent, Subject, record, record_many
from otklik.identity.public import User
from otklik.kit.bulk import insert_missing
from otklik.partners.public import Contact
from otklik.relationships.models import CallToAction, SilentPerson
from otklik.relationships.operations.people import NotOnStaff, person_of
from otklik.relationships.queries.waves import WaveResults, results_of
from otklik.relationships.rules.calls import Planned, calls_of_wave, due_on
from otklik.relationships.rules.moves import Task
from otklik.relationships.rules.vocabulary import CallKind, CallState

CHUNK = 500
_COLUMNS = (
    "contact_id",
    "wave_id",
    "partner_id",
    "kind",
    "what",
    "task",
    "certainty",
    "place",
    "facts",
    "state",
    "owner_id",
    "due_on",
    "note",
    "raised_at",
)


class CallClosed(Exception):
    """It was done or dropped meanwhile."""


class CallFollowsAlert(Exception):
    """The loop asks the same: the alert is followed up, and this ends with it."""


class WordMissing(Exception):
    """Dropped without a word why."""


def raise_calls(*, wave_id: int, today: date, by: Actor, at: datetime) -> int:
    """Of a wave that closed: moves, silences and surprises as tasks of whoever keeps the partner. How many
    are new; run again it raises none twice. Raises Wave.DoesNotExist."""
    results = results_of(wave_id, at=at)
    planned = calls_of_wave(results.moves, results.silent, results.surprises, results.roles)
    raised = 0
    for kind, those in groupby(planned, key=lambda one: one.kind):
        rows = list(those)
        for start in range(0, len(rows), CHUNK):
            raised += _raise_some(kind, rows[start : start + CHUNK], results, today, by, at)
    return raised


@transaction.atomic
def _raise_some(
    kind: CallKind, planned: Sequence[Planned], results: WaveResults, today: date, by: Actor, at: datetime
) -> int:
    # Who was erased or merged away since the results were read gets no task.
    ids = [one.person for one in planned]
    there = set(Contact.objects.filter(pk__in=ids, erased_at=None).values_list("pk", flat=True))
    rows = [
        (
            one.person,
            results.wave_id,
            results.people[one.person].partner_id,
            kind.value,
            one.what,
            one.task,
            one.certainty.value if one.certainty else "",
            one.place,
            dict(one.facts),
            CallState.OPEN.value,
            results.people[one.person].manager_id,
            due_on(one.task, today),
            "",
            at,
        )
        for one in planned
        if one.person in there
    ]
    new = insert_missing(CallToAction, _COLUMNS, rows, told="contact_id")
    record_many(_raised(new, kind, planned, results, at), by=by, at=at)
    return len(new)


def _raised(
    new: set[int], kind: CallKind, planned: Iterable[Planned], results: WaveResults, at: datetime
) -> Iterable[NewEvent]:
    for one in planned:
        if one.person not in new:
            continue
        subjects = [
            Subject("contact", one.person),
            Subject("partner", results.people[one.person].partner_id),
            Subject("wave", results.wave_id),
        ]
        scores = {key: one.facts.get(key) for key in ("before", "after", "expected", "score")}
        data = {key: value for key, value in scores.items() if value is not None}
        yield NewEvent("call_to_action.raised", at, subjects, {"kind": kind.value, "what": one.what, **data})


@transaction.atomic
def call_silent(*, contact_id: int, today: date, by: Actor, at: datetime) -> CallToAction:
    """Their silence as a task of whoever keeps the partner: to get in touch in person. The one there is, if
    it was raised before. Raises SilentPerson.DoesNotExist."""
    row = SilentPerson.objects.select_related("partner").get(contact_id=contact_id)
    facts = {"chance": round(row.chance, 4), "points": row.points, "reasons": row.reasons}
    owner = row.partner.manager_id or person_of(by)
    values = (
        contact_id,
        row.wave_id,
        row.partner_id,
        CallKind.SILENCE.value,
        row.kind,
        Task.REACH_PERSONALLY.value,
        "",
        0,
        facts,
        CallState.OPEN.value,
        owner,
        due_on(Task.REACH_PERSONALLY, today),
        "",
        at,
    )
    if insert_missing(CallToAction, _COLUMNS, [values]):
        subjects = [
            Subject("contact", contact_id),
            Subject("partner", row.partner_id),
            Subject("wave", row.wave_id),
        ]
        data = {"kind": CallKind.SILENCE.value, "what": row.kind}
        record("call_to_action.raised", by=by, at=at, subjects=subjects, data=data)
    return CallToAction.objects.get(wave_id=row.wave_id, contact_id=contact_id, kind=CallKind.SILENCE)


@transaction.atomic
def assign_call(*, call_id: int, owner_id: int, due_on: date, by: Actor, at: datetime) -> CallToAction:
    """Raises CallClosed, CallFollowsAlert, NotOnStaff, CallToAction.DoesNotExist."""
    call = _open(call_id)
    if not User.objects.filter(pk=owner_id, is_active=True).exists():
        raise NotOnStaff(owner_id)
    before, call.owner_id, call.due_on = call.owner_id, owner_id, due_on
    call.save(update_fields=["owner", "due_on"])
    data = {"before": before, "after": owner_id, "due_on": due_on.isoformat()}
    record("call_to_action.assigned", by=by, at=at, subjects=subjects_of(call), data=data)
    return call


@transaction.atomic
def close_call(*, call_id: int, state: CallState, note: str, by: Actor, at: datetime) -> CallToAction:
    """DONE or DROPPED; the latter with a word why. Raises CallClosed, CallFollowsAlert,
    WordMissing, CallToAction.DoesNotExist."""
    call = _open(call_id)
    said = note.strip()
    if state is CallState.DROPPED and not said:
        raise WordMissing(call_id)
    call.close(state, note=said, by_user=person_of(by), at=at)
    call.save(update_fields=["state", "note", "closed_by", "closed_at"])
    data = {"kind": str(call.kind), "what": call.what}
    record(f"call_to_action.{state.value}", by=by, at=at, subjects=subjects_of(call), data=data)
    return call


def _open(call_id: int) -> CallToAction:
    call = CallToAction.objects.select_for_update(of=("self",)).get(pk=call_id)
    if call.state != CallState.OPEN:
        raise CallClosed(call_id)
    if call.alert_id is not None:
        raise CallFollowsAlert(call_id)
    return call


def subjects_of(call: CallToAction) -> list[Subject]:
    return [
        Subject("contact", call.contact_id),
        Subject("partner", call.partner_id),
        Subject("wave", call.wave_id),
    ]
