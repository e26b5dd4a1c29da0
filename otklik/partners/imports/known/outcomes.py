from __future__ import annotations

from collections.abc import Iterable, Mapping

from otklik.partners.imports.targets import SKIPPED, STORED, Outcome, failed
from otklik.partners.operations.store.rows import Fate, StoreOutcome

# Fields of the stored row that the file's columns know by another name.
_NAMES: Mapping[str, str] = {"emails": "email", "phones": "phone", "telegrams": "telegram"}


def outcomes(found: Iterable[StoreOutcome]) -> list[Outcome]:
    """A row that changed nothing is skipped: the same file twice adds nothing."""
    return [_outcome(outcome) for outcome in found]


def _outcome(outcome: StoreOutcome) -> Outcome:
    if outcome.fate is Fate.FAILED:
        return failed(outcome.code, _NAMES.get(outcome.field, outcome.field))
    return SKIPPED if outcome.fate is Fate.UNCHANGED else STORED
