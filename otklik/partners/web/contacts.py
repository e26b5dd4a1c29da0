"""The page of one person at a partner, and the facts about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.registry import contact_panels, render_panels
from otklik.partners.access import editable_contacts, editable_partners, visible_contacts
from otklik.partners.models import Address, Contact
from otklik.partners.operations.contacts import (
    ContactExists,
    add_address,
    change_contact,
    create_contact,
    overrule_role,
    record_consent,
    remove_address,
    state_authority,
    state_influence,
)
from otklik.partners.operations.locking import ChangedMeanwhile
from otklik.partners.queries import merged_into
from otklik.partners.rules.vocabulary import AddressKind, Authority, Consent, ContactRole, Influence
from otklik.partners.web.editing import (
    Editing,
    initial_of,
    opened,
    opened_version,
    remember_opening,
    reopened,
    touched,
)
from otklik.partners.web.forms import (
    AddressForm,
    AuthorityForm,
    ConsentForm,
    ContactForm,
    InfluenceForm,
    NewContactForm,
    RoleForm,
)
from otklik.partners.web.pages import contact_page, contact_with_names


@require_safe
@needs(Right.SEE_PARTNERS)
def show(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = contact_with_names(request.user, contact_id)
    if contact is None:
        target = merged_into("contact", contact_id)
        get_object_or_404(visible_contacts(request.user), pk=target)
        return redirect("contact", target)
    page = contact_page(request.user, contact, _fact_forms(contact))
    panels = render_panels(contact_panels, request, contact, frozenset(request.user.rights))
    return render(request, "partners/contact.html", {"page": page, "contact": contact, "panels": panels})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PARTNERS)
def new(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(editable_partners(request.user), pk=partner_id)
    form = NewContactForm(request.POST or None)
    if form.is_valid():
        try:
            contact = create_contact(
                partner_id=partner.pk,
                facts=form.facts(),
                addresses=form.addresses(),
                authority=Authority(form.cleaned_data["authority"]),
                influence=Influence(form.cleaned_data["influence"]),
                by=actor_for(request),
                at=now(),
            )
        except ContactExists as found:
            form.add_error(found.field, _exists(found))
        else:
            return redirect("contact", contact.pk)
    return render(request, "partners/contact_new.html", {"form": form, "partner": partner})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PARTNERS)
def edit(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(editable_contacts(request.user).select_related("partner"), pk=contact_id)
    editing = opened(_form(contact), contact.version)
    if request.method == "POST":
        form = remember_opening(_form(contact, request.POST))
        editing.form = form
        if form.is_valid():
            saved = _save(request, contact, form)
            if isinstance(saved, Contact):
                return redirect("contact", contact.pk)
            editing = saved or editing
    context = {"contact": contact, "editing": editing}
    return render(request, "partners/contact_edit.html", context, status=409 if editing.is_conflict else 200)


def _form(contact: Contact, data: Any = None, initial: Any = None) -> ContactForm:
    return ContactForm(data, initial=initial or initial_of(contact, ContactForm.base_fields))


def _save(request: StaffRequest, contact: Contact, form: Any) -> Contact | Editing | None:
    """The saved contact, the page to show after somebody was faster, or None where the form says why not."""
    try:
        return change_contact(
            contact_id=contact.pk,
            facts=touched(form),
            expected_version=opened_version(request.POST),
            by=actor_for(request),
            at=now(),
        )
    except ContactExists as found:
        form.add_error(found.field, _exists(found))
        return None
    except ChangedMeanwhile as changed:
        current = initial_of(changed.current, form.fields)
        return reopened(form, lambda values: _form(contact, None, values), current, changed.current.version)


@require_POST
@needs(Right.EDIT_PARTNERS)
def authority(request: StaffRequest, contact_id: int) -> HttpResponse:
    return _state(
        request,
        contact_id,
        AuthorityForm,
        lambda data: state_authority(
            contact_id=contact_id, authority=Authority(data["authority"]), by=actor_for(request), at=now()
        ),
    )


@require_POST
@needs(Right.EDIT_PARTNERS)
def influence(request: StaffRequest, contact_id: int) -> HttpResponse:
    return _state(
        request,
        contact_id,
        InfluenceForm,
        lambda data: state_influence(
            contact_id=contact_id, influence=Influence(data["influence"]), by=actor_for(request), at=now()
        ),
    )


@require_POST
@needs(Right.EDIT_PARTNERS)
def role(request: StaffRequest, contact_id: int) -> HttpResponse:
    return _state(
        request,
        contact_id,
        RoleForm,
        lambda data: overrule_role(
            contact_id=contact_id,
            role=ContactRole(data["role"]) if data["role"] else None,
            by=actor_for(request),
            at=now(),
        ),
    )


@require_POST
@needs(Right.EDIT_PARTNERS)
def consent(request: StaffRequest, contact_id: int) -> HttpResponse:
    return _state(
        request,
        contact_id,
        ConsentForm,
        lambda data: record_consent(
            contact_id=contact_id, consent=Consent(data["consent"]), by=actor_for(request), at=now()
        ),
    )


@require_POST
@needs(Right.EDIT_PARTNERS)
def address(request: StaffRequest, contact_id: int) -> HttpResponse:
    return _state(
        request,
        contact_id,
        AddressForm,
        lambda data: add_address(
            contact_id=contact_id,
            kind=AddressKind(data["kind"]),
            value=data["value"],
            by=actor_for(request),
            at=now(),
        ),
    )


@require_POST
@needs(Right.EDIT_PARTNERS)
def address_removal(request: StaffRequest, contact_id: int, address_id: int) -> HttpResponse:
    contact = get_object_or_404(editable_contacts(request.user), pk=contact_id)
    found = get_object_or_404(Address, pk=address_id, contact=contact)
    remove_address(contact_id=contact.pk, address_id=found.pk, by=actor_for(request), at=now())
    return redirect("contact", contact_id)


def _state(
    request: StaffRequest, contact_id: int, form_class: type[forms.Form], change: Callable[[Any], Contact]
) -> HttpResponse:
    """One small form of the contact's page: checked, carried out, and back to the page."""
    get_object_or_404(editable_contacts(request.user), pk=contact_id)
    form = form_class(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return redirect("contact", contact_id)
    try:
        change(form.cleaned_data)
    except ContactExists as found:
        messages.error(request, _exists(found))
    return redirect("contact", contact_id)


def _fact_forms(contact: Contact) -> Mapping[str, forms.Form]:
    return {
        "authority": AuthorityForm(initial={"authority": contact.authority}),
        "influence": InfluenceForm(initial={"influence": contact.influence}),
        "role": RoleForm(initial={"role": contact.role_overruled}),
        "consent": ConsentForm(initial={"consent": contact.consent}),
        "address": AddressForm(auto_id="address_%s"),
    }


def _exists(found: ContactExists) -> str:
    """Contacts of one partner are seen by the same people, so the link is safe."""
    if found.field == "external_id":
        text = _("Another contact of this partner has this external id.")
    else:
        text = _("Another contact of this partner has this address.")
    link = '{} <a href="{}">{}</a>'
    return format_html(link, text, reverse("contact", args=[found.contact_id]), _("Open it"))
