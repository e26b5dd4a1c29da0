"""Making articles and writing their texts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.knowledge.access import editable_articles
from otklik.knowledge.models import Article, ArticleText, ArticleVersion
from otklik.knowledge.operations.articles import SlugTaken, create_article
from otklik.knowledge.operations.locking import TextChangedMeanwhile
from otklik.knowledge.operations.texts import (
    LONGEST_BODY,
    EmptyText,
    MarksLeft,
    SourceStays,
    Written,
    mark_fresh,
    remove_text,
    save_text,
)
from otklik.knowledge.rendering import article_html
from otklik.knowledge.rules.diff import Row, compare
from otklik.knowledge.web.drafting import drafted, machine_for
from otklik.knowledge.web.files import staff_address
from otklik.knowledge.web.forms import ArticleForm, SourceForm, TextForm, TranslationForm, languages


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_ARTICLES)
def new(request: StaffRequest) -> HttpResponse:
    start = {"language": get_language() or "en", "owner": request.user.pk, "visibility": "partners"}
    form = ArticleForm(request.POST or None, initial=start, user=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            article = create_article(
                language=said["language"],
                title=said["title"],
                body=said["body"],
                settings=form.settings(),
                note=said["note"],
                created_key=f"form:{said['form_key']}",
                by=actor_for(request),
                at=now(),
            )
        except SlugTaken:
            form.add_error("slug", _("Another article has this address."))
        else:
            return redirect("article", article.pk)
    context = {"form": form, "text_names": ("language", "title", "body", "note")}
    return render(request, "knowledge/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_ARTICLES)
def edit(request: StaffRequest, article_id: int, language: str) -> HttpResponse:
    """A text, or a new translation. What somebody else saved meanwhile is shown beside what was typed."""
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    if language not in dict(languages()):
        raise Http404
    text = article.texts.filter(language=language).first()
    source = get_object_or_404(ArticleText, article=article, language=article.source_language)
    is_source = language == article.source_language
    if request.method != "POST":
        begun = _form(text, source, is_source)
        begun.initial = {**begun.initial, **drafted(request, article, language)}
        return _editor(request, article, language, source, begun)
    form: TextForm = SourceForm(request.POST) if is_source else TranslationForm(request.POST)
    if not form.is_valid():
        return _editor(request, article, language, source, form, status=422)
    try:
        save_text(
            article_id=article.pk,
            language=language,
            written=_written(form),
            by=actor_for(request),
            at=now(),
        )
    except EmptyText:
        form.add_error("body", _("Write the text."))
        return _editor(request, article, language, source, form, status=422)
    except MarksLeft:
        left = _("What may name somebody stands between ⟦ and ⟧. Take it out, or only the marks.")
        form.add_error("body", left)
        return _editor(request, article, language, source, form, status=422)
    except TextChangedMeanwhile as meanwhile:
        return _both(request, article, form, meanwhile.current)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('article', args=[article.pk])}?language={language}")


@require_POST
@needs(Right.EDIT_ARTICLES)
def preview(request: StaffRequest, article_id: int | None = None) -> HttpResponse:
    files = []
    if article_id is not None:
        article = get_object_or_404(editable_articles(request.user), pk=article_id)
        files = list(article.attachments.all())
    html = article_html(request.POST.get("body", "")[:LONGEST_BODY], files, staff_address)
    context = {"html": html, "title": request.POST.get("title", "")[:200]}
    return render(request, "knowledge/_preview.html", context)


@require_POST
@needs(Right.EDIT_ARTICLES)
def fresh(request: StaffRequest, article_id: int, language: str) -> HttpResponse:
    """Somebody has compared the translation with the original."""
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    number = request.POST.get("source_number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Http404
    try:
        mark_fresh(
            article_id=article.pk,
            language=language,
            source_number=int(number),
            by=actor_for(request),
            at=now(),
        )
    except ArticleText.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The translation counts as up to date."))
    return redirect(f"{reverse('article', args=[article.pk])}?language={language}")


@require_POST
@needs(Right.EDIT_ARTICLES)
def remove(request: StaffRequest, article_id: int, language: str) -> HttpResponse:
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    try:
        remove_text(article_id=article.pk, language=language, by=actor_for(request), at=now())
    except (ArticleText.DoesNotExist, SourceStays) as error:
        raise Http404 from error
    messages.success(request, _("The translation was taken away; its versions are kept."))
    return redirect("article", article.pk)


def _form(text: ArticleText | None, source: ArticleText, is_source: bool) -> TextForm:
    initial: dict[str, Any] = {"based_on": text.number if text else None}
    if text is not None:
        initial |= {"title": text.title, "body": text.body}
    if is_source:
        return SourceForm(initial=initial)
    return TranslationForm(initial=initial | {"source_number": source.number})


def _written(form: TextForm) -> Written:
    said = form.cleaned_data
    return Written(
        title=said["title"],
        body=said["body"],
        note=said["note"],
        based_on=said["based_on"],
        made_from=said.get("source_number") if said.get("says_the_same") else None,
        is_small=bool(said.get("is_small")),
    )


def _editor(
    request: StaffRequest,
    article: Article,
    language: str,
    source: ArticleText,
    form: TextForm,
    *,
    theirs: ArticleText | None = None,
    apart: list[Row] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_source = language == article.source_language
    text = article.texts.filter(language=language).first()
    context = {
        "article": article,
        "language": language,
        "form": form,
        "is_source": is_source,
        "source": source,
        "source_html": ""
        if is_source
        else article_html(source.body, article.attachments.all(), staff_address),
        "source_changes": [] if is_source else _source_changes(article, text, source),
        "files": list(article.attachments.order_by("filename")),
        "theirs": theirs,
        "apart": apart,
        "machine": machine_for(article, language),
    }
    return render(request, "knowledge/edit.html", context, status=status)


def _source_changes(article: Article, text: ArticleText | None, source: ArticleText) -> list[Row]:
    """What the original says otherwise than when the translation was made."""
    if text is None or not text.made_from or text.made_from >= source.number:
        return []
    rows = ArticleVersion.objects.filter(article=article, language=source.language, number=text.made_from)
    before = rows.first()
    return compare(before.body, source.body) if before else []


def _both(request: StaffRequest, article: Article, form: TextForm, theirs: ArticleText) -> HttpResponse:
    """What was typed stays; saving once more puts it in the place of theirs, which the versions keep."""
    source = ArticleText.objects.get(article=article, language=article.source_language)
    data = {**request.POST.dict(), "based_on": str(theirs.number) if theirs.number else ""}
    again = type(form)(data)
    again.is_valid()
    apart = compare(theirs.body, form.cleaned_data["body"])
    return _editor(request, article, theirs.language, source, again, theirs=theirs, apart=apart, status=409)
