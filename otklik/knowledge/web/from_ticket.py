"""An article from a ticket in one step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.desk.public import visible_tickets
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.registry import Panel
from otklik.knowledge.models import Article
from otklik.knowledge.operations.articles import Settings, create_article
from otklik.knowledge.queries.tickets import Told, article_from, told_by
from otklik.knowledge.rules.personal import has_marks


@require_POST
@needs(Right.EDIT_ARTICLES)
def make(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """A draft with the question and the answer; pressed twice it is the same one."""
    rows = visible_tickets(request.user).select_related("partner", "contact", "customer")
    ticket = get_object_or_404(rows, pk=ticket_id)
    told = told_by(ticket)
    language = told.language if told.language in dict(settings.LANGUAGES) else get_language() or "en"
    body = _body(told, language)
    article = create_article(
        language=language,
        title=told.subject or f"#{ticket.pk}",
        body=body,
        settings=Settings(
            program_id=ticket.program_id,
            owner_id=request.user.pk,
            topic_ids=[ticket.topic_id] if ticket.topic_id else [],
            slug=_free_slug(ticket.pk),
        ),
        from_ticket_id=ticket.pk,
        created_key=f"ticket:{ticket.pk}",
        by=actor_for(request),
        at=now(),
    )
    if has_marks(body):
        text = _("What may name somebody stands between ⟦ and ⟧. Take it out, or only the marks.")
        messages.info(request, text)
    return redirect("article-edit", article.pk, article.source_language)


@require_safe
@needs(Right.EDIT_ARTICLES)
def beside(request: StaffRequest, ticket_id: int) -> HttpResponse:
    ticket = get_object_or_404(visible_tickets(request.user), pk=ticket_id)
    context = {"ticket": ticket, "article": article_from(ticket.pk)}
    return render(request, "knowledge/_ticket_panel.html", context)


def draw_panel(request: HttpRequest, ticket: Any) -> str:
    """A place only: what stands there is asked for when the page stands."""
    return render_to_string("knowledge/_ticket_place.html", {"ticket": ticket}, request=request)


ticket_panel = Panel("knowledge.article", draw_panel, 60, Right.EDIT_ARTICLES)


def _free_slug(ticket_id: int) -> str:
    """The subject may name somebody, and an address is kept for good."""
    slug = f"from-ticket-{ticket_id}"
    return "" if Article.objects.filter(slug=slug).exists() else slug


def _body(told: Told, language: str) -> str:
    with translation.override(language):
        question, answer = pgettext("heading", "Question"), pgettext("heading", "Answer")
        nothing = _("Nobody has answered yet: write what the answer is.")
    parts = [f"## {question}\n\n{told.question}"] if told.question else []
    return "\n\n".join([*parts, f"## {answer}\n\n{told.answer or nothing}"])
