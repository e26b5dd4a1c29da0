"""With which department a ticket lies. The log says it too (``rules/dwell.py``); these rows are for lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from otklik.desk.models import DepartmentStay, SubRequest, Ticket


def note_team(ticket: Ticket, team_id: int | None, *, at: datetime) -> None:
    """The ticket moves to this team. Call it in ``change_team`` before the ticket's own team is changed.

    A ticket that never moved has no rows: its stay is all its life, and nothing needs writing for it.
    """
    if ticket.team_id == team_id:
        return
    own = DepartmentStay.objects.filter(ticket=ticket, sub_request=None).order_by("entered_at", "pk")
    path = list(own.values_list("team_id", flat=True))
    if not path and ticket.team_id is not None:
        DepartmentStay.objects.create(
            ticket=ticket, team_id=ticket.team_id, entered_at=ticket.created_at, left_at=at
        )
        path = [ticket.team_id]
    own.filter(left_at=None).update(left_at=at)
    if team_id is not None:
        DepartmentStay.objects.create(
            ticket=ticket, team_id=team_id, entered_at=at, came_back=came_back(path, team_id)
        )


def note_asked(sub_request: SubRequest, *, at: datetime) -> None:
    asked_before = (
        SubRequest.objects.filter(ticket_id=sub_request.ticket_id, team_id=sub_request.team_id)
        .exclude(state="cancelled")
        .exclude(pk=sub_request.pk)
    )
    DepartmentStay.objects.create(
        ticket_id=sub_request.ticket_id,
        team_id=sub_request.team_id,
        sub_request=sub_request,
        entered_at=at,
        # A question and its answer are work; the second question to the same department is ping-pong.
        came_back=asked_before.exists(),
    )


def note_answered(sub_request: SubRequest, *, at: datetime) -> None:
    DepartmentStay.objects.filter(sub_request=sub_request, left_at=None).update(left_at=at)


def came_back(path: Sequence[int | None], team_id: int) -> bool:
    """``path``: teams that had the ticket, in order. Back after somebody else had it (A, B, A)."""
    return path[-1:] != [team_id] and team_id in path[:-1]
