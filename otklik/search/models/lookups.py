"""``terms__matches``: the one place where the two databases' query languages differ."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, TextField

from otklik.search.rules.terms import Alternative, Clause


@TextField.register_lookup
class Matches(Lookup):
    """``terms__matches=parse_query(text)``. Terms hold letters and digits only, so quoting is safe."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sqlite(
        self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        # The hidden column named after the table: with one column there is nothing to choose from,
        # and an index without column detail refuses a column by name.
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        return f'{alias}."search_index" MATCH %s', [fts5_query(self.rhs)]

    def as_postgresql(
        self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        # A column of PostgreSQL's own, made of the terms: see the migration.
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        return f'{alias}."vector" @@ %s::tsquery', [ts_query(self.rhs)]


def fts5_query(clauses: tuple[Clause, ...]) -> str:
    def one(alternative: Alternative) -> str:
        terms = (f'"{term.text}"' + ("*" if term.is_beginning else "") for term in alternative)
        return "(" + " AND ".join(terms) + ")"

    return " AND ".join("(" + " OR ".join(one(a) for a in clause) + ")" for clause in clauses)


def ts_query(clauses: tuple[Clause, ...]) -> str:
    def one(alternative: Alternative) -> str:
        terms = (f"'{term.text}'" + (":*" if term.is_beginning else "") for term in alternative)
        return "(" + " & ".join(terms) + ")"

    return " & ".join("(" + " | ".join(one(a) for a in clause) + ")" for clause in clauses)
