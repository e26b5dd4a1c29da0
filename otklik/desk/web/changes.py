"""One small change to a ticket each: status, owner, team, topic, priority, tags, subject, followers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.desk.access import answerable_tickets, visible_tickets
from otklik.desk.models import Ticket
from otklik.desk.operations.locking import ChangedMeanwhile, TicketMergedAway
from otklik.desk.operations.people import follow, unfollow
from otklik.desk.operations.tickets import (
    CannotOwn,
    NotAllowed,
    add_tag,
    assign,
    change_status,
    change_team,
    mark_spam,
    not_spam,
    remove_tag,
    set_priority,
    set_subject,
    set_topic,
)
from otklik.desk.rules.vocabulary import Priority, TicketStatus
from otklik.desk.web.forms import (
    OwnerForm,
    PriorityForm,
    StatusForm,
    SubjectForm,
    TagForm,
    TeamForm,
    TopicForm,
)
from otklik.desk.web.steps import refusal
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

Change = Callable[Concatenate[StaffRequest, Ticket, ...], None]
View = Callable[..., HttpResponseBase]


def change(doing: Change) -> View:
    """A POST to an answerable ticket: back to its page, with a word about what stood in the way."""

    @require_POST
    @needs(Right.ANSWER_TICKETS)
    def view(request: StaffRequest, /, ticket_id: int, **kwargs: Any) -> HttpResponse:
        ticket = get_object_or_404(answerable_tickets(request.user), pk=ticket_id)
        try:
            doing(request, ticket, **kwargs)
        except Unreadable:
            messages.error(request, _("Choose one from the list."))
        except CannotOwn:
            messages.error(request, _("This person does not answer tickets. Choose somebody else."))
        except NotAllowed as found:
            messages.error(request, refusal(found))
        except (ChangedMeanwhile, TicketMergedAway):
            messages.warning(request, _("Somebody changed the ticket meanwhile. Look at it and try again."))
        return after_change(request, ticket.pk)

    return view


def unless_merged(view: View) -> View:
    """A step that took a while to fill in, and whose ticket a colleague has merged meanwhile."""

    @wraps(view)
    def safely(request: StaffRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except TicketMergedAway as moved:
            messages.warning(request, _("Somebody changed the ticket meanwhile. Look at it and try again."))
            return after_change(request, moved.into_id)

    return safely


class Unreadable(Exception):
    """What was posted is not one of the choices."""


def cleaned(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise Unreadable(form.errors)
    return form.cleaned_data


def after_change(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """To the ticket, or to the inbox where the change took it out of this person's rows."""
    if visible_tickets(request.user).filter(pk=ticket_id).exists():  # type: ignore[arg-type]
        return redirect("ticket", ticket_id)
    return redirect("inbox")


@change
def status(request: StaffRequest, ticket: Ticket) -> None:
    wanted = TicketStatus(cleaned(StatusForm(request.POST))["status"])
    change_status(ticket_id=ticket.pk, status=wanted, by=actor_for(request), at=now())


@change
def owner(request: StaffRequest, ticket: Ticket) -> None:
    chosen = cleaned(OwnerForm(request.POST))["owner"]
    assign(ticket_id=ticket.pk, owner_id=chosen, by=actor_for(request), at=now())


@change
def team(request: StaffRequest, ticket: Ticket) -> None:
    chosen = cleaned(TeamForm(request.POST))["team"]
    change_team(ticket_id=ticket.pk, team_id=chosen, by=actor_for(request), at=now())


@change
def topic(request: StaffRequest, ticket: Ticket) -> None:
    chosen = cleaned(TopicForm(request.POST))["topic"]
    set_topic(ticket_id=ticket.pk, topic_id=chosen, by=actor_for(request), at=now())


@change
def priority(request: StaffRequest, ticket: Ticket) -> None:
    chosen = cleaned(PriorityForm(request.POST))["priority"]
    wanted = Priority(chosen) if chosen else None
    set_priority(ticket_id=ticket.pk, priority=wanted, by=actor_for(request), at=now())


@change
def tag(request: StaffRequest, ticket: Ticket) -> None:
    name = cleaned(TagForm(request.POST))["tag"]
    add_tag(ticket_id=ticket.pk, name=name, by=actor_for(request), at=now())


@change
def tag_removal(request: StaffRequest, ticket: Ticket) -> None:
    name = cleaned(TagForm(request.POST))["tag"]
    remove_tag(ticket_id=ticket.pk, name=name, by=actor_for(request), at=now())


@change
def subject(request: StaffRequest, ticket: Ticket) -> None:
    text = cleaned(SubjectForm(request.POST))["subject"]
    set_subject(ticket_id=ticket.pk, subject=text, by=actor_for(request), at=now())


@change
def spam(request: StaffRequest, ticket: Ticket) -> None:
    mark_spam(ticket_id=ticket.pk, by=actor_for(request), at=now())


@change
def spam_removal(request: StaffRequest, ticket: Ticket) -> None:
    not_spam(ticket_id=ticket.pk, by=actor_for(request), at=now())


@change
def follower(request: StaffRequest, ticket: Ticket) -> None:
    follow(ticket_id=ticket.pk, user_id=request.user.pk, by=actor_for(request), at=now())


@change
def follower_removal(request: StaffRequest, ticket: Ticket) -> None:
    unfollow(ticket_id=ticket.pk, user_id=request.user.pk, by=actor_for(request), at=now())
