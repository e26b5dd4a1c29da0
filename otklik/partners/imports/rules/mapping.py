"""Whether a mapping of columns to fields can be run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Fieldlike(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def required(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class MappingProblem:
    """``code``: missing (a required field has no column), one_of (none of these has), twice (a field has
    several columns), unknown_field, unknown_column; ``names`` are the fields or columns concerned.
    """

    code: str
    names: tuple[str, ...]


def problems_of(
    mapping: Mapping[str, str],
    columns: Sequence[str],
    fields: Sequence[Fieldlike],
    one_of: Sequence[Sequence[str]],
) -> list[MappingProblem]:
    known = {field.name for field in fields}
    used = Counter(mapping.values())
    found = [MappingProblem("unknown_column", (name,)) for name in mapping if name not in columns]
    found += [MappingProblem("unknown_field", (name,)) for name in used if name not in known]
    found += [MappingProblem("twice", (name,)) for name, times in used.items() if times > 1]
    found += [
        MappingProblem("missing", (field.name,))
        for field in fields
        if field.required and not used[field.name]
    ]
    found += [
        MappingProblem("one_of", tuple(group)) for group in one_of if not any(used[name] for name in group)
    ]
    return found
