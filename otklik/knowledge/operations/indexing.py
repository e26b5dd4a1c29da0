"""What articles are found by. Called by operations, in their transactions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from otklik.kit.bulk import add_to_rows
from otklik.kit.chunks import in_chunks
from otklik.kit.markup import text_of
from otklik.knowledge.models import ArticleText, Word
from otklik.knowledge.rules.excerpts import excerpt
from otklik.search.public import NewDocument, forget, index_terms, put, remove, words_of

KIND = "article"
CHUNK = 200


def describe(text: ArticleText) -> None:
    """Fills in what follows from title and body; saves nothing but the vocabulary."""
    plain = text_of(text.body)
    text.excerpt = excerpt(plain)
    text.title_terms = index_terms([text.title])
    before, words = set(text.words.split()), words_of(f"{text.title} {plain}")
    text.words = " ".join(words)
    _count(set(words) - before, 1)
    _count(before - set(words), -1)


def make_findable(texts: Sequence[ArticleText], *, at: datetime) -> None:
    put(_documents(texts), at=at)


def take_out(texts: Sequence[ArticleText], *, for_good: bool = False) -> None:
    """``for_good``: no trace of their words stays in the index's own files, which takes its time."""
    for text in texts:
        _count(text.words.split(), -1)
    (forget if for_good else remove)(KIND, [text.pk for text in texts])


def all_documents() -> Iterator[Sequence[NewDocument]]:
    ids = ArticleText.objects.order_by("pk").values_list("pk", flat=True)
    for part in in_chunks(ids.iterator(), CHUNK):
        yield _documents(ArticleText.objects.filter(pk__in=part).select_related("article"))


def _documents(texts: Sequence[ArticleText] | Collection[ArticleText]) -> list[NewDocument]:
    return [
        NewDocument(
            kind=KIND,
            object_id=text.pk,
            title=text.title,
            texts=[text_of(text.body)],
            program_id=text.article.program_id,
            note=text.language.upper(),
        )
        for text in texts
    ]


def _count(words: Collection[str], amount: int) -> None:
    add_to_rows(Word, ("text",), ("texts",), [(word, amount) for word in words])
    if amount < 0:
        # A name that was taken out of an article is nobody's guess any more.
        Word.objects.filter(text__in=words, texts__lte=0).delete()
