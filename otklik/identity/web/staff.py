"""Staff: the list, one person, and what an administrator does there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.access import staff_seen_by
from otklik.identity.models import User
from otklik.identity.operations.invitations import NotActive, invite_user
from otklik.identity.operations.roles import LastAdministrator, set_roles
from otklik.identity.operations.staff import (
    EmailTaken,
    NoSelfDeactivation,
    change_user,
    create_user,
    deactivate_user,
    reactivate_user,
)
from otklik.identity.rules.roles import Right
from otklik.identity.web import pages
from otklik.identity.web.forms import NewStaffForm, RolesForm, StaffForm
from otklik.identity.web.guard import StaffRequest, actor_for, needs
from otklik.identity.web.invitation import password_link
from otklik.kit.clock import now


@needs(Right.MANAGE_STAFF)
def staff_list(request: StaffRequest) -> HttpResponse:
    page = pages.staff_page(
        staff_seen_by(request.user), query=request.GET.get("q", ""), gone=request.GET.get("gone") == "1"
    )
    return render(request, "identity/staff_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_STAFF)
def staff_new(request: StaffRequest) -> HttpResponse:
    initial = {"language": request.user.language, "time_zone": request.user.time_zone}
    form = NewStaffForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        details = {name: form.cleaned_data[name] for name in ("email", "name", "language", "time_zone")}
        try:
            person = create_user(**details, roles=form.chosen(), by=actor_for(request), at=now())
        except EmailTaken:
            form.add_error("email", _("Somebody on the staff has this address already."))
        else:
            messages.success(request, _("%(name)s was added. Now invite them.") % {"name": person.name})
            return redirect("staff_person", person.pk)
    return render(request, "identity/staff_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_STAFF)
def staff_person(request: StaffRequest, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    form = StaffForm(request.POST or None, initial=pages.details_of(person))
    if request.method == "POST" and form.is_valid():
        try:
            change_user(user=person, **form.cleaned_data, by=actor_for(request), at=now())
        except EmailTaken:
            form.add_error("email", _("Somebody on the staff has this address already."))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_person", person.pk)
    page = pages.person_page(person, form, link=request.session.pop(f"invitation:{person.pk}", ""))
    return render(request, "identity/staff_person.html", {"page": page})


@require_POST
@needs(Right.MANAGE_STAFF)
def staff_roles(request: StaffRequest, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    form = RolesForm(request.POST)
    if form.is_valid():
        try:
            set_roles(user=person, roles=form.chosen(), by=actor_for(request), at=now())
        except LastAdministrator:
            messages.error(request, _last_administrator())
        else:
            messages.success(request, _("Roles saved."))
    return redirect("staff_person", person.pk)


@require_POST
@needs(Right.MANAGE_STAFF)
def staff_invitation(request: StaffRequest, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    link = password_link(person)
    try:
        mailed = invite_user(user=person, link=link, by=actor_for(request), at=now())
    except NotActive:
        messages.error(request, _("Activate them first."))
        return redirect("staff_person", person.pk)
    # The link is a key to the account: it passes through the session once and is never in an address.
    request.session[f"invitation:{person.pk}"] = link
    if mailed:
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": person.email})
    return redirect("staff_person", person.pk)


@require_POST
@needs(Right.MANAGE_STAFF)
def staff_deactivation(request: StaffRequest, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    try:
        deactivate_user(user=person, by=actor_for(request), at=now())
    except LastAdministrator:
        messages.error(request, _last_administrator())
    except NoSelfDeactivation:
        messages.error(request, _("You cannot deactivate yourself. Ask another administrator."))
    else:
        messages.success(request, _("%(name)s can no longer sign in.") % {"name": person.name})
    return redirect("staff_person", person.pk)


@require_POST
@needs(Right.MANAGE_STAFF)
def staff_activation(request: StaffRequest, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    reactivate_user(user=person, by=actor_for(request), at=now())
    messages.success(request, _("%(name)s is active again. Now invite them.") % {"name": person.name})
    return redirect("staff_person", person.pk)


def _person(request: StaffRequest, user_id: int) -> User:
    return get_object_or_404(staff_seen_by(request.user), pk=user_id)


def _last_administrator() -> str:
    return _("This is the last administrator. Make somebody else an administrator first.")
