"""A machine's draft in the editor of a translation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.desk.public import TranslationOff, is_translating
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.knowledge.access import editable_articles
from otklik.knowledge.models import Article, DraftTranslation
from otklik.knowledge.operations.drafting import ask_draft
from otklik.knowledge.rules.vocabulary import DraftState
from otklik.knowledge.web.forms import languages


@dataclass(frozen=True, slots=True)
class Machine:
    """``state`` "": nobody has asked for a draft."""

    state: str


def machine_for(article: Article, language: str) -> Machine | None:
    """None where nothing is translated, and for the source."""
    if language == article.source_language or not is_translating():
        return None
    rows = DraftTranslation.objects.filter(article=article, language=language)
    return Machine(rows.values_list("state", flat=True).first() or "")


def drafted(request: HttpRequest, article: Article, language: str) -> dict[str, Any]:
    """What the form begins with where its editor took the draft; the rest is as it would be."""
    if "machine" not in request.GET:
        return {}
    row = DraftTranslation.objects.filter(article=article, language=language, state=DraftState.MADE).first()
    return {"title": row.title, "body": row.body, "source_number": row.source_number} if row else {}


@require_POST
@needs(Right.EDIT_ARTICLES)
def ask(request: StaffRequest, article_id: int, language: str) -> HttpResponse:
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    if language not in dict(languages()) or language == article.source_language:
        raise Http404
    try:
        ask_draft(article_id=article.pk, language=language, by=actor_for(request), at=now())
    except TranslationOff:
        messages.error(request, _("Translation is switched off."))
    return redirect("article-edit", article.pk, language)
