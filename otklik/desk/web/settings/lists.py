"""Lists and forms of the settings look alike: one shape for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from otklik.identity.public import StaffRequest


@dataclass(frozen=True, slots=True)
class Line:
    url: str
    name: str
    cells: Sequence[str]
    is_active: bool = True
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``empty``: (what this is for, what to do first). ``back``: address and name; None: the settings."""

    title: str
    new_url: str
    new_label: str
    heads: Sequence[str]
    lines: Sequence[Line]
    empty: tuple[str, str]
    icon: str = "settings"
    back: tuple[str, str] | None = None
    more: dict[str, Any] = field(default_factory=dict)


def listed(request: StaffRequest, table: Table) -> HttpResponse:
    return render(request, "desk/settings/list.html", {"table": table})


def form_page(
    request: StaffRequest,
    form: BaseForm,
    *,
    title: str,
    back: str,
    back_label: str,
    template: str = "desk/settings/form.html",
    **more: Any,
) -> HttpResponse:
    """``back``: the URL name of the list. 422 where something has to be mended first."""
    status = 422 if form.errors else 200
    context = {"form": form, "title": title, "back": reverse(back), "back_label": back_label, **more}
    return render(request, template, context, status=status)


def yes_no(flag: bool) -> str:
    return _("yes") if flag else _("no")
