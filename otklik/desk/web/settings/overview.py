"""The first page of the desk's settings: what there is, in the order in which a new desk is set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs


@dataclass(frozen=True, slots=True)
class Door:
    url_name: str
    icon: str
    title: str
    text: str

    @property
    def url(self) -> str:
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


@require_safe
@needs(Right.MANAGE_DESK)
def overview(request: StaffRequest) -> HttpResponse:
    return render(request, "desk/settings/overview.html", {"groups": _groups()})


def _groups() -> Sequence[tuple[str, list[Door]]]:
    ways_in = [
        Door(
            "mailboxes",
            "mail",
            _("Mailboxes"),
            _("Addresses that partners write to, and how mail gets here."),
        ),
        Door("web-forms", "globe", _("Web forms"), _("Pages where anybody may ask without a mail program.")),
    ]
    order = [
        Door("topics", "tag", _("Topics"), _("What tickets are about, and which team answers.")),
        Door("sla-policies", "clock", _("SLA policies"), _("What is promised to whom, and by when.")),
        Door("calendars", "calendar", _("Working calendars"), _("Hours, holidays and transferred days.")),
    ]
    tools = [
        Door("canned-answers", "copy", _("Canned answers"), _("Texts with variables, in every language.")),
        Door("macros", "play", _("Macros"), _("Several actions on a ticket by one key.")),
        Door("triggers", "activity", _("Triggers and time rules"), _("What happens by itself, and when.")),
        Door("translation", "globe", _("Translation"), _("Everybody reads and writes their own language.")),
    ]
    people = [
        Door(
            "agent-profiles", "users", _("Who answers"), _("Languages, topics, hours and how many at once.")
        ),
        Door("absences", "calendar", _("Absences"), _("Who is away, and who stands in.")),
    ]
    groups = [
        (_("Ways in"), ways_in),
        (_("Order and promises"), order),
        (_("Less work by hand"), tools),
        (_("People"), people),
    ]
    return [(title, [door for door in doors if door.url]) for title, doors in groups]
