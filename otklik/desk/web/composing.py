"""Writing in a ticket: replies, notes, taking a reply back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.desk.access import answerable_tickets, visible_messages, visible_tickets
from otklik.desk.models import Message, Ticket
from otklik.desk.operations.locking import TicketMergedAway
from otklik.desk.operations.messages import (
    NewerMessages,
    NobodyToWriteTo,
    TicketClosed,
    reply,
    write_note,
)
from otklik.desk.operations.returning import TooLate, take_back
from otklik.desk.operations.shapes import NewFile
from otklik.desk.queries.canned import offered_answers
from otklik.desk.rules.canned import unfilled
from otklik.desk.rules.vocabulary import TicketStatus
from otklik.desk.web.files import NoRoom, TooLarge, stored_uploads
from otklik.desk.web.forms import ComposeForm
from otklik.desk.web.mentions import mentioned_in
from otklik.desk.web.pages import ticket_shown
from otklik.desk.web.reply_translation import in_their_language
from otklik.desk.web.tickets import SHOWN_WITH
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

UNDO = timedelta(seconds=10)


@require_POST
@needs(Right.ANSWER_TICKETS)
def compose(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """A reply or a note. Whatever goes wrong, the text comes back on the page."""
    ticket = get_object_or_404(answerable_tickets(request.user).select_related(*SHOWN_WITH), pk=ticket_id)
    form = ComposeForm(request.POST)
    if not form.is_valid():
        return _again(request, ticket, _("There is nothing to send yet: write something first."))
    try:
        files = stored_uploads(request.FILES.getlist("files"), at=now())
    except TooLarge as found:
        text = _("%(name)s is larger than 25 MB. Send a link to it instead.")
        return _again(request, ticket, text % {"name": found.name})
    except NoRoom:
        text = _(
            "The server's disk is full: nothing was sent. Send it without the file; tell an administrator."
        )
        return _again(request, ticket, text)
    write = _note if form.cleaned_data["mode"] == "note" else _reply
    try:
        return write(request, ticket, form.cleaned_data, files)
    except TicketMergedAway as moved:
        get_object_or_404(visible_tickets(request.user), pk=moved.into_id)
        text = _("The ticket was merged into #%(id)s meanwhile. Your text is here; send it there.")
        return _again(request, ticket, text % {"id": moved.into_id})


def _note(
    request: StaffRequest, ticket: Ticket, cleaned: dict[str, Any], files: Sequence[NewFile]
) -> HttpResponse:
    write_note(
        ticket_id=ticket.pk,
        text=cleaned["text"],
        mentions=mentioned_in(cleaned["text"]),
        files=files,
        key=_key(request, cleaned["key"]),
        by=actor_for(request),
        at=now(),
    )
    return redirect(_end_of(ticket))


def _reply(
    request: StaffRequest, ticket: Ticket, cleaned: dict[str, Any], files: Sequence[NewFile]
) -> HttpResponse:
    facts, undecided = in_their_language(cleaned, request.user)
    if undecided:
        return _again(request, ticket, undecided)
    if missing := unfilled(facts["text"]):
        return _again(
            request, ticket, _("Fill in what is missing first: %(names)s.") % {"names": ", ".join(missing)}
        )
    after = cleaned["status_after"]
    try:
        message = reply(
            ticket_id=ticket.pk,
            **facts,
            to_partner=cleaned["to_partner"],
            to_customer=cleaned["to_customer"],
            files=files,
            based_on=cleaned["based_on"] or 0,
            anyway=cleaned["anyway"],
            hold_seconds=int(UNDO.total_seconds()),
            status_after=TicketStatus(after) if after else None,
            key=_key(request, cleaned["key"]),
            by=actor_for(request),
            at=now(),
        )
    except NewerMessages as found:
        return _again(request, ticket, "", newer=found.messages)
    except NobodyToWriteTo:
        return _again(request, ticket, _("Choose who gets the reply, and make sure we know their address."))
    except TicketClosed:
        text = _("The ticket was closed meanwhile. Open it again, or begin a follow-up.")
        return _again(request, ticket, text)
    back = reverse("message-return", args=[message.pk])
    messages.success(
        request, format_html('{} <span data-undo="{}" data-seconds="{}"></span>', _("Sent."), back, 10)
    )
    return redirect(_end_of(ticket))


def _again(request: StaffRequest, ticket: Ticket, error: str, newer: Sequence[Message] = ()) -> HttpResponse:
    """The page once more with what was written; 409 tells scripts that nothing was sent."""
    page = ticket_shown(request, ticket, now=now())
    context = {"page": page, "written": request.POST, "error": error, "newer": newer}
    return render(request, "desk/ticket.html", context, status=409 if newer else 422)


def _key(request: StaffRequest, given: str) -> str | None:
    """Of one opened page: a double click or a repeated request is one message."""
    return f"web:{request.user.pk}:{given}" if given else None


def _end_of(ticket: Ticket) -> str:
    return reverse("ticket", args=[ticket.pk]) + "#end"


@require_POST
@needs(Right.ANSWER_TICKETS)
def message_return(request: StaffRequest, message_id: int) -> HttpResponse:
    """Undo: the reply goes back into the draft."""
    rows = visible_messages(request.user).filter(author=request.user)
    message = get_object_or_404(rows, pk=message_id)
    try:
        take_back(message_id=message.pk, by=actor_for(request), at=now())
    except TooLate:
        messages.warning(request, _("It has left already and cannot be taken back."))
    else:
        messages.info(request, _("Taken back. The text is in the draft again."))
    return redirect("ticket", message.ticket_id)


@require_safe
@needs(Right.ANSWER_TICKETS)
def canned(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """Canned answers with this ticket's names in them, fetched into the composer's menu."""
    ticket = get_object_or_404(answerable_tickets(request.user).select_related(*SHOWN_WITH), pk=ticket_id)
    answers = offered_answers(ticket, request.user, now=now())
    return render(request, "desk/_canned.html", {"answers": answers})
