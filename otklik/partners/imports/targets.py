"""What can be imported. An app registers its target in ``AppConfig.ready``; the wizard knows only this
protocol.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from otklik.events.public import Actor
from otklik.kit.registry import Registry, Text
from otklik.partners.imports.rules.values import Hints, Looks, Parser


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row may say. ``synonyms`` are headers people give it, in any language, for guessing;
    ``looks`` helps where the header does not tell.
    """

    name: str
    label: Text
    parse: Parser
    synonyms: tuple[str, ...] = ()
    looks: Looks | None = None
    required: bool = False
    help: Text = ""
    example: Text = ""


def words(listed: str) -> tuple[str, ...]:
    """Synonyms from one line, separated by commas."""
    return tuple(listed.split(", "))


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that holds for the whole file. ``choices``: value and label; the first one is the default."""

    name: str
    label: Text
    choices: tuple[tuple[str, Text], ...]
    help: Text = ""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """``values`` by field name, None or absent where the cell is blank. ``twin`` counts equal rows above
    it in the same file (0 for the first), where the target has an ``identity``.
    """

    number: int
    values: Mapping[str, Any]
    twin: int = 0


class Fate(StrEnum):
    STORED = "stored"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row. A failed one is ``about`` a field and has a code of the target's ``reasons``
    and its parameters.
    """

    fate: Fate
    about: str = ""
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


STORED = Outcome(Fate.STORED)
SKIPPED = Outcome(Fate.SKIPPED)


def failed(code: str, about: str = "", **params: Any) -> Outcome:
    return Outcome(Fate.FAILED, about, code, params)


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What every chunk of a run shares."""

    program_id: int
    options: Mapping[str, str]
    hints: Hints


class ImportTarget(Protocol):
    name: str
    label: Text
    order: int
    help: Text
    fields: tuple[Field, ...]
    # Of each group at least one field has to be mapped: an answer needs a partner or a contact.
    one_of: tuple[tuple[str, ...], ...]
    options: tuple[Option, ...]
    # Sentences for the codes that store_chunk and the parsers of its fields may give, with %(name)s
    # parameters.
    reasons: Mapping[str, Text]

    def identity(self, values: Mapping[str, Any]) -> str | None:
        """What makes two rows of one file twins; None where twins need no telling apart."""
        ...

    def store_chunk(
        self, rows: Sequence[ImportRow], *, context: ImportContext, by: Actor, at: datetime
    ) -> Sequence[Outcome]:
        """Store the rows inside the caller's transaction, with events, in a constant number of queries.
        One outcome a row, in the same order."""
        ...


import_targets: Registry[ImportTarget] = Registry()


class UnknownTarget(Exception):
    """Nothing of this name can be imported."""


def target_named(name: str) -> ImportTarget:
    target = import_targets.get(name)
    if target is None:
        raise UnknownTarget(name)
    return target
