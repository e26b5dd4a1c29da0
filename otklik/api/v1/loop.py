"""The closed loop over REST: who has to be followed up, and what was done. A program acts as the owner of its
token: it sees and follows up what that person does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status
from ninja.errors import HttpError
from pydantic import Field

from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer, owner_of
from otklik.api.v1.keys import Key, once
from otklik.api.v1.loop_schemas import (
    AlertPage,
    CausePage,
    CloseIn,
    FollowUpIn,
    FollowUpOut,
    FollowUpPage,
    FullAlertOut,
    OwnerIn,
    RulePage,
    SnoozeIn,
)
from otklik.api.v1.paging import MOST, page_by_id, page_newest_first
from otklik.api.v1.schemas import Id, Moment, Text
from otklik.events.public import Actor
from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.loop.public import (
    Alert,
    AlertCause,
    AlertChanged,
    AlertClosed,
    AlertState,
    CannotClose,
    CannotOwn,
    Flow,
    FollowUp,
    NotTheirCause,
    NotTheirPerson,
    NotYet,
    Outcome,
    SnoozeRefused,
    Spoken,
    Way,
    assign_alert,
    close_alert,
    editable_alerts,
    lateness,
    note_follow_up,
    snooze_alert,
    visible_alerts,
    visible_causes,
    visible_rules,
)

router = Router(tags=["loop"])
READ = Bearer(Scope.LOOP_READ, Right.SEE_FEEDBACK)
WRITE = Bearer(Scope.LOOP_WRITE, Right.RUN_DIALOGUE)
Limit = Annotated[int, Field(ge=1, le=MOST)]
Word = TypeVar("Word", bound=StrEnum)
Said = TypeVar("Said")
_SAME = (
    *("id", "program_id", "partner_id", "contact_id", "rule_id", "kind", "flow", "survey_kind", "score"),
    *("reasons", "response_id", "mention_id", "wave_id", "state", "owner_id", "opened_at", "due_at"),
    *("first_contact_at", "escalated_at", "escalated_to_id", "snoozed_until", "snooze_reason", "closed_at"),
    *("closed_by_id", "outcome", "result", "told_at", "owes_word", "version"),
)


@router.get("/alerts", auth=READ, response=AlertPage)
def alerts(
    request: HttpRequest,
    program: Query[Text | None] = None,
    partner_id: Id | None = None,
    contact_id: Id | None = None,
    owner_id: Id | None = None,
    state: Query[Text | None] = None,
    flow: Query[Text | None] = None,
    is_open: bool | None = None,
    is_late: bool | None = None,
    since: Moment | None = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Raised last first; ``since``: only those raised at or after; ``is_late``: nobody has spoken to them,
    and the deadline is over."""
    at = now()
    asked = {
        "program__slug": program or None,
        "partner_id": partner_id,
        "contact_id": contact_id,
        "owner_id": owner_id,
        "state": None if state is None else _word(AlertState, state, "state"),
        "flow": None if flow is None else _word(Flow, flow, "flow"),
        "closed_at__isnull": is_open,
        "opened_at__gte": since,
    }
    rows = _read(visible_alerts(owner_of(request)))
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    if is_late is not None:
        late = Q(closed_at=None, first_contact_at=None, due_at__lte=at)
        rows = rows.filter(late if is_late else ~late)
    items, following = page_newest_first(rows, "opened_at", after, limit)
    return {"items": [_shown(alert, at) for alert in items], "next": following}


@router.get("/alerts/{alert_id}", auth=READ, response=FullAlertOut)
def alert(request: HttpRequest, alert_id: Id) -> dict[str, Any]:
    return _whole(owner_of(request), alert_id, now())


@router.get("/alerts/{alert_id}/follow-ups", auth=READ, response=FollowUpPage)
def follow_ups(
    request: HttpRequest, alert_id: Id, after: str | None = None, limit: Limit = 100
) -> dict[str, Any]:
    found = get_object_or_404(visible_alerts(owner_of(request)), pk=alert_id)
    items, following = page_by_id(FollowUp.objects.filter(alert=found), after, limit)
    return {"items": items, "next": following}


@router.post("/alerts/{alert_id}/follow-ups", auth=WRITE, response={201: FollowUpOut})
def follow_up(request: HttpRequest, alert_id: Id, payload: FollowUpIn, key: Key = None) -> Status[FollowUp]:
    """That somebody spoke or wrote to them. With the header ``Idempotency-Key`` the same call again is the
    same follow-up; another body under the same key is 409."""
    owner, found = _own(request, alert_id)
    at, way = now(), _word(Way, payload.way, "way")
    spoken = Spoken(way, payload.at or at, payload.text, payload.contact_id)
    name = f"loop:{owner.pk}:{found.pk}:{key}" if key else None

    def note() -> FollowUp:
        by = Actor.person(owner.pk)
        return note_follow_up(alert_id=found.pk, spoken=spoken, key=f"api:{key}" if key else "", by=by, at=at)

    return Status(201, once(name, payload, lambda: _done(note)))


@router.post("/alerts/{alert_id}/snooze", auth=WRITE, response=FullAlertOut)
def snooze(request: HttpRequest, alert_id: Id, payload: SnoozeIn) -> dict[str, Any]:
    """Nobody is reminded until then, 60 days at most; the deadline stays where it is."""
    owner, found = _own(request, alert_id)
    at = now()
    said: dict[str, Any] = {"until": payload.until, "reason": payload.reason}
    said["expected_version"] = payload.version
    _done(lambda: snooze_alert(alert_id=found.pk, **said, by=Actor.person(owner.pk), at=at))
    return _whole(owner, alert_id, at)


@router.post("/alerts/{alert_id}/owner", auth=WRITE, response=FullAlertOut)
def assign(request: HttpRequest, alert_id: Id, payload: OwnerIn) -> dict[str, Any]:
    owner, found = _own(request, alert_id)
    at = now()
    said: dict[str, Any] = {"user_id": payload.owner_id, "expected_version": payload.version}
    _done(lambda: assign_alert(alert_id=found.pk, **said, by=Actor.person(owner.pk), at=at))
    return _whole(owner, alert_id, at)


@router.post("/alerts/{alert_id}/close", auth=WRITE, response=FullAlertOut)
def close(request: HttpRequest, alert_id: Id, payload: CloseIn) -> dict[str, Any]:
    """Nothing closes without an outcome and a root cause, nor while a promise is open."""
    owner, found = _own(request, alert_id)
    at = now()
    said: dict[str, Any] = {"cause_ids": payload.causes, "result": payload.result}
    said["expected_version"] = payload.version
    outcome = _word(Outcome, payload.outcome, "outcome")
    _done(lambda: close_alert(alert_id=found.pk, outcome=outcome, **said, by=Actor.person(owner.pk), at=at))
    return _whole(owner, alert_id, at)


@router.get("/causes", auth=READ, response=CausePage)
def causes(
    request: HttpRequest, program: Query[Text | None] = None, after: str | None = None, limit: Limit = 100
) -> dict[str, Any]:
    """The tree of root causes: a branch is the ``parent_id`` of what is below it."""
    rows = visible_causes(owner_of(request))
    items, following = page_by_id(rows.filter(program__slug=program) if program else rows, after, limit)
    return {"items": items, "next": following}


@router.get("/alert-rules", auth=READ, response=RulePage)
def rules(
    request: HttpRequest, program: Query[Text | None] = None, after: str | None = None, limit: Limit = 100
) -> dict[str, Any]:
    rows = visible_rules(owner_of(request))
    items, following = page_by_id(rows.filter(program__slug=program) if program else rows, after, limit)
    return {"items": items, "next": following}


def _own(request: HttpRequest, alert_id: int) -> tuple[User, Alert]:
    owner = owner_of(request)
    return owner, get_object_or_404(editable_alerts(owner), pk=alert_id)


def _read(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    return rows.prefetch_related(Prefetch("causes", AlertCause.objects.order_by("cause_id")))


def _shown(alert: Alert, at: datetime) -> dict[str, Any]:
    fields = {name: getattr(alert, name) for name in _SAME}
    causes = [named.cause_id for named in alert.causes.all()]
    return {**fields, "lateness": lateness(alert.standing, at).value, "causes": causes}


def _whole(owner: User, alert_id: int, at: datetime) -> dict[str, Any]:
    found = get_object_or_404(_read(visible_alerts(owner)), pk=alert_id)
    promises = found.promises.select_related("commitment").order_by("pk")
    return {**_shown(found, at), "promises": [promise.commitment for promise in promises]}


_REFUSALS: dict[type[Exception], tuple[int, str]] = {
    AlertClosed: (409, "The alert is closed."),
    AlertChanged: (409, "version: somebody else changed the alert meanwhile. Read it again."),
    CannotOwn: (422, "owner_id: nobody who sees this partner and may follow up has this id."),
    User.DoesNotExist: (422, "owner_id: nobody who sees this partner and may follow up has this id."),
    NotTheirCause: (422, "causes: of another program, or out of use."),
    NotTheirPerson: (422, "contact_id: works at another partner, or was erased."),
    NotYet: (422, "at: lies before the alert or in the future."),
    SnoozeRefused: (422, "until: a moment within the next 60 days."),
}


def _done(act: Callable[[], Said]) -> Said:
    """Facts of the loop, as a program is told them."""
    try:
        return act()
    except CannotClose as refused:
        missing = ", ".join(problem.value for problem in refused.problems)
        raise HttpError(409, f"The alert does not close yet: {missing}.") from None
    except tuple(_REFUSALS) as refused:
        status, text = _REFUSALS[type(refused)]
        raise HttpError(status, text) from None


def _word(kind: type[Word], value: str, field: str) -> Word:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise HttpError(422, f"{field}: {value!r} is not known. Use one of: {known}.") from None
