"""Making articles, saying who reads them, and bringing them out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from otklik.events.public import Actor, record
from otklik.knowledge.models import Article, ArticleText, ArticleTier
from otklik.knowledge.operations.indexing import make_findable
from otklik.knowledge.operations.locking import about, locked_article, person
from otklik.knowledge.operations.texts import MarksLeft, Written, first_text
from otklik.knowledge.rules.personal import has_marks
from otklik.knowledge.rules.vocabulary import ArticleState, Visibility
from otklik.partners.public import to_latin

LONGEST_SLUG = 80


class SlugTaken(Exception):
    """Another article has this address."""


class SlugStays(Exception):
    """The article was published under its address: people keep links to it."""


class NoTiers(Exception):
    """Visible to tiers, and none is named."""


class NothingToPublish(Exception):
    """No text in the language it is written in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is the same in every language. ``slug`` empty: made from the title, or left as it is."""

    visibility: Visibility = Visibility.PARTNERS
    tiers: Collection[str] = ()
    program_id: int | None = None
    folder_id: int | None = None
    topic_ids: Collection[int] = ()
    owner_id: int | None = None
    review_on: date | None = None
    slug: str = ""


@transaction.atomic
def create_article(
    *,
    language: str,
    title: str,
    body: str,
    settings: Settings,
    by: Actor,
    at: datetime,
    from_ticket_id: int | None = None,
    created_key: str | None = None,
    note: str = "",
) -> Article:
    """A draft. With the ``created_key`` of one that is there already: that one, as it is. Raises SlugTaken,
    NoTiers, EmptyText, TextTooLong."""
    there = Article.objects.filter(created_key=created_key).first() if created_key else None
    if there is not None:
        return there
    article = Article(
        source_language=language,
        slug=settings.slug or free_slug(title),
        from_ticket_id=from_ticket_id,
        created_by_id=person(by),
        created_at=at,
        updated_at=at,
        created_key=created_key,
    )
    _refuse_taken(article)
    _fill(article, settings)
    article.save()
    _keep_lists(article, settings)
    data = _told(article, settings) | {"from_ticket_id": from_ticket_id, "language": language}
    record("article.created", by=by, at=at, subjects=about(article.pk), data=data)
    first_text(article, Written(title=title, body=body, based_on=None, note=note), by, at)
    return article


@transaction.atomic
def change_article(*, article_id: int, settings: Settings, version: int, by: Actor, at: datetime) -> Article:
    """Raises ArticleChangedMeanwhile, SlugTaken, SlugStays, NoTiers, Article.DoesNotExist."""
    article = locked_article(article_id, version)
    if settings.slug and settings.slug != article.slug:
        if article.published_at is not None:
            raise SlugStays(article_id)
        article.slug = settings.slug
        _refuse_taken(article)
    program_id = article.program_id
    _fill(article, settings)
    article.version += 1
    article.updated_at = at
    article.save()
    _keep_lists(article, settings)
    if program_id != article.program_id:
        make_findable(_texts(article), at=at)
    record("article.changed", by=by, at=at, subjects=about(article_id), data=_told(article, settings))
    return article


@transaction.atomic
def publish_article(*, article_id: int, by: Actor, at: datetime) -> Article:
    """From a draft or out of the archive. Raises NothingToPublish, MarksLeft, Article.DoesNotExist."""
    article = locked_article(article_id)
    if article.state == ArticleState.PUBLISHED:
        return article
    texts = _texts(article)
    if article.source_language not in {text.language for text in texts}:
        raise NothingToPublish(article_id)
    if left := [text.language for text in texts if has_marks(text.title + text.body)]:
        raise MarksLeft(left)
    article.publish(at=at)
    article.version += 1
    article.save(update_fields=["state", "published_at", "updated_at", "version"])
    data = {"visibility": str(article.visibility)}
    record("article.published", by=by, at=at, subjects=about(article_id), data=data)
    return article


@transaction.atomic
def archive_article(*, article_id: int, by: Actor, at: datetime) -> Article:
    """Nobody outside the staff finds it any more. Raises Article.DoesNotExist."""
    article = locked_article(article_id)
    if article.state == ArticleState.ARCHIVED:
        return article
    article.archive(at=at)
    article.version += 1
    article.save(update_fields=["state", "updated_at", "version"])
    record("article.archived", by=by, at=at, subjects=about(article_id), data={})
    return article


@transaction.atomic
def review_article(*, article_id: int, next_on: date | None, by: Actor, at: datetime) -> Article:
    """Somebody has read it again, and it still holds. Raises Article.DoesNotExist."""
    article = locked_article(article_id)
    article.reviewed(next_on=next_on, at=at)
    article.version += 1
    article.save(update_fields=["review_on", "updated_at", "version"])
    data = {"next_on": next_on.isoformat() if next_on else None}
    record("article.reviewed", by=by, at=at, subjects=about(article_id), data=data)
    return article


def free_slug(title: str) -> str:
    stem = slugify(to_latin(title))[: LONGEST_SLUG - 6].strip("-") or "article"
    taken = set(Article.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)


def _refuse_taken(article: Article) -> None:
    if Article.objects.filter(slug=article.slug).exclude(pk=article.pk).exists():
        raise SlugTaken(article.slug)


def _fill(article: Article, settings: Settings) -> None:
    if settings.visibility is Visibility.TIER and not [tier for tier in settings.tiers if tier.strip()]:
        raise NoTiers(article.pk)
    article.visibility = settings.visibility
    article.program_id, article.folder_id = settings.program_id, settings.folder_id
    article.owner_id, article.review_on = settings.owner_id, settings.review_on


def _keep_lists(article: Article, settings: Settings) -> None:
    wanted = {tier.strip()[:40] for tier in settings.tiers if tier.strip()}
    if settings.visibility is not Visibility.TIER:
        wanted = set()
    article.tiers.exclude(tier__in=wanted).delete()
    there = set(article.tiers.values_list("tier", flat=True))
    ArticleTier.objects.bulk_create(
        [ArticleTier(article=article, tier=tier) for tier in sorted(wanted - there)]
    )
    article.topics.set(settings.topic_ids)


def _texts(article: Article) -> list[ArticleText]:
    return list(article.texts.select_related("article"))


def _told(article: Article, settings: Settings) -> dict[str, Any]:
    return {
        "visibility": str(article.visibility),
        "program_id": article.program_id,
        "folder_id": article.folder_id,
        "owner_id": article.owner_id,
        "topic_ids": sorted(settings.topic_ids),
    }
