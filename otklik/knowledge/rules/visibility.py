"""Who reads what. One table; ``queries/reading.py`` asks the same of the database, and a test holds the two
against each other for every case."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from otklik.knowledge.rules.vocabulary import ArticleState, Visibility


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads: a partner's person, a member of staff, or, with nothing filled in, anybody at all.

    ``language`` is preferred where an article has it. Staff read what is published for anybody.
    """

    program_id: int | None = None
    partner_id: int | None = None
    tier: str = ""
    contact_id: int | None = None
    language: str = ""
    is_staff: bool = False


ANYBODY = Reader()


def may_read(
    reader: Reader,
    *,
    state: ArticleState,
    visibility: Visibility,
    program_id: int | None,
    tiers: Collection[str] = (),
) -> bool:
    """Staff read archived articles too: tickets of the past point to them. Drafts are for their editors,
    who do not come through here."""
    if reader.is_staff:
        return state is not ArticleState.DRAFT
    if state is not ArticleState.PUBLISHED:
        return False
    if visibility is Visibility.PUBLIC:
        return True
    if reader.partner_id is None or visibility is Visibility.STAFF:
        return False
    if program_id is not None and program_id != reader.program_id:
        return False
    return visibility is Visibility.PARTNERS or (bool(reader.tier) and reader.tier in tiers)
