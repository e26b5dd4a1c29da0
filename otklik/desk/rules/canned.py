"""Canned answers: ``{{ partner.name }}`` and nothing cleverer.

Not a template engine: an agent's text can call nothing, and what it may name is a closed list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

VARIABLES: tuple[str, ...] = (
    "partner.name",
    "partner.tier",
    "partner.manager",
    "contact.name",
    "contact.first_name",
    "contact.job_title",
    "customer.name",
    "ticket.number",
    "ticket.subject",
    "ticket.topic",
    "ticket.status",
    "ticket.due",
    "ticket.created",
    "agent.name",
    "agent.first_name",
    "agent.signature",
    "team.name",
    "program.name",
    "today",
)
"""All there are. Values come ready for reading, in the language and zone of the recipient."""

_BRACES = re.compile(r"\{\{([^{}]*)\}\}")
_STRAY = re.compile(r"\{\{|\}\}")
_MISSING = "⟦{name}⟧"


class UnknownVariable(ValueError):
    """``args``: the name as written, the nearest known name or "", all known names."""

    def __init__(self, name: str) -> None:
        nearest = get_close_matches(name.lower(), VARIABLES, n=1)
        super().__init__(name, nearest[0] if nearest else "", VARIABLES)


class BrokenBraces(ValueError):
    """``{{`` without ``}}`` or the other way round. ``args``: the text from there, shortened."""


class NoText(LookupError):
    """The canned answer has no text in any language."""


@dataclass(frozen=True, slots=True)
class Rendered:
    text: str
    missing: tuple[str, ...]
    """Variables without a value: they stand in the text as ⟦partner.name⟧, for the agent to fill in."""
    language: str = ""
    """In which the text was found, where it was picked."""


def variables_in(source: str) -> tuple[str, ...]:
    """Each once, in order. Raises UnknownVariable, BrokenBraces: ask this when a canned answer is saved."""
    names = []
    for match in _BRACES.finditer(source):
        name = match[1].strip()
        if name not in VARIABLES:
            raise UnknownVariable(name)
        names.append(name)
    stray = _STRAY.search(_BRACES.sub(lambda match: " " * len(match[0]), source))
    if stray:
        raise BrokenBraces(source[stray.start() : stray.start() + 30])
    return tuple(dict.fromkeys(names))


def render(source: str, values: Mapping[str, str | None]) -> Rendered:
    """One pass: braces inside a value (a partner may be named so) stay text. Raises as ``variables_in``."""
    names = variables_in(source)
    missing = tuple(name for name in names if not (values.get(name) or "").strip())

    def fill(match: re.Match[str]) -> str:
        name = match[1].strip()
        return _MISSING.format(name=name) if name in missing else str(values[name])

    return Rendered(_BRACES.sub(fill, source), missing)


def unfilled(text: str) -> tuple[str, ...]:
    """Placeholders still standing in a text about to be sent."""
    return tuple(name for name in VARIABLES if _MISSING.format(name=name) in text)


def pick_language(texts: Mapping[str, str], wanted: str, fallback: str) -> str:
    """Key of the text to use: ``wanted`` ("ru-RU" is served by "ru"), else ``fallback``, English, any.

    Raises NoText.
    """
    filled = {key.lower(): key for key in sorted(texts) if texts[key].strip()}
    for language in (wanted, fallback, "en"):
        lowered = language.lower().replace("_", "-")
        for candidate in (lowered, lowered.partition("-")[0]):
            if candidate in filled:
                return filled[candidate]
    if not filled:
        raise NoText
    return next(iter(filled.values()))


def render_for(
    texts: Mapping[str, str], values: Mapping[str, str | None], *, wanted: str, fallback: str
) -> Rendered:
    language = pick_language(texts, wanted, fallback)
    rendered = render(texts[language], values)
    return Rendered(rendered.text, rendered.missing, language)
