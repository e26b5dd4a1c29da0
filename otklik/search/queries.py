from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from otklik.kit.among import Among
from otklik.search.kinds import Hit, SearchKind
from otklik.search.models import Document, IndexedText
from otklik.search.rules.terms import (
    Clause,
    Term,
    fold,
    holds,
    kind_term,
    parse_query,
    without_beginnings,
    word_clause,
    words_of,
)

# Of each kind. Whoever looks for a word that so many hold has to add another one anyway.
LOOKED_AT = 2_000
# Hits of whole words after which nobody asks for words that only begin so.
ENOUGH = 1_000


def matching_ids(query: str, kind: str) -> QuerySet[Document, int] | None:
    """Ids of all objects of a kind that match, as a subquery for another list's own filter.

    None where the query holds nothing to look for.
    """
    if not parse_query(query):
        return None
    return Document.objects.filter(pk__in=_matching(_of_kind(query, kind))).values_list(
        "object_id", flat=True
    )


def objects_with(groups: Sequence[Collection[str]], kind: str) -> QuerySet[Document, int]:
    """Ids of all objects of a kind that hold of each group of words at least one, in any form; as a subquery.
    Signs that are no part of a word are left out."""
    clauses = tuple(
        tuple(one for word in words_of(" ".join(group)) for one in word_clause(word, last=False))
        for group in groups
    )
    found = Document.objects.values_list("object_id", flat=True)
    if not all(clauses):
        return found.none()
    return found.filter(pk__in=_matching((((Term(kind_term(kind)),),), *clauses)))


def newest_ids(query: str, kinds: Collection[str], *, limit: int) -> dict[str, list[int]]:
    """Ids of matching objects by kind, as far as they are among the ``limit`` newest matches of any kind.

    However common a word is, no more than that is read: the index is walked from its end. Two queries.
    """
    found: dict[str, list[int]] = {kind: [] for kind in kinds}
    clauses = parse_query(query)
    if not clauses:
        return found
    rows = _newest(clauses, limit)
    # Kinds are told apart here: SQLite would rather read all documents of a kind than these by their ids.
    for kind, object_id in Document.objects.filter(pk__in=Among(rows)).values_list("kind", "object_id"):
        if kind in found:
            found[kind].append(object_id)
    return found


def ids_among(query: str, kind: str, ids: Collection[int]) -> list[int]:
    """Of a few objects those that match, however old they are. Two queries; their terms are compared here,
    because FTS5 looks for the beginnings of words anew for each row that it is asked about."""
    clauses = parse_query(query)
    objects = dict(Document.objects.filter(kind=kind, object_id__in=ids).values_list("pk", "object_id"))
    if not clauses:
        return []
    texts = IndexedText.objects.filter(rowid__in=list(objects)).values_list("rowid", "terms")
    return [objects[row] for row, terms in texts if holds(terms, clauses)]


class Hits(list[Hit]):
    """``is_partial``: so many documents of the kind match that only the LOOKED_AT newest were looked at."""

    def __init__(self, hits: Iterable[Hit] = (), *, is_partial: bool = False) -> None:
        super().__init__(hits)
        self.is_partial = is_partial


def find(query: str, *, kinds: Iterable[SearchKind], user: Any, limit: int) -> dict[str, Hits]:
    """Up to ``limit`` hits of each kind that this person may see, titles that begin with the query first.

    Two or three database queries for each kind. However common a word is, their work stays the same.
    """
    found: dict[str, Hits] = {}
    if not parse_query(query):
        return found
    for kind in kinds:
        newest = _newest(_of_kind(query, kind.name), LOOKED_AT + 1)
        documents = Document.objects.filter(kind.scope(user), pk__in=Among(newest[:LOOKED_AT]))
        hits = documents.order_by(_closeness(query), "title_key", "pk")[:limit]
        found[kind.name] = Hits(
            (Hit(d.kind, d.object_id, d.title, d.note, d.updated_at) for d in hits),
            is_partial=len(newest) > LOOKED_AT,
        )
    return found


def _of_kind(query: str, kind: str) -> tuple[Clause, ...]:
    """The kind is asked of the index itself: however many documents of other kinds hold a word, those of a
    rare kind are found without reading them."""
    return ((Term(kind_term(kind)),),), *parse_query(query)


def _matching(clauses: tuple[Clause, ...]) -> QuerySet[IndexedText, int]:
    return IndexedText.objects.filter(terms__matches=clauses).values_list("rowid", flat=True)


def _newest(clauses: tuple[Clause, ...], limit: int) -> list[int]:
    """Where whole words give enough hits, words that only begin so are not asked for: to gather these SQLite
    reads all their hits, which are many where those of the whole word are."""
    whole = without_beginnings(clauses)
    if whole is not None and whole != clauses:
        found = list(_matching(whole).order_by("-rowid")[:limit])
        if len(found) >= min(limit, ENOUGH):
            return found
    return list(_matching(clauses).order_by("-rowid")[:limit])


def _closeness(query: str) -> Case:
    key = fold(query).strip()
    return Case(
        When(title_key=key, then=Value(0)),
        When(title_key__startswith=key, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
