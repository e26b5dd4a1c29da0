"""What an article said before, what changed, and going back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.knowledge.access import editable_articles
from otklik.knowledge.models import ArticleText, ArticleVersion
from otklik.knowledge.operations.locking import TextChangedMeanwhile
from otklik.knowledge.operations.texts import MarksLeft, restore_version
from otklik.knowledge.rules.diff import compare

A_PAGE = 50


@require_safe
@needs(Right.EDIT_ARTICLES)
def listed(request: StaffRequest, article_id: int, language: str) -> HttpResponse:
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    rows = ArticleVersion.objects.filter(article=article, language=language).select_related("by")
    if not rows.exists():
        raise Http404
    page = Paginator(rows.defer("body").order_by("-number"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "article": article,
        "language": language,
        "page": page,
        "text": _text(article.pk, language),
    }
    return render(request, "knowledge/versions.html", context)


@require_safe
@needs(Right.EDIT_ARTICLES)
def show(request: StaffRequest, article_id: int, language: str, number: int) -> HttpResponse:
    """A version beside the one before it, or beside any other (``?with=``)."""
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    rows = ArticleVersion.objects.filter(article=article, language=language).select_related("by")
    version = get_object_or_404(rows, number=number)
    other_number = _number(request.GET.get("with", "")) or number - 1
    other = rows.filter(number=other_number).first()
    context = {
        "article": article,
        "language": language,
        "version": version,
        "other": other,
        "title_rows": compare(other.title, version.title) if other else [],
        "rows": compare(other.body, version.body) if other else [],
        "text": _text(article.pk, language),
    }
    return render(request, "knowledge/version.html", context)


@require_POST
@needs(Right.EDIT_ARTICLES)
def restore(request: StaffRequest, article_id: int, language: str, number: int) -> HttpResponse:
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    based_on = _number(request.POST.get("based_on", "")) or 0
    try:
        restore_version(
            article_id=article.pk,
            language=language,
            number=number,
            based_on=based_on,
            by=actor_for(request),
            at=now(),
        )
    except ArticleVersion.DoesNotExist as error:
        raise Http404 from error
    except TextChangedMeanwhile:
        messages.error(request, _("Somebody saved a newer version meanwhile. Look at it first."))
    except MarksLeft as left:
        text = _("Not published: ⟦ and ⟧ still mark what may name somebody (%(languages)s).")
        messages.error(request, text % {"languages": ", ".join(left.languages)})
    else:
        text = _("Version %(number)s is the text again. Those after it are kept.")
        messages.success(request, text % {"number": number})
    return redirect("article-versions", article.pk, language)


def _text(article_id: int, language: str) -> ArticleText | None:
    rows = ArticleText.objects.filter(article_id=article_id, language=language)
    return rows.defer("body", "words", "title_terms").first()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
