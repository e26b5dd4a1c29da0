"""Who reads an article, where it stands, and whether it is out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.knowledge.access import editable_articles
from otklik.knowledge.models import Article
from otklik.knowledge.operations.articles import (
    NothingToPublish,
    SlugStays,
    SlugTaken,
    archive_article,
    change_article,
    publish_article,
    review_article,
)
from otklik.knowledge.operations.locking import ArticleChangedMeanwhile
from otklik.knowledge.operations.texts import MarksLeft
from otklik.knowledge.web.forms import SettingsForm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_ARTICLES)
def edit(request: StaffRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    form = SettingsForm(request.POST or None, initial=_now(article), user=request.user, article=article)
    version = _version(request.POST.get("version", "")) or article.version
    if request.method != "POST" or not form.is_valid():
        return _shown(request, article, form, version, status=422 if form.errors else 200)
    try:
        change_article(
            article_id=article.pk,
            settings=form.settings(),
            version=version,
            by=actor_for(request),
            at=now(),
        )
    except ArticleChangedMeanwhile as meanwhile:
        now_other = SettingsForm(initial=_now(meanwhile.current), user=request.user)
        return _shown(
            request, article, form, meanwhile.current.version, theirs=_apart(form, now_other), status=409
        )
    except (SlugTaken, SlugStays):
        form.add_error("slug", _("Another article has this address."))
        return _shown(request, article, form, version, status=422)
    messages.success(request, _("Saved."))
    return redirect("article", article.pk)


@require_POST
@needs(Right.EDIT_ARTICLES)
def publish(request: StaffRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    try:
        publish_article(article_id=article.pk, by=actor_for(request), at=now())
    except NothingToPublish:
        messages.error(request, _("Write the text first."))
    except MarksLeft as left:
        text = _("Not published: ⟦ and ⟧ still mark what may name somebody (%(languages)s).")
        messages.error(request, text % {"languages": ", ".join(left.languages)})
    else:
        messages.success(request, _("Published."))
    return redirect("article", article.pk)


@require_POST
@needs(Right.EDIT_ARTICLES)
def archive(request: StaffRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    archive_article(article_id=article.pk, by=actor_for(request), at=now())
    messages.success(request, _("In the archive: only staff find it now."))
    return redirect("article", article.pk)


@require_POST
@needs(Right.EDIT_ARTICLES)
def review(request: StaffRequest, article_id: int) -> HttpResponse:
    """It was read again and still holds."""
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    try:
        next_on = parse_date(request.POST.get("next_on", ""))
    except ValueError:
        next_on = None
    review_article(article_id=article.pk, next_on=next_on, by=actor_for(request), at=now())
    messages.success(request, _("Noted: it still holds."))
    return redirect("article", article.pk)


def _now(article: Article) -> dict[str, Any]:
    names = ("visibility", "program", "folder", "owner", "review_on", "slug")
    return {
        **{name: getattr(article, name) for name in names},
        "tiers": ", ".join(article.tiers.order_by("tier").values_list("tier", flat=True)),
        "topics": list(article.topics.all()),
    }


def _shown(
    request: StaffRequest,
    article: Article,
    form: SettingsForm,
    version: int,
    *,
    theirs: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"article": article, "form": form, "version": version, "theirs": theirs}
    return render(request, "knowledge/settings.html", context, status=status)


def _apart(typed: SettingsForm, other: SettingsForm) -> list[tuple[str, str]]:
    """What stands there now where something else was typed, by the fields' names."""
    found = []
    for name, field in typed.fields.items():
        theirs = other.initial.get(name)
        if field.has_changed(field.prepare_value(theirs), typed[name].data):
            many = theirs if isinstance(theirs, list) else [theirs]
            said = ", ".join(str(one) for one in many if one not in (None, "")) or "–"
            found.append((str(field.label), said))
    return found


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
