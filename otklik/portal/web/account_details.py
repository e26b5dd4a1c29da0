"""Where a partner's money goes: what is known, and asking for another account."""

from __future__ import annotations

from uuid import uuid4, uuid5

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from otklik.kit.clock import now
from otklik.payouts.public import (
    ACCOUNT_PROBLEMS,
    PAY_METHODS,
    DetailsRefused,
    DetailsState,
    PayMethod,
    partner_details,
    propose_details,
)
from otklik.portal.web.guard import PortalRequest, actor_for_person
from otklik.portal.web.limits import is_too_often
from otklik.portal.web.money import money_page


class AccountForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    method = forms.ChoiceField(
        label=gettext_lazy("Way of paying"),
        choices=[("", "–"), *((method.value, word) for method, word in PAY_METHODS.items())],
    )
    holder = forms.CharField(label=gettext_lazy("Holder"), max_length=200)
    account = forms.CharField(
        label=gettext_lazy("Account"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@money_page
def show(request: PortalRequest) -> HttpResponse:
    """The account itself is never shown here: whoever opens somebody's session must not read it."""
    rows = partner_details(request.person.partner.pk)
    form = AccountForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if is_too_often(request, "write", str(request.person.account_id), at=now()):
            form.add_error(None, _("This was tried many times. Please wait an hour and try once more."))
            status = 429
        elif form.is_valid() and _asked(request, form):
            messages.success(request, _("We have your new details. We pay there once we have checked them."))
            return redirect("portal-account-details")
    context = {
        "form": form,
        "in_force": rows.filter(state=DetailsState.CONFIRMED).first(),
        "waiting": rows.filter(state=DetailsState.PROPOSED).first(),
    }
    return render(request, "portal/money/details.html", context, status=status)


def _asked(request: PortalRequest, form: AccountForm) -> bool:
    """False: the form says why not."""
    person, data = request.person, form.cleaned_data
    try:
        propose_details(
            partner_id=person.partner.pk,
            method=PayMethod(data["method"]),
            holder=data["holder"],
            account=data["account"],
            contact_id=person.contact.pk,
            form_key=uuid5(data["key"], str(person.contact.pk)),
            by=actor_for_person(request),
            at=now(),
        )
    except DetailsRefused as refused:
        field, text = ACCOUNT_PROBLEMS[refused.problem]
        form.add_error(field, str(text))
        return False
    return True
