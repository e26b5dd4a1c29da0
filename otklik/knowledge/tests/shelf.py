"""Articles for tests, made through the operations."""

from __future__ import annotations

from datetime import UTC, datetime

from otklik.events.public import Actor
from otklik.knowledge.models import Article, ArticleText
from otklik.knowledge.operations.articles import Settings, create_article, publish_article
from otklik.knowledge.operations.texts import Written, save_text
from otklik.knowledge.rules.vocabulary import Visibility

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SYSTEM = Actor.system()


def written(
    title: str,
    body: str = "Text",
    *,
    language: str = "en",
    visibility: Visibility = Visibility.PUBLIC,
    tier: str = "",
    program_id: int | None = None,
    is_published: bool = True,
) -> Article:
    settings = Settings(visibility=visibility, tiers=[tier] if tier else [], program_id=program_id)
    article = create_article(language=language, title=title, body=body, settings=settings, by=SYSTEM, at=AT)
    if is_published:
        return publish_article(article_id=article.pk, by=SYSTEM, at=AT)
    return article


def translated(article: Article, language: str, title: str, body: str = "Text") -> ArticleText:
    number = ArticleText.objects.get(article=article, language=article.source_language).number
    text = Written(title=title, body=body, based_on=None, made_from=number)
    return save_text(article_id=article.pk, language=language, written=text, by=SYSTEM, at=AT)
