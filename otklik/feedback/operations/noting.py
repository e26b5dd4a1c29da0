"""Facts about answers: told in the transaction that stores or changes these."""

from __future__ import annotations

from collections.abc import Collection

from otklik.analytics.public import FactSource, note_facts
from otklik.kit.registry import Registry

FACT_SOURCE = "responses"
answer_sources: Registry[FactSource] = Registry()
"""Sources of the rooms above that have a row for each answer as well: noted with the answer, so that no run
of the writer sees one without the other."""


def note_answers(response_ids: Collection[int]) -> None:
    """These are new, have changed or belong to somebody else now."""
    for name in (FACT_SOURCE, *(source.name for source in answer_sources)):
        note_facts(name, response_ids)
