"""The staff's list of articles and what stands beside each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from otklik.knowledge.models import Article, ArticleText, Feedback, View
from otklik.knowledge.operations.indexing import KIND
from otklik.knowledge.rules.languages import best_language
from otklik.knowledge.rules.vocabulary import ArticleState, TextState
from otklik.search.public import matching_ids

VIEWS_SINCE = timedelta(days=30)
FEW_VOICES = 3
"""Words of readers below which an article neither helps nor fails."""


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """``folder`` 0: in none. ``owner``: a user's id. ``look``: "stale", "review", "helps", "fails"."""

    q: str = ""
    state: str = ""
    language: str = ""
    visibility: str = ""
    folder: int | None = None
    owner: int | None = None
    look: str = ""


LOOKS = ("stale", "review", "helps", "fails")


@dataclass(frozen=True, slots=True)
class Line:
    article: Article
    text: ArticleText
    languages: Sequence[tuple[str, bool]]
    """Codes, each with whether the text is out of date; the source's first."""
    views: int = 0
    helped: int = 0
    voices: int = 0
    is_due: bool = False


def filtered(articles: QuerySet[Article], chosen: ArticleFilter, *, today: date) -> QuerySet[Article]:
    """The latest change first. Only articles that have a text."""
    found = articles.filter(Exists(ArticleText.objects.filter(article=OuterRef("pk"))))
    if chosen.q.strip():
        ids = matching_ids(chosen.q, KIND)
        texts = ArticleText.objects.filter(pk__in=ids) if ids is not None else ArticleText.objects.none()
        found = found.filter(pk__in=texts.values("article_id"))
    for field in ("state", "visibility"):
        if getattr(chosen, field):
            found = found.filter(**{field: getattr(chosen, field)})
    if chosen.language:
        found = found.filter(texts__language=chosen.language)
    if chosen.folder is not None:
        found = found.filter(folder=chosen.folder) if chosen.folder else found.filter(folder=None)
    if chosen.owner is not None:
        found = found.filter(owner_id=chosen.owner)
    return _looked(found, chosen.look, today).order_by("-updated_at", "pk")


def _looked(found: QuerySet[Article], look: str, today: date) -> QuerySet[Article]:
    if look == "stale":
        stale = ArticleText.objects.filter(article=OuterRef("pk"), state=TextState.STALE)
        return found.exclude(state=ArticleState.ARCHIVED).filter(Exists(stale))
    if look == "review":
        return due_for_review(found, today)
    if look in ("helps", "fails"):
        return _by_voices(found, helps=look == "helps")
    return found


def due_for_review(articles: QuerySet[Article], today: date) -> QuerySet[Article]:
    return articles.filter(review_on__lte=today).exclude(state=ArticleState.ARCHIVED)


def _by_voices(found: QuerySet[Article], *, helps: bool) -> QuerySet[Article]:
    """Half or more of those who said something, and of a few voices at least."""
    said = Feedback.objects.filter(article=OuterRef("pk")).order_by().values("article")

    def counted(which: Q) -> Coalesce:
        counts = said.annotate(n=Count("pk", filter=which)).values("n")
        return Coalesce(Subquery(counts, output_field=IntegerField()), 0)

    found = found.annotate(said_yes=counted(Q(helped=True)), said_no=counted(Q(helped=False)))
    found = found.filter(said_yes__gte=FEW_VOICES - F("said_no"))
    return found.filter(said_yes__gte=F("said_no")) if helps else found.filter(said_no__gt=F("said_yes"))


def lines(articles: Iterable[Article], language: str, *, at: datetime, today: date) -> list[Line]:
    """Three queries, however many articles."""
    rows = list(articles)
    texts: dict[int, dict[str, ArticleText]] = {}
    found = ArticleText.objects.filter(article__in=rows).defer("body", "words", "title_terms")
    for text in found:
        texts.setdefault(text.article_id, {})[text.language] = text
    views = _views(rows, at - VIEWS_SINCE)
    voices = voices_of(rows)
    made = []
    for row in rows:
        there = texts.get(row.pk, {})
        best = best_language(there, wanted=language, source=row.source_language)
        if best is not None:
            is_due = row.review_on is not None and row.review_on <= today
            line = Line(row, there[best], _languages(row, there), views.get(row.pk, 0), is_due=is_due)
            helped, count = voices.get(row.pk, (0, 0))
            made.append(replace(line, helped=helped, voices=count))
    return made


def voices_of(articles: Iterable[Article]) -> dict[int, tuple[int, int]]:
    """By article: how many said that it helped, of how many."""
    rows = Feedback.objects.filter(article__in=list(articles)).order_by().values("article_id")
    counted = rows.annotate(yes=Count("pk", filter=Q(helped=True)), count=Count("pk"))
    return {row["article_id"]: (row["yes"], row["count"]) for row in counted}


def _views(articles: Sequence[Article], since: datetime) -> dict[int, int]:
    rows = View.objects.filter(article__in=articles, at__gte=since).order_by()
    return dict(rows.values_list("article_id").annotate(count=Count("pk")))


def _languages(article: Article, texts: dict[str, ArticleText]) -> list[tuple[str, bool]]:
    codes = sorted(texts, key=lambda code: (code != article.source_language, code))
    return [(code, texts[code].state == TextState.STALE) for code in codes]
