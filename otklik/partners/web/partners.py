"""The list of partners and the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, Role, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners import labels
from otklik.partners.access import editable_partners, may_see_revenue, visible_partners
from otklik.partners.models import Partner
from otklik.partners.operations.locking import ChangedMeanwhile
from otklik.partners.operations.partners import (
    PartnerExists,
    assign_manager,
    change_partner,
    create_partner,
    set_items,
)
from otklik.partners.queries import merged_into
from otklik.partners.rules.vocabulary import ItemKind
from otklik.partners.timeline import shown_timeline
from otklik.partners.web import export as exports
from otklik.partners.web.editing import (
    Editing,
    initial_of,
    opened,
    opened_version,
    remember_opening,
    reopened,
    touched,
)
from otklik.partners.web.forms import ItemsForm, ManagerForm, NewPartnerForm, PartnerForm
from otklik.partners.web.pages import (
    cursor,
    partner_list_page,
    partner_page,
    partner_with_names,
    read_cursor,
)


@require_safe
@needs(Right.SEE_PARTNERS)
def partner_list(request: StaffRequest) -> HttpResponse:
    return render(request, "partners/partner_list.html", {"page": partner_list_page(request)})


@require_safe
@needs(Right.EXPORT)
def export(request: StaffRequest) -> HttpResponseBase:
    return exports.partners_csv(request)


@require_safe
@needs(Right.SEE_PARTNERS)
def show(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = partner_with_names(request.user, partner_id)
    if partner is None:
        # Only to what this person may see: otherwise the answer would tell that both exist and are one.
        target = merged_into("partner", partner_id)
        get_object_or_404(visible_partners(request.user), pk=target)
        return redirect("partner", target)
    form = ManagerForm(initial={"manager": partner.manager_id or 0})
    return render(request, "partners/partner.html", {"page": partner_page(request, partner, form)})


@require_safe
@needs(Right.SEE_PARTNERS)
def timeline(request: StaffRequest, partner_id: int) -> HttpResponse:
    """Older lines, fetched into the page."""
    partner = get_object_or_404(visible_partners(request.user), pk=partner_id)
    before = read_cursor(request.GET.get("before", ""))
    if before is None:
        raise Http404
    lines, more = shown_timeline("partner", partner.pk, rights=frozenset(request.user.rights), before=before)
    context = {"lines": lines, "more": cursor(more), "partner": partner}
    return render(request, "partners/_timeline_lines.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PARTNERS)
def new(request: StaffRequest) -> HttpResponse:
    # Where managers see own partners only, a partner without them would vanish from their list at once.
    manager = request.user.pk if Role.ACCOUNT_MANAGER in request.user.roles else 0
    revenue = may_see_revenue(request.user)
    form = NewPartnerForm(request.POST or None, initial={"manager": manager}, shows_revenue=revenue)
    if form.is_valid():
        try:
            partner = create_partner(
                program_id=form.cleaned_data["program"].pk,
                facts=form.facts(),
                manager_id=form.manager_id(),
                by=actor_for(request),
                at=now(),
            )
        except PartnerExists as found:
            form.add_error(found.field, _exists(request, found))
        else:
            return redirect("partner", partner.pk)
    return render(request, "partners/partner_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PARTNERS)
def edit(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(editable_partners(request.user), pk=partner_id)
    editing = opened(_form(request, partner), partner.version)
    if request.method == "POST":
        form = remember_opening(_form(request, partner, request.POST))
        editing.form = form
        if form.is_valid():
            saved = _save(request, partner, form)
            if isinstance(saved, Partner):
                return redirect("partner", partner.pk)
            editing = saved or editing
    context = {"partner": partner, "editing": editing}
    return render(request, "partners/partner_edit.html", context, status=409 if editing.is_conflict else 200)


def _form(request: StaffRequest, partner: Partner, data: Any = None, initial: Any = None) -> PartnerForm:
    values = initial or initial_of(partner, PartnerForm.base_fields)
    return PartnerForm(data, initial=values, shows_revenue=may_see_revenue(request.user))


def _save(request: StaffRequest, partner: Partner, form: Any) -> Partner | Editing | None:
    """The saved partner, the page to show after somebody was faster, or None where the form says why not."""
    try:
        return change_partner(
            partner_id=partner.pk,
            facts=touched(form),
            expected_version=opened_version(request.POST),
            by=actor_for(request),
            at=now(),
        )
    except PartnerExists as found:
        form.add_error(found.field, _exists(request, found))
        return None
    except ChangedMeanwhile as changed:
        current = initial_of(changed.current, form.fields)
        return reopened(
            form, lambda values: _form(request, partner, None, values), current, changed.current.version
        )


@require_POST
@needs(Right.EDIT_PARTNERS)
def manager(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(editable_partners(request.user), pk=partner_id)
    form = ManagerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose somebody from the list."))
        return redirect("partner", partner_id)
    assign_manager(partner_id=partner.pk, manager_id=form.manager_id(), by=actor_for(request), at=now())
    if visible_partners(request.user).filter(pk=partner_id).exists():
        return redirect("partner", partner_id)
    messages.success(request, _("%(name)s was handed over.") % {"name": partner.name})
    return redirect("partners")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PARTNERS)
def items(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(editable_partners(request.user), pk=partner_id)
    forms = {kind: _items_form(partner, kind) for kind in ItemKind}
    if request.method == "POST":
        form = ItemsForm(request.POST)
        if form.is_valid():
            kind, names = ItemKind(form.cleaned_data["kind"]), form.cleaned_data["names"].splitlines()
            set_items(partner_id=partner.pk, kind=kind, names=names, by=actor_for(request), at=now())
            messages.success(request, _("Saved."))
            return redirect(reverse("partner-items", args=[partner_id]) + f"#{kind}")
    shown = [(kind.value, labels.ITEM_KINDS[kind], form) for kind, form in forms.items()]
    return render(request, "partners/items.html", {"partner": partner, "forms": shown})


def _items_form(partner: Partner, kind: ItemKind) -> ItemsForm:
    names = partner.items.filter(kind=kind).order_by("name").values_list("name", flat=True)
    return ItemsForm(initial={"kind": kind.value, "names": "\n".join(names)}, auto_id=f"{kind}_%s")


def _exists(request: StaffRequest, found: PartnerExists) -> str:
    """With a link only for those who may open it."""
    if found.field == "external_id":
        text = _("The program has a partner with this external id already.")
    else:
        text = _("The program has a partner of this name already.")
    if not visible_partners(request.user).filter(pk=found.partner_id).exists():
        return text
    link = '{} <a href="{}">{}</a>'
    return format_html(link, text, reverse("partner", args=[found.partner_id]), _("Open it"))
