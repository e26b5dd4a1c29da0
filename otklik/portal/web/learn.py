"""Articles as partners' people read them: folders, search as one types, and whether an article helped."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from otklik.kit.clock import now
from otklik.knowledge.public import (
    WHY_NOT,
    Article,
    ArticleText,
    Attachment,
    CameFrom,
    Folder,
    Reader,
    ShownArticle,
    file_answer,
    give_feedback,
    readable_articles,
    record_view,
    related_articles,
    search,
    shown_article,
    texts_for,
    verdict_from,
)
from otklik.portal.web.guard import Person, PortalRequest, actor_for_person, person_page

_FOUND, _NEWEST, _IN_FOLDER = 20, 8, 200


@require_safe
@person_page
def learn(request: PortalRequest) -> HttpResponse:
    """The part with the results alone where somebody is typing."""
    reader = reader_of(request.person)
    # Not stripped: a space at the end says that the last word is typed to its end.
    query = request.GET.get("q", "")[:400]
    context: dict[str, Any] = {"query": query}
    if query.strip():
        context["results"] = search(query, reader, _FOUND)
    else:
        readable = readable_articles(reader)
        context |= {"folders": _folders(readable, reader), "newest": _newest(readable, reader)}
    is_typing = request.headers.get("HX-Target") == "learn-results"
    return render(request, "portal/learn/_results.html" if is_typing else "portal/learn/learn.html", context)


@require_safe
@person_page
def folder(request: PortalRequest, folder_id: int) -> HttpResponse:
    """A folder in which this person may read nothing is not there."""
    reader = reader_of(request.person)
    rows = list(readable_articles(reader).filter(folder_id=folder_id).order_by("slug")[:_IN_FOLDER])
    texts = texts_for(rows, reader.language)
    if not texts:
        raise Http404
    context = {
        "name": get_object_or_404(Folder, pk=folder_id).name_in(reader.language),
        "texts": sorted(texts.values(), key=lambda text: text.title.casefold()),
    }
    return render(request, "portal/learn/folder.html", context)


@require_safe
@person_page
def article(request: PortalRequest, slug: str) -> HttpResponse:
    reader = reader_of(request.person)
    row = get_object_or_404(readable_articles(reader).select_related("folder"), slug=slug)
    shown = shown_article(row, request.GET.get("language", "")[:10] or reader.language, file_address)
    if shown is None:
        raise Http404
    if request.method == "GET":
        record_view(
            article_id=row.pk,
            language=shown.text.language,
            came_from=_came_from(request.GET.get("from", "")),
            contact_id=request.person.contact.pk,
            at=now(),
        )
    return _article_page(request, row, shown, reader)


def _article_page(
    request: PortalRequest, row: Article, shown: ShownArticle, reader: Reader, *, kept: str = ""
) -> HttpResponse:
    """``kept``: words on what is wrong with it that were too many."""
    context = {
        "shown": shown,
        "folder_name": row.folder.name_in(reader.language) if row.folder else "",
        "related": related_articles(row, reader),
        "why_not": list(WHY_NOT.items()),
        "was_thanked": request.GET.get("thanks") == "1",
        "person_url": reverse("portal-ask"),
        "action": f"{reverse('portal-article-helped', args=[row.slug])}?language={shown.text.language}",
        "kept": kept,
    }
    return render(request, "portal/learn/article.html", context, status=422 if kept else 200)


@require_POST
@person_page
def helped(request: PortalRequest, slug: str) -> HttpResponse:
    """Sent twice it is one word: the second takes the first one's place."""
    reader = reader_of(request.person)
    language = request.GET.get("language", "")[:10]
    rows = readable_articles(reader).filter(texts__language=language)
    row = get_object_or_404(rows.select_related("folder"), slug=slug)
    verdict = verdict_from(request.POST)
    if verdict is not None and verdict.is_too_long:
        shown = shown_article(row, language, file_address)
        if shown is not None:
            return _article_page(request, row, shown, reader, kept=verdict.words)
    address = f"{reverse('portal-article', args=[slug])}?language={language}"
    if verdict is not None:
        give_feedback(
            article_id=row.pk, language=language, verdict=verdict, by=actor_for_person(request), at=now()
        )
        address = f"{reverse('portal-article', args=[slug])}?language={language}&thanks=1#helped"
    return redirect(address)


@require_safe
@person_page
def file(request: PortalRequest, attachment_id: int) -> HttpResponseBase:
    rows = Attachment.objects.filter(article__in=readable_articles(reader_of(request.person)))
    return file_answer(get_object_or_404(rows, pk=attachment_id))


def reader_of(person: Person) -> Reader:
    return Reader(
        program_id=person.program.pk,
        partner_id=person.partner.pk,
        tier=person.partner.tier,
        contact_id=person.contact.pk,
        language=person.language,
    )


def file_address(attachment_id: int) -> str:
    return reverse("portal-article-file", args=[attachment_id])


def _folders(readable: QuerySet[Article], reader: Reader) -> list[tuple[int, str, int]]:
    """Those in which this person may read something, with how much: id, name, articles."""
    counts = dict(readable.order_by().values_list("folder_id").annotate(count=Count("pk")))
    rows = Folder.objects.filter(pk__in=[pk for pk in counts if pk is not None])
    return [(row.pk, row.name_in(reader.language), counts[row.pk]) for row in rows]


def _newest(readable: QuerySet[Article], reader: Reader) -> list[ArticleText]:
    rows = list(readable.order_by("-updated_at", "pk")[:_NEWEST])
    texts = texts_for(rows, reader.language)
    return [texts[row.pk] for row in rows if row.pk in texts]


def _came_from(said: str) -> CameFrom:
    return CameFrom(said) if said in list(CameFrom) and said != CameFrom.PUBLIC else CameFrom.PORTAL
