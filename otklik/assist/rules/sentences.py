"""The sentences that come with the product. Which part one belongs to was drawn from a hash of its text,
before anything was tuned: TEACH is what the classifier learns from, TEST only says how well it does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from otklik.assist.rules.vocabulary import Intent

LANGUAGES = ("ru", "en")
TEACH, TEST = "teach", "test"


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    intent: Intent
    language: str


@cache
def sentences(part: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(text.replace("\\n", "\n"), Intent(intent), language)
        for language in LANGUAGES
        for its_part, intent, text in _lines(language)
        if its_part == part
    )


def _lines(language: str) -> list[list[str]]:
    path = Path(__file__).with_name(f"sentences_{language}.tsv")
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
