"""People outside in a ticket: somebody more in copy, taking them out, erasing an end customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from otklik.desk.access import answerable_tickets
from otklik.desk.models import EndCustomer, Ticket
from otklik.desk.operations.erasing import AlreadyErased, erase_customer
from otklik.desk.operations.sides import (
    AddressOfContact,
    AddressOfOurs,
    BadAddress,
    OnOtherSide,
    WrongPartner,
    add_participant,
    remove_participant,
    set_customer,
)
from otklik.desk.queries.outside import Newcomer, beside_the_requester, erasable_customers, newcomer
from otklik.desk.queries.sides import people_of
from otklik.desk.rules.vocabulary import Side
from otklik.desk.web.changes import change, unless_merged
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


class ParticipantForm(forms.Form):
    """``sure`` is asked for where nobody is known by the address."""

    address = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("May stay empty for somebody we know."),
    )
    side = forms.ChoiceField(label=gettext_lazy("Whose side are they on?"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, ticket: Ticket) -> None:
        super().__init__(data, initial={"side": Side.PARTNER.value})
        partner = ticket.partner.name if ticket.partner else ticket.requester_name or ticket.requester_address
        field: Any = self.fields["side"]
        field.choices = [(Side.PARTNER.value, _("The partner's: %(name)s") % {"name": partner})]
        if people_of(Side.CUSTOMER, ticket):
            customer = ticket.customer.name if ticket.customer else ""
            field.choices += [(Side.CUSTOMER.value, _("The end customer's: %(name)s") % {"name": customer})]

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).strip().lower()

    def ask_whether_sure(self) -> bool:
        """Whether the question was answered already."""
        self.fields["sure"] = forms.BooleanField(
            label=_("Yes, they belong to this side and may read that"), required=False
        )
        return bool(self.data.get("sure"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
@unless_merged
def participant(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """Somebody more gets what their side gets. Whom we do not know is let in only by somebody who has read
    what that means."""
    rows = answerable_tickets(request.user).select_related("partner", "customer", "contact")
    ticket = get_object_or_404(rows, pk=ticket_id)
    form = ParticipantForm(request.POST or None, ticket=ticket)
    warning = ""
    if form.is_valid():
        side = Side(form.cleaned_data["side"])
        found = newcomer(ticket, side, form.cleaned_data["address"])
        if not found.name and not form.ask_whether_sure():
            warning = _reads(found, form.cleaned_data["address"])
        elif _let_in(request, ticket, form, side, found):
            messages.success(request, _("They are in the conversation now."))
            return redirect("ticket", ticket.pk)
    context = {
        "ticket": ticket,
        "form": form,
        "warning": warning,
        "title": _("Add somebody to the conversation"),
        "lead": _("From now on they get what their side gets, and nothing that is only for the other."),
        "button": _("Add"),
    }
    return render(request, "desk/step.html", context, status=422 if form.is_bound else 200)


def _reads(found: Newcomer, address: str) -> str:
    """What is at stake, before anybody unknown is let in."""
    unknown = _("Nobody on this side is known by %(address)s.") % {"address": address}
    if not found.reads:
        return unknown
    reads = ngettext(
        "With the next mail they can read %(n)s message that was written so far.",
        "With the next mail they can read %(n)s messages that were written so far.",
        found.reads,
    )
    return f"{unknown} {reads % {'n': found.reads}}"


def _let_in(
    request: StaffRequest, ticket: Ticket, form: ParticipantForm, side: Side, found: Newcomer
) -> bool:
    typed = form.cleaned_data
    name = typed["name"] or found.name
    try:
        add_participant(
            ticket_id=ticket.pk,
            side=side,
            address=typed["address"],
            name=name,
            by=actor_for(request),
            at=now(),
        )
    except BadAddress:
        form.add_error("address", _("This is not an e-mail address."))
    except AddressOfContact:
        form.add_error("address", _("They work at the partner, so they are on the partner's side."))
    except AddressOfOurs:
        form.add_error("address", _("This is an address of ours."))
    except OnOtherSide:
        form.add_error("address", _("This address is on the other side already: it would read both."))
    except WrongPartner:
        form.add_error("address", _("They work at another partner, who would read along."))
    return not form.errors


@change
def participant_removal(request: StaffRequest, ticket: Ticket, person_id: int) -> None:
    found = get_object_or_404(beside_the_requester(ticket), pk=person_id)
    remove_participant(participant_id=found.pk, by=actor_for(request), at=now())
    messages.success(request, _("They get nothing further."))


@change
def customer_removal(request: StaffRequest, ticket: Ticket) -> None:
    set_customer(ticket_id=ticket.pk, customer_id=None, by=actor_for(request), at=now())
    messages.success(request, _("The end customer takes no part any more, and their link shows nothing."))


class ErasureForm(forms.Form):
    sure = forms.BooleanField(label=gettext_lazy("I understand that this cannot be undone"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ERASE_CUSTOMERS)
def customer_erasure(request: StaffRequest, customer_id: int) -> HttpResponse:
    """After a page that says what goes and what stays."""
    customer = get_object_or_404(erasable_customers(request.user), pk=customer_id)
    form = ErasureForm(request.POST or None)
    if form.is_valid():
        try:
            erase_customer(customer_id=customer.pk, by=actor_for(request), at=now())
        except (AlreadyErased, EndCustomer.DoesNotExist):
            messages.info(request, _("They were erased meanwhile."))
        else:
            messages.success(request, _("The end customer's data were erased."))
        return redirect("partner", customer.partner_id)
    context = {"form": form, "customer": customer}
    return render(request, "desk/customer_erasure.html", context, status=422 if form.is_bound else 200)
