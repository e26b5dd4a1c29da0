"""Policy changes of a program, and what the newest report found of each."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.impact.access import editable_changes, recording_programs, studied_programs, visible_changes
from otklik.impact.change_labels import CHANGE_DOUBTS
from otklik.impact.change_pictures import change_picture
from otklik.impact.change_sentences import (
    before_sentence,
    change_notes,
    change_reasons,
    visible_sentence,
)
from otklik.impact.queries.changes import reached_by_day, with_reach
from otklik.impact.rules.change_study import ChangeStudy
from otklik.impact.rules.vocabulary import Outcome
from otklik.impact.web.asked import asked_of, frame, read_asked, read_outcome
from otklik.impact.web.change_lines import change_line, span_lines


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    asked = read_asked(request)
    if asked is None:
        return render(request, "impact/nobody.html", frame("changes", None))
    rows = with_reach(visible_changes(request.user).filter(program=asked.program))
    lines = [change_line(one, asked) for one in rows.order_by("-recorded_at", "-pk")]
    may_record = recording_programs(request.user).filter(pk=asked.program.pk).exists()
    context = frame("changes", asked) | {"lines": lines, "may_record": may_record}
    return render(request, "impact/changes.html", context)


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest, change_id: int) -> HttpResponse:
    rows = with_reach(visible_changes(request.user)).select_related("program", "recorded_by")
    change = get_object_or_404(rows, pk=change_id)
    outcome = read_outcome(request.GET.get("outcome", ""))
    asked = asked_of(list(studied_programs(request.user)), change.program, outcome)
    line = change_line(change, asked)
    context = frame("changes", asked) | {
        "change": change,
        "line": line,
        "starts": reached_by_day(change.pk),
        "may_correct": editable_changes(request.user).filter(pk=change.pk).exists(),
    }
    if line.study is not None:
        context |= _found(line.study, outcome)
    return render(request, "impact/change.html", context)


def _found(study: ChangeStudy, outcome: Outcome) -> dict[str, Any]:
    return {
        "study": study,
        "reasons": change_reasons(study),
        "notes": change_notes(study),
        "before": before_sentence(study),
        "visible": visible_sentence(study),
        "spans": span_lines(study),
        "picture": change_picture(study, outcome) if study.average else None,
        "doubts": [CHANGE_DOUBTS[one] for one in study.doubts],
    }
