"""What the program improves: listed, begun from a root cause or a wish, followed until it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.loop.access import editable_improvements, visible_causes, visible_improvements
from otklik.loop.models import FollowUp, Improvement, RootCause
from otklik.loop.operations import improving
from otklik.loop.operations.improving import Heard, Origin
from otklik.loop.queries import improvements as queries
from otklik.loop.rules.improving import OPEN_IMPROVEMENTS, is_overdue
from otklik.loop.rules.vocabulary import ImprovementState
from otklik.loop.web import outer_forms as forms
from otklik.loop.web.causes_behind import period
from otklik.partners.public import Program, may_see_revenue, shown_timeline, visible_programs

A_PAGE = 50
_SHOWN = ("open", "done", "dropped", "wishes")
_FORMS: dict[str, type[Any]] = {
    "state": forms.StateForm,
    "look": forms.LookForm,
    "add": forms.AddForm,
    "remove": forms.RemoveForm,
}


@require_safe
@needs(Right.SEE_FEEDBACK)
def listed(request: StaffRequest) -> HttpResponse:
    on = timezone.localdate(now())
    programs = list(visible_programs(request.user).order_by("name"))
    program = next((one.pk for one in programs if str(one.pk) == request.GET.get("program")), None)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in _SHOWN else "open"
    waiting = queries.wishes(request.user, program_id=program)
    rows: Any = (
        waiting if chosen == "wishes" else queries.listed(request.user, show=chosen, program_id=program)
    )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {
        "page": page,
        "lines": shown if chosen == "wishes" else queries.lines(request.user, shown, on),
        "chosen": chosen,
        "tabs": [
            ("open", _("Open improvements"), None),
            ("wishes", _("What would make it a nine"), waiting.count()),
            ("done", _("Done"), None),
            ("dropped", _("Dropped"), None),
        ],
        "programs": programs,
        "program": program,
        "sees_revenue": may_see_revenue(request.user),
        "may_edit": Right.RUN_DIALOGUE in request.user.rights,
    }
    return render(request, "loop/improvements.html", context)


@dataclass(frozen=True, slots=True)
class _Start:
    """Where somebody begins: a root cause with the time looked at, the wish of a passive, or nothing."""

    program: Program | None
    cause: RootCause | None = None
    wish: FollowUp | None = None
    days: int = 90

    def origin(self, at: datetime) -> Origin:
        heard = Heard(at - timedelta(days=self.days), at) if self.cause else None
        return Origin(heard, [self.wish.pk] if self.wish else [])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_DIALOGUE)
def new(request: StaffRequest) -> HttpResponse:
    at, start = now(), _start(request)
    if start.program is None:
        programs = visible_programs(request.user).order_by("name")
        return render(request, "loop/improvement_program.html", {"programs": programs})
    named = [start.cause.pk] if start.cause else []
    initial = {
        "owner": request.user.pk,
        "causes": named,
        "title": start.wish.nine[:200] if start.wish else "",
    }
    form = forms.ImprovementForm(request.POST or None, initial=initial, program=start.program, named=named)
    if form.is_valid():
        improvement = improving.create_improvement(
            program_id=start.program.pk,
            terms=form.terms(),
            origin=start.origin(at),
            author=request.user,
            key=form.cleaned_data["key"],
            by=actor_for(request),
            at=at,
        )
        messages.success(request, _("Written down. Look at whom it concerns."))
        return redirect("improvement", improvement.pk)
    context = {"form": form, "start": start, "program": start.program}
    return render(request, "loop/improvement_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_DIALOGUE)
def edit(request: StaffRequest, improvement_id: int) -> HttpResponse:
    rows = editable_improvements(request.user).select_related("program")
    improvement = get_object_or_404(rows, pk=improvement_id)
    named = list(improvement.causes.values_list("cause_id", flat=True))
    initial = {
        "version": improvement.version,
        "title": improvement.title,
        "change": improvement.change,
        "causes": named,
        "owner": improvement.owner_id,
        "due_on": improvement.due_on,
    }
    form = forms.ImprovementForm(
        request.POST or None, initial=initial, program=improvement.program, named=named
    )
    if form.is_valid():
        try:
            improving.change_improvement(
                improvement_id=improvement.pk,
                terms=form.terms(),
                expected_version=form.cleaned_data["version"],
                by=actor_for(request),
                at=now(),
            )
        except improving.ImprovementChanged as changed:
            # What was typed stays; saved once more, it goes in the place of theirs.
            form.data = request.POST.copy()
            form.data["version"] = str(changed.version)
            form.add_error(None, _("Somebody saved this improvement meanwhile. Look at theirs first."))
        else:
            messages.success(request, _("Saved."))
            return redirect("improvement", improvement.pk)
    context = {"form": form, "improvement": improvement, "program": improvement.program}
    return render(request, "loop/improvement_form.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest, improvement_id: int) -> HttpResponse:
    return _page(request, improvement_id)


@require_POST
@needs(Right.RUN_DIALOGUE)
def change(request: StaffRequest, improvement_id: int, what: str) -> HttpResponse:
    """One of the page's forms: what is wrong stands beside the field, and nothing typed is lost."""
    improvement = get_object_or_404(editable_improvements(request.user), pk=improvement_id)
    form = _FORMS[what](request.POST, improvement=improvement, author=request.user)
    if form.is_valid():
        try:
            said = CHANGES[what](form, improvement, request, now())
        except (improving.WrongStep, improving.ReasonMissing, improving.ToldAlready) as refused:
            messages.error(request, _said(refused))
        else:
            messages.success(request, said)
            return redirect("improvement", improvement.pk)
    return _page(request, improvement_id, status=422, **{what: form})


def _start(request: StaffRequest) -> _Start:
    """Raises Http404 for a cause or a wish that nobody shows this person."""
    if (cause_id := _number(request.GET.get("cause", ""))) is not None:
        cause = get_object_or_404(visible_causes(request.user).select_related("program"), pk=cause_id)
        return _Start(cause.program, cause=cause, days=period(request.GET.get("days", "")))
    if (wish_id := _number(request.GET.get("wish", ""))) is not None:
        # Sent twice, the first time has taken it up.
        rows = queries.wishes(request.user, program_id=None, taken_up=request.method == "POST")
        wish = get_object_or_404(rows, pk=wish_id)
        return _Start(wish.alert.program, wish=wish)
    programs = visible_programs(request.user).order_by("name")
    if (program_id := _number(request.GET.get("program", ""))) is not None:
        return _Start(programs.filter(pk=program_id).first())
    found = list(programs[:2])
    return _Start(found[0] if len(found) == 1 else None)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _page(request: StaffRequest, improvement_id: int, *, status: int = 200, **bound: Form) -> HttpResponse:
    at = now()
    rows = visible_improvements(request.user).select_related("program", "owner", "created_by")
    improvement = get_object_or_404(rows, pk=improvement_id)
    may_edit = editable_improvements(request.user).filter(pk=improvement.pk).exists()
    history, _more = shown_timeline("improvement", improvement.pk, rights=frozenset(request.user.rights))
    partners = queries.affected(request.user, improvement)
    open_forms = {
        name: bound.get(name) or form(improvement=improvement, author=request.user)
        for name, form in _FORMS.items()
        if name != "state" or improvement.next_states
    }
    state = ImprovementState(improvement.state)
    context = {
        "improvement": improvement,
        "is_overdue": is_overdue(state, improvement.due_on, timezone.localdate(at)),
        "is_open": state in OPEN_IMPROVEMENTS,
        "causes": [named.cause for named in improvement.causes.select_related("cause")],
        "behind": queries.behind_each(request.user, [improvement.pk]).get(improvement.pk, queries.Behind()),
        "page": Paginator(partners, A_PAGE).get_page(request.GET.get("page")),
        "wishes": queries.wishes_of(request.user, improvement),
        "left": queries.to_tell(request.user, improvement).count() if may_edit else 0,
        "lines": history,
        "sees_revenue": may_see_revenue(request.user),
        "may_edit": may_edit,
        "forms": open_forms if may_edit else {},
    }
    return render(request, "loop/improvement.html", context, status=status)


def _move(form: forms.StateForm, improvement: Improvement, request: StaffRequest, at: datetime) -> str:
    state, reason = ImprovementState(form.cleaned_data["state"]), form.cleaned_data["reason"]
    improving.move_improvement(
        improvement_id=improvement.pk, state=state, reason=reason, by=actor_for(request), at=at
    )
    return _("Saved.")


def _look(form: forms.LookForm, improvement: Improvement, request: StaffRequest, at: datetime) -> str:
    heard = Heard(at - timedelta(days=form.cleaned_data["days"]), at)
    came = improving.link_affected(
        improvement_id=improvement.pk, heard=heard, author=request.user, by=actor_for(request), at=at
    )
    return _("Partners added: %(n)s.") % {"n": came}


def _add(form: forms.AddForm, improvement: Improvement, request: StaffRequest, at: datetime) -> str:
    ids = form.cleaned_data["names"]
    came = improving.add_affected(
        improvement_id=improvement.pk, partner_ids=ids, author=request.user, by=actor_for(request), at=at
    )
    return _("Partners added: %(n)s.") % {"n": came}


def _remove(form: forms.RemoveForm, improvement: Improvement, request: StaffRequest, at: datetime) -> str:
    went = improving.remove_affected(
        improvement_id=improvement.pk,
        partner_ids=form.ids(),
        author=request.user,
        by=actor_for(request),
        at=at,
    )
    return _("Partners taken out: %(n)s.") % {"n": went}


CHANGES: dict[str, Callable[[Any, Improvement, StaffRequest, datetime], str]] = {
    "state": _move,
    "look": _look,
    "add": _add,
    "remove": _remove,
}


def _said(refused: Exception) -> str:
    return {
        improving.WrongStep: _("Somebody took this step meanwhile. Look at what is new."),
        improving.ReasonMissing: _("Say why it is dropped."),
        improving.ToldAlready: _("Who was told stays on the list."),
    }[type(refused)]
