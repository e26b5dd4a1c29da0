"""Comments: what they say, and one of them with everything that was read in it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from otklik.feedback.access import scope_of, visible_responses, visible_surveys
from otklik.feedback.queries.comment_report import comment_report, topic_names
from otklik.feedback.queries.comment_rows import comment_rows
from otklik.feedback.rules.vocabulary import ResponseStatus
from otklik.feedback.web.texts.filters import read_comment_filter
from otklik.feedback.web.texts.pages import CommentsPage, name_of, quote
from otklik.identity.public import Right, StaffRequest, needs
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
    }
    return render(request, "feedback/texts/comments.html", context)


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
