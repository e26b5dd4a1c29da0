"""In which language somebody reads an article, and whether its translation is up to date."""

from __future__ import annotations

from collections.abc import Collection

from otklik.knowledge.rules.vocabulary import TextState


def best_language(there: Collection[str], *, wanted: str, source: str) -> str | None:
    """The wanted one, or its plain form ("pt" for "pt-br"), or the source's, or English, or any."""
    for language in (wanted, wanted.split("-")[0], source, "en"):
        if language and language in there:
            return language
    return min(there, default=None)


def translation_state(*, made_from: int | None, source_number: int) -> TextState:
    """``made_from``: the number of the source that a translation was last held against; None of a source."""
    return TextState.FRESH if made_from is None or made_from >= source_number else TextState.STALE
