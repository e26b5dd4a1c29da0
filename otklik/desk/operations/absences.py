"""Who is away or has left hands tickets and partners over, with a word in each ticket's history.

Nothing comes back by itself when an absence ends: meanwhile the partner has got used to somebody else, and
whether to change again is for the two to say. What stays with the deputy is told (``HANDED_OVER``), and
offered at the end (``coming_back.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from otklik.desk.models import Absence, Ticket
from otklik.desk.operations.locking import TicketMergedAway, locked_ticket
from otklik.desk.operations.messages import write_note
from otklik.desk.operations.routing import route_tickets
from otklik.desk.operations.tickets import CannotOwn, assign
from otklik.desk.rules.routing import Reason
from otklik.desk.rules.vocabulary import (
    ABSENCE_CANCELLED,
    ABSENCE_PLANNED,
    HANDED_OVER,
    OPEN_STATUSES,
    TicketStatus,
)
from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User, active_managers
from otklik.partners.public import AlreadyErased, Partner, assign_manager

# Deputies of deputies: longer than any chain of people, shorter than a ring.
_MOST_STEPS = 10
_HALF_SOLVED = (*OPEN_STATUSES, TicketStatus.SOLVED)


class OddAbsence(Exception):
    """It ends before it begins, or the deputy is the absent one, or nobody active."""


class AlreadyHandedOver(Exception):
    """The absence has begun: what was handed over is given back by hand."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """``to`` None: to nobody in particular; routing found owners for what it could."""

    to: int | None
    tickets: int
    partners: int


@transaction.atomic
def plan_absence(
    *,
    user_id: int,
    starts_at: datetime,
    ends_at: datetime | None,
    deputy_id: int | None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Absence:
    """Without an end: until somebody says so. Without a deputy routing shares the tickets out and the
    partners keep their manager. Raises OddAbsence."""
    if ends_at is not None and ends_at <= starts_at:
        raise OddAbsence(user_id)
    if deputy_id is not None and (deputy_id == user_id or not _is_active(deputy_id)):
        raise OddAbsence(user_id)
    absence = Absence.objects.create(
        user_id=user_id,
        starts_at=starts_at,
        ends_at=ends_at,
        deputy_id=deputy_id,
        note=note.strip(),
        created_at=at,
    )
    data = {"absence": absence.pk, "deputy": deputy_id}
    record(ABSENCE_PLANNED, by=by, at=at, subjects=[Subject("user", user_id)], data=data)
    return absence


@transaction.atomic
def cancel_absence(*, absence_id: int, by: Actor, at: datetime) -> None:
    """Raises Absence.DoesNotExist, AlreadyHandedOver."""
    absence = Absence.objects.select_for_update(of=("self",)).get(pk=absence_id)
    if absence.handed_over_at is not None:
        raise AlreadyHandedOver(absence_id)
    user = Subject("user", absence.user_id)
    record(ABSENCE_CANCELLED, by=by, at=at, subjects=[user], data={"absence": absence.pk})
    absence.delete()


def begin_due_absences(*, at: datetime) -> int:
    """The job: how many began. One that is cut off halfway goes on with what is still the absent one's."""
    due = _going_on(at).filter(handed_over_at=None).order_by("starts_at", "pk")
    begun = 0
    for absence in due:
        hand_over(
            from_user_id=absence.user_id,
            to_user_id=_present_deputy(absence, at),
            note=absence.note,
            reason=Reason.ABSENT,
            facts={"absence": absence.pk},
            by=Actor.system(),
            at=at,
        )
        Absence.objects.filter(pk=absence.pk).update(handed_over_at=at)
        begun += 1
    return begun


def hand_over_of_left(*, user_id: int, at: datetime) -> HandedOver | None:
    """After somebody's account was closed. Solved tickets go too: a reply would wake them for nobody. Their
    partners go to the deputy of an absence that is going on, or are left without a manager for all to see.

    None where the account is open again."""
    if _is_active(user_id):
        return None
    absence = _going_on(at).filter(user_id=user_id).order_by("-starts_at").first()
    return hand_over(
        from_user_id=user_id,
        to_user_id=_present_deputy(absence, at) if absence is not None else None,
        note=absence.note if absence is not None else "",
        reason=Reason.LEFT,
        by=Actor.system(),
        at=at,
    )


def hand_over(
    *,
    from_user_id: int,
    to_user_id: int | None,
    note: str = "",
    reason: Reason = Reason.BY_HAND,
    facts: Mapping[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> HandedOver:
    """All open tickets and the partners of somebody. A transaction for each, because nobody else can write to
    SQLite meanwhile; run again it goes on where it was cut off.

    ``note`` is written into each ticket. Raises CannotOwn where the taker is not active."""
    if to_user_id is not None and not _is_active(to_user_id):
        raise CannotOwn(to_user_id)
    statuses = _HALF_SOLVED if reason is Reason.LEFT else OPEN_STATUSES
    owned = Ticket.objects.filter(owner_id=from_user_id, status__in=statuses, merged_into=None)
    ids = list(owned.order_by("priority_rank", "created_at", "pk").values_list("pk", flat=True))
    why = {"from": from_user_id, **(facts or {})}
    moved = [
        ticket_id
        for ticket_id in ids
        if _give(ticket_id, from_user_id, to_user_id, note, reason, why, by=by, at=at)
    ]
    if to_user_id is None:
        route_tickets(moved, by=by, at=at)
    partners = _hand_partners_over(from_user_id, to_user_id, reason, by=by, at=at)
    with transaction.atomic():
        data = {"to": to_user_id, "reason": reason, "tickets": len(moved), "partners": partners}
        record(HANDED_OVER, by=by, at=at, subjects=[Subject("user", from_user_id)], data=data)
    return HandedOver(to_user_id, len(moved), partners)


@transaction.atomic
def _give(
    ticket_id: int,
    from_user_id: int,
    to_user_id: int | None,
    note: str,
    reason: Reason,
    facts: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> bool:
    try:
        ticket = locked_ticket(ticket_id)
    except TicketMergedAway:
        return False
    if ticket.owner_id != from_user_id:
        # Somebody took it since.
        return False
    assign(ticket_id=ticket_id, owner_id=to_user_id, reason=reason, facts=facts, by=by, at=at)
    if note.strip():
        # In the absent one's own name: these are their words.
        write_note(ticket_id=ticket_id, text=note, by=Actor.person(from_user_id), at=at)
    return True


def _hand_partners_over(
    from_user_id: int, to_user_id: int | None, reason: Reason, *, by: Actor, at: datetime
) -> int:
    """Only to an account manager. Somebody away without such a deputy stays the manager."""
    fit = to_user_id is not None and active_managers().filter(pk=to_user_id).exists()
    taker = to_user_id if fit else None
    if taker is None and reason is not Reason.LEFT:
        return 0
    moved = 0
    managed = Partner.objects.filter(manager_id=from_user_id, erased_at=None).order_by("pk")
    for partner_id in list(managed.values_list("pk", flat=True)):
        try:
            assign_manager(partner_id=partner_id, manager_id=taker, by=by, at=at)
        except AlreadyErased:
            continue
        moved += 1
    return moved


def _present_deputy(absence: Absence, at: datetime) -> int | None:
    """Whoever stands in for a deputy who is away as well; None where the chain ends with nobody."""
    seen = {absence.user_id}
    deputy_id = absence.deputy_id
    for _step in range(_MOST_STEPS):
        if deputy_id is None or deputy_id in seen or not _is_active(deputy_id):
            return None
        further = _going_on(at).filter(user_id=deputy_id).order_by("-starts_at").first()
        if further is None:
            return deputy_id
        seen.add(deputy_id)
        deputy_id = further.deputy_id
    return None


def _going_on(at: datetime) -> QuerySet[Absence]:
    return Absence.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


def _is_active(user_id: int) -> bool:
    return User.objects.filter(pk=user_id, is_active=True).exists()
