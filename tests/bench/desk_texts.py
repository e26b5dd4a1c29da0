"""What people write in the desk that is measured on: 20,000 sentences over 8,000 words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WORDS, SENTENCES = 8_000, 20_000


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    terms: tuple[str, ...]
    key: str


def make_words(random: np.random.Generator) -> list[str]:
    """The commonest first; every second one Cyrillic. A few are real, so that word forms can be asked for."""
    latin, cyrillic = ("bdfgklmnprst", "aeiou"), ("бвгдклмнпрст", "аеиоу")
    found: dict[str, None] = dict.fromkeys(
        ("payout", "выплата", "link", "ссылка", "report", "отчёт", "partner", "партнёр")
    )
    while len(found) < WORDS:
        consonants, vowels = (latin, cyrillic)[len(found) % 2]
        size = int(random.integers(2, 5))
        letters = (consonants[i] + vowels[j] for i, j in random.integers(0, (12, 5), (size, 2)))
        found.setdefault("".join(letters) + ("s", "ка")[len(found) % 2])
    return list(found)


def make_sentences(random: np.random.Generator, words: Sequence[str]) -> list[Sentence]:
    from otklik.search.rules.terms import fold, index_terms

    weights = 1 / (np.arange(len(words)) + 30.0)
    drawn = random.choice(len(words), (SENTENCES, 11), p=weights / weights.sum())
    made = []
    for number, row in enumerate(drawn.tolist()):
        text = " ".join(words[k] for k in row[: 7 + number % 5]).capitalize() + "."
        made.append(Sentence(text, tuple(index_terms([text]).split()), fold(text)))
    return made
