"""The door of search."""

from otklik.search.kinds import Hit, NewDocument, SearchKind, search_kinds
from otklik.search.operations.index import forget, put, remove
from otklik.search.operations.reindex import reindex
from otklik.search.queries import LOOKED_AT, Hits, find, ids_among, matching_ids, newest_ids, objects_with
from otklik.search.rules.terms import index_terms, stem, words_of

__all__ = [
    "LOOKED_AT",
    "Hit",
    "Hits",
    "NewDocument",
    "SearchKind",
    "find",
    "forget",
    "ids_among",
    "index_terms",
    "matching_ids",
    "newest_ids",
    "objects_with",
    "put",
    "reindex",
    "remove",
    "search_kinds",
    "stem",
    "words_of",
]
