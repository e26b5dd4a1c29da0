"""What readers say of articles."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.knowledge.access import editable_articles
from otklik.knowledge.models import Feedback
from otklik.knowledge.operations.readers import deal_with_feedback
from otklik.knowledge.queries.reading import texts_for

A_PAGE = 50
SHOWN = ("open", "all")


@require_safe
@needs(Right.EDIT_ARTICLES)
def listed(request: StaffRequest) -> HttpResponse:
    """Those that say "no" and wait to be dealt with; or all of them, or of one article."""
    shown = request.GET.get("show", "open")
    rows = Feedback.objects.filter(article__in=editable_articles(request.user))
    rows = rows.select_related("article", "contact__partner").order_by("-at", "-pk")
    article_id = request.GET.get("article", "")
    if article_id.isascii() and article_id.isdigit() and len(article_id) < 19:
        rows = rows.filter(article_id=int(article_id))
    if shown != "all":
        rows = rows.filter(helped=False, dealt_with_at=None)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    texts = texts_for([row.article for row in found], get_language() or "en")
    context = {
        "page": page,
        "lines": [(row, texts.get(row.article_id)) for row in found],
        "shows_all": shown == "all",
    }
    return render(request, "knowledge/feedback.html", context)


@require_POST
@needs(Right.EDIT_ARTICLES)
def done(request: StaffRequest, feedback_id: int) -> HttpResponse:
    rows = Feedback.objects.filter(article__in=editable_articles(request.user))
    row = get_object_or_404(rows, pk=feedback_id)
    deal_with_feedback(feedback_id=row.pk, by=actor_for(request), at=now())
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("article-feedback")
