"""Erasing personal data, after a page that says what goes and what stays."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.access import visible_contacts, visible_partners
from otklik.partners.operations.erase import erase_contact, erase_partner
from otklik.partners.web.forms import ErasureForm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ERASE)
def partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    found = get_object_or_404(visible_partners(request.user).filter(erased_at=None), pk=partner_id)
    form = ErasureForm(request.POST or None)
    if form.is_valid():
        erase_partner(partner_id=found.pk, by=actor_for(request), at=now())
        messages.success(request, _("The partner's data were erased."))
        return redirect("partners")
    people = found.contacts.filter(erased_at=None).count()
    return render(request, "partners/erasure.html", {"form": form, "partner": found, "people": people})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ERASE)
def contact(request: StaffRequest, contact_id: int) -> HttpResponse:
    visible = visible_contacts(request.user).filter(erased_at=None).select_related("partner")
    found = get_object_or_404(visible, pk=contact_id)
    form = ErasureForm(request.POST or None)
    if form.is_valid():
        erase_contact(contact_id=found.pk, by=actor_for(request), at=now())
        messages.success(request, _("The contact's data were erased."))
        return redirect("partner", found.partner_id)
    context = {"form": form, "partner": found.partner, "contact": found}
    return render(request, "partners/erasure.html", context)
