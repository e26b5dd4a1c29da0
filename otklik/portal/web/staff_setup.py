"""Staff set up the portal: its look in each program, a partner's own sign-in, who may come in."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.outage import Outage, outage_of
from otklik.partners.public import Partner, Program, visible_partners, visible_programs
from otklik.portal.models import Branding, CompanySignIn
from otklik.portal.operations import branding as looks
from otklik.portal.operations.company import ProviderAway, ProviderWrong, discover
from otklik.portal.operations.company_setup import CompanyTerms, remove_company, save_company
from otklik.portal.queries.people import contacts_come_uninvited
from otklik.portal.rules.colours import NoColour, accent_of
from otklik.portal.rules.pictures import NoPicture
from otklik.portal.web.entry_company import back_address
from otklik.portal.web.staff_forms import CompanyForm, LookForm


@dataclass(frozen=True, slots=True)
class ProgramLine:
    program: Program
    branding: Branding | None
    address: str


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PORTAL)
def overview(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        looks.change_settings(
            contacts_come_uninvited=request.POST.get("uninvited") == "on", by=actor_for(request), at=now()
        )
        messages.success(request, _("Saved."))
        return redirect("portal-staff-setup")
    rows = {row.program_id: row for row in Branding.objects.all()}
    sign_in = f"{settings.OTKLIK.public_url}{reverse('portal-sign-in')}"
    lines = [
        ProgramLine(program, rows.get(program.pk), f"{sign_in}?program={program.slug}")
        for program in visible_programs(request.user).order_by("name", "pk")
    ]
    context = {"lines": lines, "uninvited": contacts_come_uninvited(), "sign_in": sign_in}
    return render(request, "portal/staff/setup.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PORTAL)
def look(request: StaffRequest, program_id: int) -> HttpResponse:
    program = get_object_or_404(visible_programs(request.user), pk=program_id)
    branding = Branding.objects.filter(program=program).first()
    form = LookForm(request.POST or None, request.FILES or None, branding=branding)
    if request.method == "POST" and form.is_valid() and _saved(request, program, form):
        messages.success(request, _("Saved."))
        return redirect("portal-staff-look", program.pk)
    accent = None
    with contextlib.suppress(NoColour):
        accent = accent_of(str(form["accent"].value() or ""))
    context = {"program": program, "branding": branding, "form": form, "accent": accent}
    return render(request, "portal/staff/look.html", context, status=422 if form.errors else 200)


def _saved(request: StaffRequest, program: Program, form: LookForm) -> bool:
    said, logo = form.cleaned_data, None
    try:
        if said["logo"]:
            logo = looks.store_logo(said["logo"].read())
    except NoPicture:
        form.add_error("logo", _("This is neither PNG nor JPEG nor WebP."))
        return False
    except looks.LogoTooLarge:
        form.add_error("logo", _("The picture is larger than 300 kB or 3000 pixels."))
        return False
    except OSError as error:
        if outage_of(error) is not Outage.DISK_FULL:
            raise
        form.add_error("logo", _("We cannot keep the file just now. Send it without the file."))
        return False
    wanted = looks.Look(said["name"], said["accent"], form.welcome(), logo, said["without_logo"])
    looks.change_look(program=program, look=wanted, by=actor_for(request), at=now())
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PORTAL)
def company(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = _partner(request, partner_id)
    known = CompanySignIn.objects.filter(partner=partner).first()
    form = CompanyForm(request.POST or None, company=known)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        terms = CompanyTerms(**{name: said[name] for name in CompanyTerms.__dataclass_fields__})
        save_company(partner=partner, terms=terms, by=actor_for(request), at=now())
        _tell_what_it_says(request, terms.issuer)
        return redirect("portal-staff-company", partner.pk)
    begin = f"{settings.OTKLIK.public_url}{reverse('portal-company', args=[known.key])}" if known else ""
    context: dict[str, Any] = {
        "partner": partner, "company": known, "form": form, "back": back_address(), "begin": begin,
    }  # fmt: skip
    return render(request, "portal/staff/company.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.MANAGE_PORTAL)
def company_removal(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = _partner(request, partner_id)
    remove_company(partner=partner, by=actor_for(request), at=now())
    return redirect("portal-staff-company", partner.pk)


def _partner(request: StaffRequest, partner_id: int) -> Partner:
    return get_object_or_404(visible_partners(request.user).filter(erased_at=None), pk=partner_id)


def _tell_what_it_says(request: StaffRequest, issuer: str) -> None:
    """It was saved either way: a provider may be down for an hour."""
    try:
        discover(issuer)
    except ProviderAway as error:
        messages.warning(request, _("Saved, but the provider does not answer: %(why)s") % {"why": error})
    except ProviderWrong as error:
        messages.warning(
            request, _("Saved, but the provider's answer is not right: %(why)s") % {"why": error}
        )
    else:
        messages.success(request, _("Saved. The provider answers as it should."))
