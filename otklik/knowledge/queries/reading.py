"""What a reader may read: ``rules/visibility.py`` as a condition of the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from otklik.knowledge.models import Article, ArticleText, ArticleTier
from otklik.knowledge.rules.languages import best_language
from otklik.knowledge.rules.visibility import Reader
from otklik.knowledge.rules.vocabulary import ArticleState, Visibility


def readable_articles(reader: Reader) -> QuerySet[Article]:
    return Article.objects.filter(readable(reader))


def readable(reader: Reader, prefix: str = "") -> Q:
    """As a condition on rows that have an article at ``prefix`` ("article__")."""

    def where(**columns: object) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in columns.items()})

    if reader.is_staff:
        return ~where(state=ArticleState.DRAFT)
    published, public = where(state=ArticleState.PUBLISHED), where(visibility=Visibility.PUBLIC)
    if reader.partner_id is None:
        return published & public
    partners = where(visibility=Visibility.PARTNERS)
    if reader.tier:
        article = OuterRef(f"{prefix}id")
        of_tier = Exists(ArticleTier.objects.filter(article=article, tier=reader.tier))
        partners |= where(visibility=Visibility.TIER) & Q(of_tier)
    own = where(program=None) | where(program=reader.program_id)
    return published & (public | (own & partners))


@dataclass(frozen=True, slots=True)
class Reading:
    """An article in the language that fits a reader best."""

    article: Article
    text: ArticleText
    others: tuple[str, ...]
    """Languages it has besides."""


def reading_of(article: Article, language: str) -> Reading | None:
    """One query; None where it has no text at all."""
    texts = {text.language: text for text in article.texts.defer("words", "title_terms")}
    chosen = best_language(texts, wanted=language, source=article.source_language)
    if chosen is None:
        return None
    return Reading(article, texts[chosen], tuple(sorted(set(texts) - {chosen})))


def texts_for(articles: Iterable[Article], language: str) -> dict[int, ArticleText]:
    """By article, each in the language that fits best; without bodies. One query."""
    chosen: dict[int, ArticleText] = {}
    by_article: dict[int, dict[str, ArticleText]] = {}
    sources = {article.pk: article.source_language for article in articles}
    rows = ArticleText.objects.filter(article__in=sources).select_related("article")
    for text in rows.defer("body", "words", "title_terms"):
        by_article.setdefault(text.article_id, {})[text.language] = text
    for pk, texts in by_article.items():
        best = best_language(texts, wanted=language, source=sources[pk])
        if best is not None:
            chosen[pk] = texts[best]
    return chosen
