"""Articles over REST: what a member of staff reads, for programs of the house."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer, owner_of
from otklik.api.v1.paging import MOST, page_by_id
from otklik.api.v1.schemas import Id, Moment, Text
from otklik.identity.public import Right
from otklik.knowledge.public import Article, ArticleText, visible_articles

router = Router(tags=["articles"])
READ = Bearer(Scope.ARTICLES_READ, Right.SEE_PARTNERS)
Limit = Annotated[int, Field(ge=1, le=MOST)]


class ArticleTextOut(BaseModel):
    """``state``: "fresh", or "stale" where the original has changed since."""

    language: str
    title: str
    excerpt: str
    state: str
    number: int
    updated_at: Moment


class ArticleOut(BaseModel):
    id: int
    slug: str
    state: str
    visibility: str
    tiers: list[str]
    program_id: int | None
    source_language: str
    published_at: Moment | None
    updated_at: Moment
    texts: list[ArticleTextOut]


class FullTextOut(ArticleTextOut):
    """``body`` is Markdown."""

    body: str


class FullArticleOut(ArticleOut):
    texts: list[FullTextOut]  # type: ignore[assignment]


class ArticlePage(BaseModel):
    items: list[ArticleOut]
    next: str | None


@router.get("/articles", auth=READ, response=ArticlePage)
def articles(
    request: HttpRequest,
    state: Query[Text | None] = None,
    visibility: Query[Text | None] = None,
    language: Query[Text | None] = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Drafts only for those who write articles. ``language``: those that have a text in it."""
    rows = visible_articles(owner_of(request)).prefetch_related("texts", "tiers")
    if state:
        rows = rows.filter(state=state)
    if visibility:
        rows = rows.filter(visibility=visibility)
    if language:
        rows = rows.filter(texts__language=language)
    items, following = page_by_id(rows, after, limit)
    return {"items": [_shown(row) for row in items], "next": following}


@router.get("/articles/{article_id}", auth=READ, response=FullArticleOut)
def article(request: HttpRequest, article_id: Id) -> dict[str, Any]:
    rows = visible_articles(owner_of(request)).prefetch_related("texts", "tiers")
    row = get_object_or_404(rows, pk=article_id)
    bodies = {text.language: text.body for text in row.texts.all()}
    shown = _shown(row)
    return shown | {"texts": [text | {"body": bodies[text["language"]]} for text in shown["texts"]]}


def _shown(row: Article) -> dict[str, Any]:
    names = ("slug", "state", "visibility", "program_id", "source_language", "published_at", "updated_at")
    texts = sorted(row.texts.all(), key=lambda text: (text.language != row.source_language, text.language))
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "tiers": sorted(one.tier for one in row.tiers.all()),
        "texts": [_text(text) for text in texts],
    }


def _text(text: ArticleText) -> dict[str, Any]:
    names = ("language", "title", "excerpt", "state", "number", "updated_at")
    return {name: getattr(text, name) for name in names}
