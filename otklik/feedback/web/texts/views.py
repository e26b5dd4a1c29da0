"""Comments: what they say, and one of them with everything that was read in it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.feedback.access import scope_of, visible_responses, visible_surveys
from otklik.feedback.operations.comment_summaries import ask_summary, latest_summary, summariser
from otklik.feedback.queries.comment_report import comment_report, topic_names
from otklik.feedback.queries.comment_rows import comment_rows
from otklik.feedback.rules.vocabulary import ResponseStatus
from otklik.feedback.web.texts.filters import read_comment_filter
from otklik.feedback.web.texts.pages import CommentsPage, name_of, quote
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_safe
@needs(Right.SEE_FEEDBACK)
def comments(request: StaffRequest) -> HttpResponse:
    asked = read_comment_filter(request.GET.dict(), timezone.localdate(now()))
    report = comment_report(scope_of(request.user), asked.chosen)
    surveys = visible_surveys(request.user).order_by("name", "pk").values_list("pk", "name")[:200]
    context = {
        "page": CommentsPage(report, asked, surveys),
        "may": {"edit": request.user.may(Right.RUN_SURVEYS)},
        "summary": latest_summary(asked.chosen) if _may_sum_up(request) else None,
        "sums_up": _may_sum_up(request),
    }
    return render(request, "feedback/texts/comments.html", context)


@require_POST
@needs(Right.RUN_SURVEYS)
def summary(request: StaffRequest) -> HttpResponse:
    """Of what the page shows under the same filter, whatever its language: it is made later, by a job."""
    if not _may_sum_up(request):
        raise Http404
    asked = read_comment_filter(request.POST.dict(), timezone.localdate(now()))
    if asked.chosen.survey_id is not None:
        get_object_or_404(visible_surveys(request.user), pk=asked.chosen.survey_id)
    language = (get_language() or "en").split("-")[0]
    ask_summary(asked.chosen, language=language, by=actor_for(request), at=now())
    messages.success(request, _("The comments are being summed up. Open this page again in a minute."))
    return redirect(f"{reverse('survey-comments')}?{asked.query(topic='', word='', language='')}")


def _may_sum_up(request: StaffRequest) -> bool:
    """A summary is of all comments, so that nobody reads in it what they may not read elsewhere."""
    return summariser() is not None and scope_of(request.user).is_everything


@require_safe
@needs(Right.SEE_FEEDBACK)
def comment(request: StaffRequest, response_id: int) -> HttpResponse:
    visible = visible_responses(scope_of(request.user)).filter(status=ResponseStatus.COMPLETE)
    answer = get_object_or_404(visible.exclude(comment="").select_related("contact"), pk=response_id)
    (row,) = comment_rows(visible.filter(pk=answer.pk))
    names = topic_names()
    topics = [
        {
            "name": name_of(names[key]),
            "words": dict.fromkeys(row.text[start:end] for start, end in places),
            "sentiment": row.topic_sentiments[key],
        }
        for key, places in row.topics.items()
        if key in names
    ]
    places = [place for found in row.topics.values() for place in found]
    context = {
        "answer": answer,
        "row": row,
        "quote": quote(row, places, longest=len(row.text)),
        "is_cut": len(answer.comment) > len(row.text) + 100,
        "topics": topics,
    }
    return render(request, "feedback/texts/comment.html", context)
