"""Articles for everybody: no sign-in, no cookies of its own, one address for each language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.kit.limits import count
from otklik.knowledge.labels import WHY_NOT
from otklik.knowledge.models import ArticleText, Attachment, Folder
from otklik.knowledge.operations.readers import give_feedback, record_view
from otklik.knowledge.queries.reading import readable_articles, texts_for
from otklik.knowledge.queries.searching import Results, search
from otklik.knowledge.queries.shown import ShownArticle, related_articles, shown_article
from otklik.knowledge.rules.visibility import Reader
from otklik.knowledge.rules.vocabulary import CameFrom
from otklik.knowledge.web.answers import verdict_from
from otklik.knowledge.web.files import file_answer

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Shelf = tuple[Folder | None, list[ArticleText]]
_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?", re.IGNORECASE)
MOST_FOUND = 20
MOST_LISTED = 500
LIMITS = {"search": "600/h/ip", "feedback": "60/h/ip"}


def in_language(view: View[P]) -> View[P]:
    """The address says the language. One of an article may be none of our pages': then these are in the
    visitor's."""

    @wraps(view)
    def spoken(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        language = str(kwargs["language"])
        if _CODE.fullmatch(language) is None:
            raise Http404
        own = language if language in dict(settings.LANGUAGES) else get_language() or "en"
        with translation.override(own):
            response = view(request, *args, **kwargs)
        response["Content-Language"] = language
        response["Referrer-Policy"] = "same-origin"
        return response

    return spoken


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect("public-articles", get_language() or "en")


@require_safe
@in_language
def listed(request: HttpRequest, language: str) -> HttpResponse:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    reader = Reader(language=language)
    query = request.GET.get("q", "")[:200].strip()
    context = {
        "language": language,
        "query": query,
        "languages": [(code, name, _home(code)) for code, name in settings.LANGUAGES],
        "results": _found(request, query, reader) if query else None,
        "folders": [] if query else _shelves(reader),
    }
    return render(request, "knowledge/public/list.html", context)


@require_safe
@in_language
def show(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    reader = Reader(language=language)
    article = get_object_or_404(readable_articles(reader).select_related("folder"), slug=slug)
    shown = shown_article(article, language, public_address)
    if shown is None:
        raise Http404
    if shown.text.language != language:
        return redirect("public-article", shown.text.language, slug)
    if not request.user.is_authenticated and request.method == "GET":
        came = CameFrom.SEARCH if request.GET.get("from") == "search" else CameFrom.PUBLIC
        record_view(
            article_id=article.pk, language=language, came_from=came, visit=visit_of(request), at=now()
        )
    return _page(request, shown, reader)


@require_POST
@in_language
def feedback(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    reader = Reader(language=language)
    article = get_object_or_404(readable_articles(reader).filter(texts__language=language), slug=slug)
    verdict = verdict_from(request.POST)
    shown = shown_article(article, language, public_address) if verdict and verdict.is_too_long else None
    if verdict is not None and shown is not None:
        return _page(request, shown, reader, kept=verdict.words)
    at = now()
    if verdict is not None and not is_too_often(request, "feedback", at=at):
        give_feedback(
            article_id=article.pk,
            language=language,
            verdict=verdict,
            by=Actor.system(),
            visit=visit_of(request),
            at=at,
        )
    return redirect(f"{reverse('public-article', args=[language, slug])}?thanks=1#helped")


@require_safe
def file(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    rows = Attachment.objects.filter(article__in=readable_articles(Reader()))
    return file_answer(get_object_or_404(rows, pk=attachment_id))


def public_address(attachment_id: int) -> str:
    return reverse("public-article-file", args=[attachment_id])


def visit_of(request: HttpRequest) -> str:
    """Tells visitors of one day apart. Nothing is kept in their browser, and nothing about them here: the
    digest cannot be turned back, and is another one tomorrow."""
    address = ratelimit.get_cache_key(
        request, app="otklik.knowledge", action="visit", rate=_rates("1/d/ip")[0], key=""
    )
    said = f"{address}|{request.headers.get('User-Agent', '')[:200]}|{now().date()}"
    return salted_hmac("otklik.knowledge.visit", said).hexdigest()[:32]


def is_too_often(request: HttpRequest, action: str, *, at: datetime) -> bool:
    """Counts this time."""
    rates = _rates(LIMITS[action])
    with transaction.atomic():
        return any(
            count(
                ratelimit.get_cache_key(request, app="otklik.knowledge", action=action, rate=rate, key=""),
                span=timedelta(seconds=rate.duration),
                at=at,
            )
            > rate.amount
            for rate in rates
        )


def _rates(limits: str) -> list[Any]:
    return list(ratelimit.parse_rates(limits))


def _found(request: HttpRequest, query: str, reader: Reader) -> Results:
    if is_too_often(request, "search", at=now()):
        return Results([])
    return search(query, reader, MOST_FOUND)


def _shelves(reader: Reader) -> list[Shelf]:
    rows = list(readable_articles(reader).select_related("folder").order_by("slug")[:MOST_LISTED])
    texts = texts_for(rows, reader.language)
    shelves: dict[int | None, Shelf] = {}
    for row in rows:
        if row.pk in texts:
            shelves.setdefault(row.folder_id, (row.folder, []))[1].append(texts[row.pk])
    last = 10_000
    return sorted(shelves.values(), key=lambda shelf: shelf[0].position if shelf[0] else last)


def _page(request: HttpRequest, shown: ShownArticle, reader: Reader, *, kept: str = "") -> HttpResponse:
    """``kept``: words on what is wrong with it that were too many."""
    codes = sorted([shown.text.language, *shown.others])
    context = {
        "shown": shown,
        "language": shown.text.language,
        "related": related_articles(shown.article, reader),
        "alternates": [(code, _absolute(code, shown.article.slug)) for code in codes],
        "why_not": list(WHY_NOT.items()),
        "was_thanked": request.GET.get("thanks") == "1",
        "kept": kept,
    }
    return render(request, "knowledge/public/article.html", context, status=422 if kept else 200)


def _absolute(language: str, slug: str) -> str:
    return f"{settings.OTKLIK.public_url.rstrip('/')}{reverse('public-article', args=[language, slug])}"


def _home(language: str) -> str:
    return reverse("public-articles", args=[language])
