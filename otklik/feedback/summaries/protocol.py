from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Prompt:
    """``instructions`` are ours; ``comments`` is what strangers wrote, and no more than material."""

    instructions: str
    comments: str


@dataclass(frozen=True, slots=True)
class Made:
    """``model``: the name the other side gives itself."""

    text: str
    model: str


class SummariserUnreachable(Exception):
    """Nobody answered, or not in time: another try may help."""


class SummariserRefused(Exception):
    """The other side did not accept the key, the model or the text, or answered what cannot be read."""


class Summariser(Protocol):
    def summarise(self, prompt: Prompt) -> Made:
        """Blocks, up to minutes: jobs only. Raises SummariserUnreachable, SummariserRefused."""
        ...
