"""Writing what an article says, one language at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, record
from otklik.knowledge.models import Article, ArticleText, ArticleVersion
from otklik.knowledge.operations.indexing import describe, make_findable, take_out
from otklik.knowledge.operations.locking import TextChangedMeanwhile, about, locked_article, person
from otklik.knowledge.rules.languages import translation_state
from otklik.knowledge.rules.personal import has_marks
from otklik.knowledge.rules.vocabulary import ArticleState, TextState

LONGEST_TITLE = 200
LONGEST_BODY = 100_000
LONGEST_NOTE = 200


class EmptyText(Exception):
    """An article has a title and a text."""


class TextTooLong(Exception):
    """Over LONGEST_BODY signs."""


class SourceStays(Exception):
    """The language that the others are translated from cannot be taken away."""


class MarksLeft(Exception):
    """What a ticket's text may tell of somebody is marked, and a mark still stands in what partners read or
    would read; ``languages`` says in which texts."""

    def __init__(self, languages: Collection[str]) -> None:
        super().__init__(", ".join(languages))
        self.languages = list(languages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody saves. ``based_on``: the number of the text they opened, None where there was none.

    Of a translation: ``made_from`` is the source's number it says the same as, None where nobody has compared
    the two. Of a source: ``is_small`` where translations need no look (a comma, a typing mistake).
    """

    title: str
    body: str
    based_on: int | None
    note: str = ""
    made_from: int | None = None
    is_small: bool = False


@transaction.atomic
def save_text(*, article_id: int, language: str, written: Written, by: Actor, at: datetime) -> ArticleText:
    """A new version, unless nothing is other than before. Raises EmptyText, TextTooLong,
    TextChangedMeanwhile, MarksLeft where the article is out, Article.DoesNotExist."""
    return _save(locked_article(article_id), language, written, None, by, at)


@transaction.atomic
def restore_version(
    *, article_id: int, language: str, number: int, based_on: int, by: Actor, at: datetime
) -> ArticleText:
    """An earlier version becomes the newest one; those between stay. Raises TextChangedMeanwhile, MarksLeft
    where the article is out, ArticleVersion.DoesNotExist, Article.DoesNotExist."""
    article = locked_article(article_id)
    old = ArticleVersion.objects.get(article=article, language=language, number=number)
    written = Written(title=old.title, body=old.body, based_on=based_on, made_from=old.made_from)
    return _save(article, language, written, number, by, at)


@transaction.atomic
def mark_fresh(*, article_id: int, language: str, source_number: int, by: Actor, at: datetime) -> ArticleText:
    """Somebody has compared a translation with this number of the source: it says the same. Should the source
    have changed meanwhile, the translation is stale all the same. Raises ArticleText.DoesNotExist."""
    article = locked_article(article_id)
    text = ArticleText.objects.get(article=article, language=language, made_from__isnull=False)
    source = _source(article)
    text.made_from = min(source_number, source.number)
    text.state = translation_state(made_from=text.made_from, source_number=source.number)
    text.save(update_fields=["made_from", "state"])
    data = {"language": language, "source_number": text.made_from}
    record("article.text_checked", by=by, at=at, subjects=about(article_id), data=data)
    return text


@transaction.atomic
def remove_text(*, article_id: int, language: str, by: Actor, at: datetime) -> None:
    """A translation goes; its versions stay. Raises SourceStays, ArticleText.DoesNotExist."""
    article = locked_article(article_id)
    if language == article.source_language:
        raise SourceStays(article_id)
    text = ArticleText.objects.get(article=article, language=language)
    take_out([text])
    text.delete()
    record("article.text_removed", by=by, at=at, subjects=about(article_id), data={"language": language})


def first_text(article: Article, written: Written, by: Actor, at: datetime) -> ArticleText:
    """The source of an article that is being made."""
    return _save(article, article.source_language, written, None, by, at)


def _save(
    article: Article, language: str, written: Written, restored_from: int | None, by: Actor, at: datetime
) -> ArticleText:
    title, body = tidy(written.title, written.body)
    if not title or not body:
        raise EmptyText(article.pk)
    if len(body) > LONGEST_BODY:
        raise TextTooLong(article.pk)
    if article.state == ArticleState.PUBLISHED and has_marks(title + body):
        raise MarksLeft([language])
    text = ArticleText.objects.filter(article=article, language=language).first()
    if (text.number if text else None) != written.based_on:
        raise TextChangedMeanwhile(text or _gone(article, language))
    is_source = language == article.source_language
    made_from = None if is_source else _compared(article, text, written)
    if text is not None and (text.title, text.body) == (title, body):
        return _only_compared(article, text, made_from, by, at)
    text = text or ArticleText(article=article, language=language, number=_last_number(article, language))
    text.title, text.body, text.number = title, body, text.number + 1
    text.updated_by_id, text.updated_at = person(by), at
    text.article = article
    _set_made_from(article, text, made_from)
    describe(text)
    text.save()
    _keep_version(text, written.note, restored_from, by, at)
    if is_source:
        _tell_translations(article, text, is_small=written.is_small)
    make_findable([text], at=at)
    article.updated_at = at
    article.save(update_fields=["updated_at"])
    data = {"language": language, "number": text.number, "restored_from": restored_from}
    record("article.text_saved", by=by, at=at, subjects=about(article.pk), data=data)
    return text


def tidy(title: str, body: str) -> tuple[str, str]:
    """As they are kept."""
    return " ".join(title.split())[:LONGEST_TITLE], tidy_body(body)


def tidy_body(body: str) -> str:
    """As it is kept: plain line ends, nothing at the ends of lines and of the text."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _gone(article: Article, language: str) -> ArticleText:
    """What somebody edits was taken away meanwhile."""
    return ArticleText(article=article, language=language, number=0)


def _compared(article: Article, text: ArticleText | None, written: Written) -> int:
    """The source's number that the translation says the same as, 0 where nobody knows."""
    if written.made_from is not None:
        return min(written.made_from, _source(article).number)
    return (text.made_from or 0) if text else 0


def _source(article: Article) -> ArticleText:
    return ArticleText.objects.get(article=article, language=article.source_language)


def _only_compared(
    article: Article, text: ArticleText, made_from: int | None, by: Actor, at: datetime
) -> ArticleText:
    if made_from is not None and made_from != text.made_from:
        return mark_fresh(
            article_id=article.pk, language=text.language, source_number=made_from, by=by, at=at
        )
    return text


def _last_number(article: Article, language: str) -> int:
    """A translation that was taken away and written anew goes on counting."""
    numbers = ArticleVersion.objects.filter(article=article, language=language).order_by("-number")
    return numbers.values_list("number", flat=True).first() or 0


def _set_made_from(article: Article, text: ArticleText, made_from: int | None) -> None:
    text.made_from = made_from
    if made_from is None:
        text.state = TextState.FRESH
    else:
        text.state = translation_state(made_from=made_from, source_number=_source(article).number)


def _keep_version(text: ArticleText, note: str, restored_from: int | None, by: Actor, at: datetime) -> None:
    ArticleVersion.objects.create(
        article=text.article,
        language=text.language,
        number=text.number,
        title=text.title,
        body=text.body,
        note=" ".join(note.split())[:LONGEST_NOTE],
        made_from=text.made_from,
        restored_from=restored_from,
        by_id=person(by),
        at=at,
    )


def _tell_translations(article: Article, source: ArticleText, *, is_small: bool) -> None:
    others = ArticleText.objects.filter(article=article).exclude(pk=source.pk)
    if is_small:
        others.filter(state=TextState.FRESH).update(made_from=source.number)
    else:
        others.update(state=TextState.STALE)
