"""The tree of root causes of a program."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.loop.access import editable_causes
from otklik.loop.models import AlertCause, RootCause
from otklik.loop.operations.rules import NameMissing, WrongBranch, change_cause, create_cause, move_cause
from otklik.loop.web.forms import cause_choices
from otklik.loop.web.programs import frame


class CauseForm(forms.Form):
    """A name in every language of the product; one is enough."""

    parent = forms.TypedChoiceField(
        label=gettext_lazy("Stands below"), required=False, coerce=int, empty_value=None
    )

    def __init__(
        self, *args: Any, program_id: int | None, cause: RootCause | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for language, name in settings.LANGUAGES:
            field = forms.CharField(label=_(name), max_length=120, required=False)
            self.fields[f"name_{language}"] = field
        self.order_fields([*(f"name_{language}" for language, _n in settings.LANGUAGES), "parent"])
        rows = [] if program_id is None else cause_choices(program_id, [])
        parent = self.fields["parent"]
        assert isinstance(parent, forms.TypedChoiceField)
        own = None if cause is None else cause.pk
        parent.choices = [("", _("nothing: a branch of its own")), *(row for row in rows if row[0] != own)]
        if cause is not None:
            self.initial = {"parent": cause.parent_id}
            self.initial |= {f"name_{language}": name for language, name in cause.names.items()}

    def names(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"name_{language}"] for language, _n in settings.LANGUAGES}


@dataclass(frozen=True, slots=True)
class Branch:
    """``level``: 0 for a top. ``used``: alerts that name it."""

    cause: RootCause
    level: int
    used: int
    is_first: bool
    is_last: bool


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PROGRAMS)
def index(request: StaffRequest) -> HttpResponse:
    context = frame(request, "root-causes")
    program = context["program"]
    form = CauseForm(request.POST or None, program_id=program.pk if program else None)
    if program is not None and form.is_valid():
        try:
            parent = form.cleaned_data["parent"]
            create_cause(
                program_id=program.pk, names=form.names(), parent_id=parent, by=actor_for(request), at=now()
            )
        except (NameMissing, WrongBranch) as refused:
            form.add_error(None, _said(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('root-causes')}?program={program.pk}")
    rows = editable_causes(request.user).filter(program=program)
    context |= {"form": form, "branches": _tree(list(rows))}
    return render(request, "loop/settings/causes.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PROGRAMS)
def edit(request: StaffRequest, cause_id: int) -> HttpResponse:
    cause = get_object_or_404(editable_causes(request.user).select_related("program"), pk=cause_id)
    form = CauseForm(request.POST or None, program_id=cause.program_id, cause=cause)
    if form.is_valid():
        try:
            change_cause(
                cause_id=cause.pk,
                names=form.names(),
                parent_id=form.cleaned_data["parent"],
                is_active=cause.is_active,
                by=actor_for(request),
                at=now(),
            )
        except (NameMissing, WrongBranch) as refused:
            form.add_error(None, _said(refused))
        else:
            messages.success(request, _("Saved."))
            return _back(cause)
    context = {"form": form, "cause": cause, "program": cause.program}
    return render(request, "loop/settings/cause.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.MANAGE_PROGRAMS)
def move(request: StaffRequest, cause_id: int) -> HttpResponse:
    cause = get_object_or_404(editable_causes(request.user), pk=cause_id)
    move_cause(cause_id=cause.pk, is_up=request.POST.get("way") != "down", by=actor_for(request), at=now())
    return _back(cause)


@require_POST
@needs(Right.MANAGE_PROGRAMS)
def switch(request: StaffRequest, cause_id: int) -> HttpResponse:
    """Out of use, or in use again: alerts that name it go on naming it."""
    cause = get_object_or_404(editable_causes(request.user), pk=cause_id)
    change_cause(
        cause_id=cause.pk,
        names=cause.names,
        parent_id=cause.parent_id,
        is_active=request.POST.get("way") == "on",
        by=actor_for(request),
        at=now(),
    )
    return _back(cause)


def _back(cause: RootCause) -> HttpResponse:
    return redirect(f"{reverse('root-causes')}?program={cause.program_id}")


def _tree(causes: list[RootCause]) -> list[Branch]:
    used = dict(
        AlertCause.objects.filter(cause__in=[cause.pk for cause in causes])
        .values_list("cause")
        .annotate(n=Count("pk"))
    )
    below: dict[int | None, list[RootCause]] = defaultdict(list)
    for cause in sorted(causes, key=lambda one: (one.position, one.pk)):
        below[cause.parent_id].append(cause)
    found: list[Branch] = []

    def hang(parent: int | None, level: int) -> None:
        theirs = below[parent]
        for n, cause in enumerate(theirs):
            found.append(Branch(cause, level, used.get(cause.pk, 0), n == 0, n == len(theirs) - 1))
            hang(cause.pk, level + 1)

    hang(None, 0)
    return found


def _said(refused: Exception) -> str:
    if isinstance(refused, NameMissing):
        return _("Give the cause a name in one language at least.")
    return _("A cause cannot stand below itself or one of its own branches.")
