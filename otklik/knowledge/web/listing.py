"""The list of articles, and those that wait for a second look."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs, signed_in, staff_choices
from otklik.kit.clock import now
from otklik.knowledge import labels
from otklik.knowledge.access import visible_articles
from otklik.knowledge.models import Article, ArticleText, Folder
from otklik.knowledge.queries.exporting import exported_files
from otklik.knowledge.queries.listing import LOOKS, ArticleFilter, due_for_review, filtered, lines
from otklik.partners.public import language_name

A_PAGE = 50
LOOK_WORDS = {
    "stale": gettext_lazy("a translation is out of date"),
    "review": gettext_lazy("a second look is due"),
    "helps": gettext_lazy("readers say it helps"),
    "fails": gettext_lazy("readers say it does not help"),
}


@require_safe
@signed_in
def listed(request: StaffRequest) -> HttpResponse:
    chosen = filter_from(request.GET)
    today = timezone.localdate(now())
    rows = filtered(visible_articles(request.user), chosen, today=today).select_related("owner", "folder")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    language = get_language() or "en"
    context = {
        "page": page,
        "lines": lines(page.object_list, language, at=now(), today=today),
        "chosen": chosen,
        "is_narrowed": chosen != ArticleFilter(),
        "choices": _choices(language),
        "may_edit": request.user.may(Right.EDIT_ARTICLES),
        "today": today,
    }
    return render(request, "knowledge/list.html", context)


@require_safe
@signed_in
def reviews(request: StaffRequest) -> HttpResponse:
    """Whose day has come: mine first, then those that nobody keeps, then everybody's."""
    today = timezone.localdate(now())
    due = due_for_review(visible_articles(request.user), today).select_related("owner", "folder")
    language = get_language() or "en"
    parts = [
        (_("Mine"), due.filter(owner=request.user)),
        (_("Kept by nobody"), due.filter(owner=None)),
        (_("Kept by colleagues"), due.exclude(owner=request.user).exclude(owner=None)),
    ]
    groups = [
        (name, lines(rows.order_by("review_on", "pk")[:A_PAGE], language, at=now(), today=today))
        for name, rows in parts
    ]
    context = {"groups": [group for group in groups if group[1]], "today": today}
    return render(request, "knowledge/reviews.html", context)


@require_safe
@needs(Right.EDIT_ARTICLES)
def export(request: StaffRequest) -> HttpResponse:
    """What the list is narrowed to, as files that ``otklik import articles`` takes."""
    today = timezone.localdate(now())
    rows = filtered(visible_articles(request.user), filter_from(request.GET), today=today)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in exported_files(rows):
            archive.writestr(name, text)
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="articles.zip"'
    return response


def filter_from(query: QueryDict) -> ArticleFilter:
    """Whatever stands in the address; odd values are taken as not given."""
    look = query.get("look", "")
    return ArticleFilter(
        q=query.get("q", "")[:200],
        state=_one_of(query.get("state", ""), labels.STATES),
        language=query.get("language", "")[:10],
        visibility=_one_of(query.get("visibility", ""), labels.VISIBILITIES),
        folder=_number(query.get("folder", "")),
        owner=_number(query.get("owner", "")),
        look=look if look in LOOKS else "",
    )


def _one_of(text: str, words: labels.Words) -> str:
    return text if text in words else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _choices(language: str) -> dict[str, list[tuple[Any, Any]]]:
    codes = ArticleText.objects.order_by("language").values_list("language", flat=True).distinct()
    owners = set(Article.objects.exclude(owner=None).values_list("owner", flat=True))
    return {
        "state": list(labels.STATES.items()),
        "visibility": list(labels.VISIBILITIES.items()),
        "language": [(code, language_name(code) or code) for code in codes],
        "folder": [(row.pk, row.name_in(language)) for row in Folder.objects.all()],
        "owner": [(pk, name) for pk, name in staff_choices() if pk in owners],
        "look": list(LOOK_WORDS.items()),
    }
