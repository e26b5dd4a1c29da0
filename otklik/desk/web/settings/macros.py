"""Macros: those that everybody runs, kept by who leads the desk, and everybody's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.models import Macro
from otklik.desk.operations.automation import actions_of
from otklik.desk.operations.keeping import remove_macro, save_macro
from otklik.desk.rules.automation import BadRule
from otklik.desk.web.settings import rows
from otklik.desk.web.settings.forms import MacroForm
from otklik.desk.web.settings.lists import Line, Table, listed
from otklik.desk.web.settings.rules import mend, rule_page
from otklik.desk.web.settings.sentences import Reader
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@dataclass(frozen=True, slots=True)
class _Shelf:
    """``names``: of the addresses of the list, a new one, one and its removal."""

    title: Promise
    names: tuple[str, str, str, str]
    empty: Promise
    is_own: bool


_SHARED = _Shelf(
    gettext_lazy("Macros"),
    ("macros", "macro-new", "macro", "macro-removal"),
    gettext_lazy("A macro does several things to a ticket by one key: answer, tag, close."),
    is_own=False,
)
_OWN = _Shelf(
    gettext_lazy("My macros"),
    ("my-macros", "my-macro-new", "my-macro", "my-macro-removal"),
    gettext_lazy("What you do to tickets again and again, by one key. Nobody else sees it."),
    is_own=True,
)


def _owner(request: StaffRequest, shelf: _Shelf) -> int | None:
    return request.user.pk if shelf.is_own else None


@require_safe
@needs(Right.MANAGE_DESK)
def macros(request: StaffRequest) -> HttpResponse:
    return _listed(request, _SHARED)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def macro(request: StaffRequest, macro_id: int | None = None) -> HttpResponse:
    return _edited(request, _SHARED, macro_id)


@require_POST
@needs(Right.MANAGE_DESK)
def macro_removal(request: StaffRequest, macro_id: int) -> HttpResponse:
    return _removed(request, _SHARED, macro_id)


@require_safe
@needs(Right.ANSWER_TICKETS)
def my_macros(request: StaffRequest) -> HttpResponse:
    return _listed(request, _OWN)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_TICKETS)
def my_macro(request: StaffRequest, macro_id: int | None = None) -> HttpResponse:
    return _edited(request, _OWN, macro_id)


@require_POST
@needs(Right.ANSWER_TICKETS)
def my_macro_removal(request: StaffRequest, macro_id: int) -> HttpResponse:
    return _removed(request, _OWN, macro_id)


def _listed(request: StaffRequest, shelf: _Shelf) -> HttpResponse:
    reader = Reader()
    lines = [
        Line(reverse(shelf.names[2], args=[row.pk]), row.name, ["; ".join(_told(row, reader))], row.is_active)
        for row in Macro.objects.filter(owner=_owner(request, shelf))
    ]
    table = Table(
        str(shelf.title),
        reverse(shelf.names[1]),
        _("New macro"),
        [_("Macro"), _("What it does")],
        lines,
        (_("No macros yet"), str(shelf.empty)),
        icon="play",
        back=(reverse("my-desk"), _("My desk")) if shelf.is_own else None,
    )
    return listed(request, table)


def _told(row: Macro, reader: Reader) -> list[str]:
    try:
        return reader.actions(actions_of(row.actions))
    except BadRule:
        return [_("cannot be read; write it anew")]


def _edited(request: StaffRequest, shelf: _Shelf, macro_id: int | None) -> HttpResponse:
    owner_id = _owner(request, shelf)
    row = get_object_or_404(Macro, pk=macro_id, owner=owner_id) if macro_id is not None else None
    names = ("name", "position", "is_active")
    form = MacroForm(request.POST or None, initial={n: getattr(row, n) for n in names} if row else {})
    stored = row.actions if row else []
    actions = rows.posted_actions(request.POST) if request.POST else rows.stored_actions(stored)
    if form.is_valid():
        fields = {
            **form.cleaned_data,
            "owner_id": owner_id,
            "actions": [action.to_json() for action in actions],
        }
        try:
            save_macro(macro_id=macro_id, fields=fields, by=actor_for(request), at=now())
        except BadRule as bad:
            mend(form, rows.mark(bad, [], actions))
        else:
            messages.success(request, _("Saved."))
            return redirect(shelf.names[0])
    removal = reverse(shelf.names[3], args=[row.pk]) if row else ""
    title = row.name if row else _("New macro")
    return rule_page(request, form, title, shelf.names[0], str(shelf.title), [], actions, removal_url=removal)


def _removed(request: StaffRequest, shelf: _Shelf, macro_id: int) -> HttpResponse:
    row = get_object_or_404(Macro, pk=macro_id, owner=_owner(request, shelf))
    remove_macro(macro_id=row.pk, by=actor_for(request), at=now())
    messages.success(request, _("“%(name)s” was removed.") % {"name": row.name})
    return redirect(shelf.names[0])
