"""Who answers which intent, and what upper rooms know of a person's rights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from otklik.assist.rules.vocabulary import Intent
from otklik.kit.registry import Registry
from otklik.partners.public import Contact


@dataclass(frozen=True, slots=True)
class Asked:
    """``contact`` with partner and program. ``language`` is active while an answer is written, and the time
    zone of the person as well. ``ticket_id``: the one that asks, if any."""

    intent: Intent
    text: str
    contact: Contact
    language: str
    at: datetime
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """``lines``: paragraphs of plain text. ``link``: name and arguments of a page of the portal. ``sources``:
    what was read, as (noun, id)."""

    title: str
    lines: Sequence[str]
    link: tuple[str, tuple[Any, ...]] | None = None
    sources: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class AnswerProvider:
    """``answer`` returns None where there is nothing certain to tell: then a person answers. ``name`` is the
    intent's. ``is_money``: only for whoever sees the money of their partner."""

    name: str
    answer: Callable[[Asked], Told | None]
    is_money: bool = False
    order: int = field(default=0)


answer_providers: Registry[AnswerProvider] = Registry()
