from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from otklik.search.kinds import Hit, SearchKind
from otklik.search.models import Document, IndexedText
from otklik.search.rules.terms import fold, parse_query


def matching_ids(query: str, kind: str) -> QuerySet[Document, int] | None:
    """Ids of all objects of a kind that match, as a subquery for another list's own filter.

    None where the query holds nothing to look for.
    """
    clauses = parse_query(query)
    if not clauses:
        return None
    return _matching(query, Q(kind=kind)).values_list("object_id", flat=True)


def newest_ids(query: str, kinds: Collection[str], *, limit: int) -> dict[str, list[int]]:
    """Ids of matching objects by kind, as far as they are among the ``limit`` newest matches of any kind.

    However common a word is, no more than that is read: the index is walked from its end. Two queries.
    """
    found: dict[str, list[int]] = {kind: [] for kind in kinds}
    clauses = parse_query(query)
    if not clauses:
        return found
    matching = IndexedText.objects.filter(terms__matches=clauses).order_by("-rowid")
    rows = list(matching.values_list("rowid", flat=True)[:limit])
    # Kinds are told apart here: SQLite would rather read all documents of a kind than these by their ids.
    for kind, object_id in Document.objects.filter(pk__in=rows).values_list("kind", "object_id"):
        if kind in found:
            found[kind].append(object_id)
    return found


def find(query: str, *, kinds: Iterable[SearchKind], user: Any, limit: int) -> dict[str, list[Hit]]:
    """Up to ``limit`` hits of each kind that this person may see, titles that begin with the query first.

    One database query for each kind.
    """
    found: dict[str, list[Hit]] = {}
    if not parse_query(query):
        return found
    for kind in kinds:
        documents = _matching(query, Q(kind=kind.name)).filter(kind.scope(user))
        hits = documents.order_by(_closeness(query), "title_key", "pk")[:limit]
        found[kind.name] = [Hit(d.kind, d.object_id, d.title, d.note, d.updated_at) for d in hits]
    return found


def _matching(query: str, condition: Q) -> QuerySet[Document]:
    matching = IndexedText.objects.filter(terms__matches=parse_query(query))
    return Document.objects.filter(condition, pk__in=matching.values("rowid"))


def _closeness(query: str) -> Case:
    key = fold(query).strip()
    return Case(
        When(title_key=key, then=Value(0)),
        When(title_key__startswith=key, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
