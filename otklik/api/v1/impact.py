"""What moves NPS and CSAT, over REST: the kept record that the pages show, figure for figure."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import Field

from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer, owner_of
from otklik.api.v1.impact_schemas import ChangeFoundOut, ChangePage, ComputedPage, ImpactOut
from otklik.api.v1.paging import MOST, page_newest_first
from otklik.api.v1.schemas import Id, Text
from otklik.identity.public import Right
from otklik.impact.public import (
    ImpactReport,
    Outcome,
    PolicyChange,
    ReportState,
    newest,
    studied_programs,
    visible_changes,
    visible_reports,
    with_reach,
)

router = Router(tags=["impact"])
READ = Bearer(Scope.FEEDBACK_READ, Right.SEE_FEEDBACK)
Limit = Annotated[int, Field(ge=1, le=MOST)]


@router.get("/impact", auth=READ, response=ImpactOut)
def impact(request: HttpRequest, program: Text, outcome: Text = "nps") -> dict[str, Any]:
    """The newest report of a program; 404 until there is one. ``outcome``: nps or csat."""
    subject = get_object_or_404(studied_programs(owner_of(request)), slug=program)
    done = ImpactReport.objects.filter(
        program=subject, outcome=_outcome(outcome), state=ReportState.DONE
    ).order_by("-asked_at", "-pk")
    kept = done.first()
    if kept is None:
        raise Http404
    return _shown(kept)


@router.get("/impact/reports", auth=READ, response=ComputedPage)
def reports(
    request: HttpRequest,
    program: Query[Text | None] = None,
    outcome: Query[Text | None] = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Every computation that is kept (the last 30 of a program and outcome), asked for last first."""
    rows = visible_reports(owner_of(request)).defer("body")
    if program:
        rows = rows.filter(program__slug=program)
    if outcome is not None:
        rows = rows.filter(outcome=_outcome(outcome))
    items, following = page_newest_first(rows, "asked_at", after, limit)
    return {"items": items, "next": following}


@router.get("/impact/reports/{report_id}", auth=READ, response=ImpactOut)
def report(request: HttpRequest, report_id: Id) -> dict[str, Any]:
    """One that was done, as it was said then."""
    rows = visible_reports(owner_of(request)).filter(state=ReportState.DONE)
    return _shown(get_object_or_404(rows, pk=report_id))


@router.get("/impact/changes", auth=READ, response=ChangePage)
def changes(
    request: HttpRequest,
    program: Query[Text | None] = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Policy changes that were recorded, the last first."""
    rows = with_reach(visible_changes(owner_of(request)))
    if program:
        rows = rows.filter(program__slug=program)
    items, following = page_newest_first(rows, "recorded_at", after, limit)
    return {"items": items, "next": following}


@router.get("/impact/changes/{change_id}", auth=READ, response=ChangeFoundOut)
def change(request: HttpRequest, change_id: Id, outcome: Text = "nps") -> dict[str, Any]:
    """One with what the newest report found of it. ``outcome``: nps or csat."""
    asked = _outcome(outcome)
    one: Any = get_object_or_404(with_reach(visible_changes(owner_of(request))), pk=change_id)
    done = newest(one.program_id, asked).done
    body = {} if done is None else done.body or {}
    found = (study for study in body.get("changes", ()) if _is_of(study, one))
    same = ("id", "program_id", "name", "about", "version", "recorded_at", "saved_at")
    reach = ("reached", "first", "last")
    return {
        **{name: getattr(one, name) for name in (*same, *reach)},
        "outcome": asked.value,
        "report_id": None if done is None else done.pk,
        "result": next(found, None),
    }


def _is_of(study: dict[str, Any], one: PolicyChange) -> bool:
    return (study["change"], study["version"]) == (one.pk, one.version)


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text)
    except ValueError:
        known = ", ".join(Outcome)
        raise HttpError(422, f"outcome: {text!r} is not known. Use one of: {known}.") from None


def _shown(kept: ImpactReport) -> dict[str, Any]:
    said = kept.body or {}
    bad_rows = [{"reason": reason, "rows": rows} for reason, rows in said["bad_rows"]]
    same = ("id", "program_id", "outcome", "state", "failure", "asked_at", "ended_at")
    return {**{name: getattr(kept, name) for name in same}, "report": {**said, "bad_rows": bad_rows}}
