"""An article's page for staff: what it says, who reads it, how it fares."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, signed_in
from otklik.kit.clock import now
from otklik.knowledge.access import visible_articles
from otklik.knowledge.models import Article, ArticleText
from otklik.knowledge.queries.listing import VIEWS_SINCE, voices_of
from otklik.knowledge.queries.shown import related_articles, shown_article
from otklik.knowledge.rules.visibility import Reader
from otklik.knowledge.rules.vocabulary import Visibility
from otklik.knowledge.web.files import staff_address
from otklik.knowledge.web.forms import VideoForm, languages
from otklik.partners.public import shown_timeline


@require_safe
@signed_in
def show(request: StaffRequest, article_id: int) -> HttpResponse:
    rows = visible_articles(request.user).select_related(
        "owner", "folder", "program", "from_ticket", "created_by"
    )
    article = get_object_or_404(rows, pk=article_id)
    wanted = request.GET.get("language", "")[:10] or get_language() or "en"
    shown = shown_article(article, wanted, staff_address)
    if shown is None:
        raise Http404
    lines, _more = shown_timeline("article", article.pk, rights=frozenset(request.user.rights))
    may_edit = request.user.may(Right.EDIT_ARTICLES)
    context = {
        "article": article,
        "shown": shown,
        "texts": _texts(article),
        "tiers": list(article.tiers.order_by("tier").values_list("tier", flat=True)),
        "topics": list(article.topics.all()),
        "voices": voices_of([article]).get(article.pk, (0, 0)),
        "views": article.views.filter(at__gte=now() - VIEWS_SINCE).count(),
        "related": related_articles(article, Reader(is_staff=True, language=shown.text.language)),
        "lines": lines,
        "today": timezone.localdate(now()),
        "may_edit": may_edit,
        "video_form": VideoForm() if may_edit else None,
        "new_languages": _new_languages(article) if may_edit else [],
        "public_url": _public_url(article, shown.text),
    }
    return render(request, "knowledge/article.html", context)


def _texts(article: Article) -> list[ArticleText]:
    """The source first."""
    texts = article.texts.defer("body", "words", "title_terms")
    return sorted(texts, key=lambda text: (text.language != article.source_language, text.language))


def _new_languages(article: Article) -> list[tuple[str, str]]:
    there = set(article.texts.values_list("language", flat=True))
    return [one for one in languages() if one[0] not in there]


def _public_url(article: Article, text: ArticleText) -> str:
    if article.visibility != Visibility.PUBLIC or article.published_at is None:
        return ""
    return reverse("public-article", args=[text.language, article.slug])
