"""Merging doubles: find the other one, look at both side by side, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners import labels
from otklik.partners.access import editable_contacts, editable_partners
from otklik.partners.models import Contact, Partner
from otklik.partners.operations.merge import CannotMerge, merge_contacts, merge_partners
from otklik.partners.queries import country_name
from otklik.partners.web.forms import MergeForm
from otklik.search.public import matching_ids

MOST_CANDIDATES = 20


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PARTNERS)
def partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    allowed = editable_partners(request.user).select_related("program", "manager")
    source = get_object_or_404(allowed, pk=partner_id)
    others = allowed.filter(program_id=source.program_id).exclude(pk=source.pk)
    target = _chosen(request, others)
    if request.method == "POST" and target is not None:
        try:
            merge_partners(source_id=source.pk, target_id=target.pk, by=actor_for(request), at=now())
        except CannotMerge:
            messages.error(request, _("These two cannot be merged."))
            return redirect("partner", source.pk)
        messages.success(request, _("The two partners are one now."))
        return redirect("partner", target.pk)
    context = _context(request, source, target, others, "partner")
    context["rows"] = _partner_rows(source, target) if target else []
    return render(request, "partners/merge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PARTNERS)
def contact(request: StaffRequest, contact_id: int) -> HttpResponse:
    allowed = editable_contacts(request.user).select_related("partner").prefetch_related("addresses")
    source = get_object_or_404(allowed, pk=contact_id)
    others = allowed.filter(partner__program_id=source.partner.program_id).exclude(pk=source.pk)
    target = _chosen(request, others)
    if request.method == "POST" and target is not None:
        try:
            merge_contacts(source_id=source.pk, target_id=target.pk, by=actor_for(request), at=now())
        except CannotMerge:
            messages.error(request, _("These two cannot be merged."))
            return redirect("contact", source.pk)
        messages.success(request, _("The two contacts are one now."))
        return redirect("contact", target.pk)
    context = _context(request, source, target, others, "contact")
    context["rows"] = _contact_rows(source, target) if target else []
    return render(request, "partners/merge.html", context)


def _chosen(request: StaffRequest, others: Any) -> Any:
    """The other one, where it was chosen and this person may change it."""
    form = MergeForm(request.POST if request.method == "POST" else request.GET)
    return others.filter(pk=form.cleaned_data["target"]).first() if form.is_valid() else None


def _context(request: StaffRequest, source: Any, target: Any, others: Any, noun: str) -> dict[str, Any]:
    query = request.GET.get("q", "")[:200]
    candidates: list[Any] = []
    if target is None:
        # The likeliest double bears the same name.
        ids = matching_ids(query or source.name, noun)
        if ids is not None:
            candidates = list(others.filter(pk__in=ids).order_by("name_key", "pk")[:MOST_CANDIDATES])
    return {"noun": noun, "source": source, "target": target, "query": query, "candidates": candidates}


def _partner_rows(source: Partner, target: Partner) -> list[tuple[Any, Any, Any]]:
    def facts(one: Partner) -> list[Any]:
        return [
            one.name,
            one.external_id,
            labels.label(labels.STATUS, one.status),
            one.tier,
            country_name(one.country),
            one.manager or "",
            one.contract_number,
            one.renewal_on or "",
            one.contacts.filter(erased_at=None).count(),
        ]

    named = [
        *(labels.FIELDS[f] for f in ("name", "external_id", "status", "tier", "country", "manager_id")),
        labels.FIELDS["contract_number"],
        labels.FIELDS["renewal_on"],
        _("People"),
    ]
    return list(zip(named, facts(source), facts(target), strict=True))


def _contact_rows(source: Contact, target: Contact) -> list[tuple[Any, Any, Any]]:
    def facts(one: Contact) -> list[Any]:
        return [
            one.name,
            one.partner.name,
            one.job_title,
            one.external_id,
            labels.label(labels.ROLE, one.role),
            ", ".join(address.value for address in one.addresses.all()),
            labels.label(labels.CONSENT, one.consent),
        ]

    named = [
        pgettext("of a person", "Name"),
        _("Partner"),
        *(labels.FIELDS[f] for f in ("job_title", "external_id", "role", "addresses", "consent")),
    ]
    return list(zip(named, facts(source), facts(target), strict=True))
