"""Taking an article to change it, and finding out that somebody else just did."""

from __future__ import annotations

from otklik.events.public import Actor, ActorKind, Subject
from otklik.knowledge.models import Article, ArticleText


class ArticleChangedMeanwhile(Exception):
    """Somebody else changed who reads the article, its place or the like; ``current`` is how it is now."""

    def __init__(self, current: Article) -> None:
        super().__init__(str(current.pk))
        self.current = current


class TextChangedMeanwhile(Exception):
    """Somebody else saved the text after it was opened for editing; ``current`` is theirs."""

    def __init__(self, current: ArticleText) -> None:
        super().__init__(str(current.pk))
        self.current = current


def locked_article(article_id: int, expected_version: int | None = None) -> Article:
    """Raises Article.DoesNotExist, ArticleChangedMeanwhile."""
    article = Article.objects.select_for_update(of=("self",)).get(pk=article_id)
    if expected_version is not None and article.version != expected_version:
        raise ArticleChangedMeanwhile(article)
    return article


def person(by: Actor) -> int | None:
    return by.id if by.kind is ActorKind.PERSON else None


def about(article_id: int) -> list[Subject]:
    return [Subject("article", article_id)]
