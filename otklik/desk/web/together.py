"""Several tickets, several departments, several sides: merging, splitting, linking, asking, bringing in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from otklik.desk.access import (
    answerable_sub_requests,
    answerable_tickets,
    visible_messages,
    visible_tickets,
)
from otklik.desk.models import SubRequest, Ticket, TicketLink
from otklik.desk.operations.linking import LinkToItself, link_tickets, unlink_tickets
from otklik.desk.operations.locking import TicketGone, TicketMergedAway
from otklik.desk.operations.merging import (
    CustomersWouldRead,
    DifferentPartners,
    DifferentPrograms,
    MergeWithItself,
    PrivateMatter,
    merge_tickets,
)
from otklik.desk.operations.sides import (
    AddressOfContact,
    AddressOfOurs,
    OnOtherSide,
    TooLateToHide,
    set_customer,
    share_message,
    store_customer,
)
from otklik.desk.operations.splitting import NothingChosen, NothingLeft, NotInTicket, split_ticket
from otklik.desk.operations.sub_requests import (
    AlreadySettled,
    NothingSaid,
    SameDepartment,
    answer_sub_request,
    ask_department,
    cancel_sub_request,
    hand_on_sub_request,
)
from otklik.desk.operations.tickets import set_partner
from otklik.desk.queries.conversation import conversation, links_of
from otklik.desk.queries.duplicates import likely_duplicates
from otklik.desk.queries.outside import partners_at_domain
from otklik.desk.rules.visibility import AudienceEmpty, NoteLeavesTheHouse, SideNotInTicket
from otklik.desk.rules.vocabulary import SubRequestState
from otklik.desk.web.changes import after_change, change, unless_merged
from otklik.desk.web.forms import (
    AnswerForm,
    CustomerForm,
    HandoverForm,
    LinkForm,
    PartnerForm,
    QuestionForm,
    SharingForm,
    SplitForm,
)
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import Partner


def _ticket(request: StaffRequest, ticket_id: int) -> Ticket:
    return get_object_or_404(answerable_tickets(request.user), pk=ticket_id)


def _page(request: StaffRequest, name: str, ticket: Ticket, form: Any, **more: Any) -> HttpResponse:
    title, lead, button = _STEPS[name]
    context = {"ticket": ticket, "form": form, "title": title, "lead": lead, "button": button, **more}
    return render(request, "desk/step.html", context, status=422 if form.is_bound else 200)


# What the page of a step is called, what it does, and the word on its button.
_STEPS = {
    "merge": (
        gettext_lazy("Merge with another ticket"),
        gettext_lazy("The other ticket goes on for both. Replies to this one will land there."),
        gettext_lazy("Merge"),
    ),
    "split": (
        gettext_lazy("Split messages off"),
        gettext_lazy("The messages you choose become a ticket of their own, linked with this one."),
        gettext_lazy("Split off"),
    ),
    "link": (
        gettext_lazy("Link with another ticket"),
        gettext_lazy("Both tickets show the link; nothing else changes."),
        gettext_lazy("Link"),
    ),
    "question": (
        gettext_lazy("Ask another department"),
        gettext_lazy(
            "They get the question with a deadline. The ticket and the answer to the partner stay yours."
        ),
        gettext_lazy("Ask"),
    ),
    "handover": (
        gettext_lazy("Hand the question on"),
        gettext_lazy("Your part ends with a word why; the other department gets the same question."),
        gettext_lazy("Hand on"),
    ),
    "customer": (
        gettext_lazy("Bring in the end customer"),
        gettext_lazy(
            "The partner's own client joins as a third side and sees only what you address to them."
        ),
        gettext_lazy("Bring in"),
    ),
    "partner": (
        gettext_lazy("Say whose ticket it is"),
        gettext_lazy("The ticket moves to the partner's page, and their promises hold for it."),
        gettext_lazy("Save"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
def merge(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """This ticket into another one: the other goes on for both."""
    ticket = _ticket(request, ticket_id)
    form = LinkForm(request.POST or None)
    if form.is_valid():
        target = answerable_tickets(request.user).filter(pk=form.cleaned_data["target"]).first()
        refusal = _merged(request, ticket, target)
        if target is not None and not refusal:
            # Of a known and an unknown writer's ticket the known one's goes on, whichever was named.
            goes_on = ticket if answerable_tickets(request.user).filter(pk=ticket.pk).exists() else target
            messages.success(request, _("Merged into #%(id)s.") % {"id": goes_on.pk})
            return redirect("ticket", goes_on.pk)
        form.add_error("target", refusal)
    return _page(request, "merge", ticket, form, likely=likely_duplicates(ticket, request.user))


def _merged(request: StaffRequest, ticket: Ticket, target: Ticket | None) -> str:
    """Why it was refused, "" where it was done."""
    if target is None:
        return _("There is no such ticket among those you may answer.")
    try:
        merge_tickets(source_id=ticket.pk, target_id=target.pk, by=actor_for(request), at=now())
    except MergeWithItself:
        return _("This is the ticket itself. Give the number of the other one.")
    except DifferentPrograms:
        return _("The two belong to different programs. Link them instead.")
    except DifferentPartners:
        return _("The two are of different partners: one would read what the other wrote. Link them instead.")
    except PrivateMatter:
        return _("One of the two is private: colleagues of who asked would read it. Link them instead.")
    except CustomersWouldRead:
        return _("An end customer would read messages that are not meant for them. Link the tickets instead.")
    except (TicketMergedAway, TicketGone):
        return _("One of the two was merged meanwhile. Look again.")
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
@unless_merged
def split(request: StaffRequest, ticket_id: int) -> HttpResponse:
    ticket = _ticket(request, ticket_id)
    form = SplitForm(
        request.POST or None, shown=conversation(ticket, reader=request.user), subject=ticket.subject
    )
    if form.is_valid():
        try:
            new = split_ticket(
                ticket_id=ticket.pk,
                message_ids=form.cleaned_data["messages"],
                subject=form.cleaned_data["subject"],
                by=actor_for(request),
                at=now(),
            )
        except (NothingChosen, NothingLeft, NotInTicket):
            form.add_error("messages", _("Leave at least one message in the ticket, and take at least one."))
        else:
            messages.success(request, _("Split off into a ticket of its own."))
            return redirect("ticket", new.pk)
    return _page(request, "split", ticket, form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
@unless_merged
def link(request: StaffRequest, ticket_id: int) -> HttpResponse:
    ticket = _ticket(request, ticket_id)
    form = LinkForm(request.POST or None)
    if form.is_valid():
        other = visible_tickets(request.user).filter(pk=form.cleaned_data["target"]).first()
        if other is None:
            form.add_error("target", _("There is no such ticket among those you see."))
        else:
            try:
                link_tickets(ticket_id=ticket.pk, other_id=other.pk, by=actor_for(request), at=now())
            except LinkToItself:
                form.add_error("target", _("This is the ticket itself. Give the number of the other one."))
            else:
                return redirect("ticket", ticket.pk)
    return _page(request, "link", ticket, form)


@change
def link_removal(request: StaffRequest, ticket: Ticket, link_id: int) -> None:
    """Only of two tickets that this person sees: the other end is told of it, too."""
    known = {link.id for link in links_of(ticket, request.user) if not link.is_history}
    if link_id not in known:
        raise Http404
    try:
        unlink_tickets(link_id=link_id, by=actor_for(request), at=now())
    except TicketLink.DoesNotExist:
        messages.info(request, _("The link was taken away meanwhile."))
    else:
        messages.success(request, _("The two are no longer linked."))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
@unless_merged
def question(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """Ask another department; the ticket keeps its owner."""
    ticket = _ticket(request, ticket_id)
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        try:
            ask_department(
                ticket_id=ticket.pk,
                team_id=form.cleaned_data["team"].pk,
                question=form.cleaned_data["question"],
                minutes=form.minutes(),
                by=actor_for(request),
                at=now(),
            )
        except SameDepartment:
            form.add_error("team", _("The ticket lies with this department already."))
        else:
            messages.success(request, _("Asked. You stay the owner of the ticket."))
            return redirect("ticket", ticket.pk)
    return _page(request, "question", ticket, form)


def _question(request: StaffRequest, question_id: int) -> SubRequest:
    """Settled ones too: who comes a moment late is told so."""
    rows = SubRequest.objects.filter(ticket__in=answerable_tickets(request.user).values("pk"))
    theirs = Q(pk__in=answerable_sub_requests(request.user).values("pk"))
    return get_object_or_404(rows.filter(theirs | ~Q(state=SubRequestState.ASKED)), pk=question_id)


@require_POST
@needs(Right.ANSWER_TICKETS)
@unless_merged
def question_answer(request: StaffRequest, question_id: int) -> HttpResponse:
    asked = _question(request, question_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the answer first."))
        return after_change(request, asked.ticket_id)
    try:
        answer = form.cleaned_data["answer"]
        answer_sub_request(sub_request_id=asked.pk, answer=answer, by=actor_for(request), at=now())
    except NothingSaid:
        messages.error(request, _("Write the answer first."))
    except AlreadySettled:
        messages.warning(request, _("The question was answered or taken back meanwhile."))
    return after_change(request, asked.ticket_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
@unless_merged
def question_handover(request: StaffRequest, question_id: int) -> HttpResponse:
    """The asked department knows who knows better: the question goes on there."""
    asked = _question(request, question_id)
    form = HandoverForm(request.POST or None, asked=asked)
    if form.is_valid():
        team = form.cleaned_data["team"]
        try:
            hand_on_sub_request(
                sub_request_id=asked.pk,
                team_id=team.pk,
                remark=form.cleaned_data["remark"],
                by=actor_for(request),
                at=now(),
            )
        except SameDepartment:
            form.add_error("team", _("This department has the ticket, or is asked in it already."))
        except NothingSaid:
            form.add_error("remark", _("Say why the question goes on."))
        except AlreadySettled:
            messages.warning(request, _("The question was answered or taken back meanwhile."))
            return after_change(request, asked.ticket_id)
        else:
            messages.success(request, _("%(team)s has the question now.") % {"team": team.name})
            return after_change(request, asked.ticket_id)
    return _page(request, "handover", asked.ticket, form, quoted=asked.question)


@require_POST
@needs(Right.ANSWER_TICKETS)
@unless_merged
def question_removal(request: StaffRequest, question_id: int) -> HttpResponse:
    asked = _question(request, question_id)
    try:
        cancel_sub_request(sub_request_id=asked.pk, by=actor_for(request), at=now())
    except AlreadySettled:
        messages.warning(request, _("The question was answered or taken back meanwhile."))
    return after_change(request, asked.ticket_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
@unless_merged
def customer(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """The partner's own client as a third side; they see nothing of what was said before."""
    ticket = _ticket(request, ticket_id)
    form = CustomerForm(request.POST or None)
    if ticket.partner_id is None:
        messages.info(request, _("First say whose ticket it is: an end customer belongs to a partner."))
        return redirect("ticket-partner", ticket.pk)
    if form.is_valid() and _brought_in(request, ticket, form):
        messages.success(request, _("They are in. They see only what you address to them."))
        return redirect("ticket", ticket.pk)
    return _page(request, "customer", ticket, form)


def _brought_in(request: StaffRequest, ticket: Ticket, form: CustomerForm) -> bool:
    """Where it was refused, the form says why."""
    by, moment = actor_for(request), now()
    assert ticket.partner_id is not None
    try:
        found = store_customer(partner_id=ticket.partner_id, **form.cleaned_data, by=by, at=moment)
        set_customer(ticket_id=ticket.pk, customer_id=found.pk, by=by, at=moment)
    except (AddressOfContact, OnOtherSide):
        form.add_error("address", _("This address is one of the partner's own people in our records."))
    except AddressOfOurs:
        form.add_error("address", _("This is an address of ours."))
    return not form.errors


@require_POST
@needs(Right.ANSWER_TICKETS)
@unless_merged
def sharing(request: StaffRequest, message_id: int) -> HttpResponse:
    """Show a message to a side that did not see it, or end that."""
    rows = visible_messages(request.user).filter(ticket__in=answerable_tickets(request.user))
    message = get_object_or_404(rows, pk=message_id)
    form = SharingForm(request.POST)
    form.full_clean()
    sides = form.cleaned_data
    try:
        share_message(message_id=message.pk, **sides, by=actor_for(request), at=now())
    except TooLateToHide:
        messages.warning(request, _("They have read it already: what was sent cannot be hidden again."))
    except (SideNotInTicket, AudienceEmpty, NoteLeavesTheHouse):
        messages.error(request, _("This message cannot be shown to that side."))
    return redirect("ticket", message.ticket_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
@unless_merged
def partner(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """Whose ticket it is, where the address told nothing or the wrong thing."""
    ticket = _ticket(request, ticket_id)
    form = PartnerForm(request.POST or None, user=request.user, ticket=ticket)
    if form.is_valid():
        set_partner(
            ticket_id=ticket.pk,
            partner_id=form.partner_id(),
            contact_id=form.contact_id(),
            by=actor_for(request),
            at=now(),
        )
        return after_change(request, ticket.pk)
    return _page(request, "partner", ticket, form, suggested=_same_domain(request, ticket))


def _same_domain(request: StaffRequest, ticket: Ticket) -> list[Partner]:
    if ticket.partner_id is not None:
        return []
    return partners_at_domain(request.user, ticket.requester_address, program_id=ticket.program_id)
