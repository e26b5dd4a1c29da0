"""Teams: groups of staff by name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.models import Team
from otklik.identity.operations.teams import TeamInUse, TeamNameTaken, remove_team, save_team
from otklik.identity.queries import active_staff
from otklik.identity.rules.roles import Right
from otklik.identity.web import pages
from otklik.identity.web.forms import TeamForm
from otklik.identity.web.guard import StaffRequest, actor_for, needs
from otklik.kit.clock import now


@needs(Right.MANAGE_STAFF)
def team_list(request: StaffRequest) -> HttpResponse:
    return render(request, "identity/team_list.html", {"lines": pages.team_lines()})


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_STAFF)
def team_edit(request: StaffRequest, team_id: int | None = None) -> HttpResponse:
    """A new team without ``team_id``."""
    team = get_object_or_404(Team, pk=team_id) if team_id else None
    members = list(team.members.values_list("pk", flat=True)) if team else []
    form = TeamForm(request.POST or None, initial={"name": team.name if team else "", "members": members})
    if request.method == "POST" and form.is_valid():
        people = active_staff().filter(pk__in=form.cleaned_data["members"])
        try:
            save_team(
                team=team, name=form.cleaned_data["name"], members=people, by=actor_for(request), at=now()
            )
        except TeamNameTaken:
            form.add_error("name", _("There is a team with this name."))
        else:
            messages.success(request, _("Team saved."))
            return redirect("teams")
    return render(request, "identity/team_edit.html", {"form": form, "team": team})


@require_POST
@needs(Right.MANAGE_STAFF)
def team_removal(request: StaffRequest, team_id: int) -> HttpResponse:
    try:
        remove_team(team=get_object_or_404(Team, pk=team_id), by=actor_for(request), at=now())
    except TeamInUse:
        text = _(
            "This team was asked questions that stay in tickets, so that it stays too. Rename it instead."
        )
        messages.error(request, text)
        return redirect("team", team_id)
    messages.success(request, _("Team removed."))
    return redirect("teams")
