"""From which likelihood on an intent is answered, so that 95 of 100 answers are right; else it is silent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from otklik.assist.rules.classifier import Classifier, fit
from otklik.assist.rules.features import MOST_WORDS, counted
from otklik.assist.rules.vocabulary import ANSWERED, Intent
from otklik.stats.share import wilson

PRECISION = 0.95
FOLDS = 10
SILENT = 1.01
"""No likelihood reaches it."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest intent of a text whose true one is known."""

    told: Intent
    likelihood: float
    true: Intent
    language: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one intent at its threshold. Intervals are Wilson's, 95 %; None where nothing was counted."""

    answered: int
    right: int
    asked: int
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None


def best_guess(classifier: Classifier, text: str) -> tuple[Intent, float]:
    """The likeliest intent; NONE for certain where the text asks for nothing or is no mere question."""
    found = counted(text)
    if not found.asks or found.length > MOST_WORDS:
        return Intent.NONE, 1.0
    likely = classifier.probabilities(text)
    intent = max(sorted(likely), key=lambda name: likely[name])
    return Intent(intent), likely[intent]


def guesses(classifier: Classifier, rows: Iterable[tuple[str, Intent, str]]) -> list[Guess]:
    """``rows``: text, its true intent, its language."""
    return [Guess(*best_guess(classifier, text), intent, language) for text, intent, language in rows]


def cross_validated(rows: Sequence[tuple[str, Intent, str]], *, folds: int = FOLDS) -> list[Guess]:
    """Each text guessed by a classifier that was taught without its fold. Folds follow from the texts."""
    fold_of = [int(hashlib.sha256(text.encode()).hexdigest()[8:16], 16) % folds for text, _, _ in rows]
    found: list[Guess] = []
    for fold in range(folds):
        left_out = [row for row, its in zip(rows, fold_of, strict=True) if its == fold]
        taught = [row for row, its in zip(rows, fold_of, strict=True) if its != fold]
        if left_out and taught:
            classifier = fit([text for text, _, _ in taught], [intent for _, intent, _ in taught])
            found += guesses(classifier, left_out)
    return found


def choose_thresholds(found: Sequence[Guess], *, precision: float = PRECISION) -> dict[Intent, float]:
    """The lowest at which one wrong answer more than was seen would still leave the precision where it has to
    be; SILENT where there is none, which is always so below 19 examples answered rightly."""
    return {intent: _threshold(found, intent, precision) for intent in ANSWERED}


def _threshold(found: Sequence[Guess], intent: Intent, precision: float) -> float:
    told = sorted((guess for guess in found if guess.told is intent), key=lambda guess: -guess.likelihood)
    best, right = SILENT, 0
    for place, guess in enumerate(told, 1):
        right += guess.true is intent
        following = told[place].likelihood if place < len(told) else 0.0
        # Guesses of one likelihood are answered together or not at all.
        if following < guess.likelihood and right >= precision * (place + 1):
            best = guess.likelihood
    return best


def figures(
    found: Iterable[Guess], thresholds: Mapping[Intent, float], intent: Intent, *, language: str = ""
) -> Figures:
    """``language``: of these texts only; "" is all of them."""
    rows = [guess for guess in found if language in ("", guess.language)]
    answered = [guess for guess in rows if guess.told is intent and guess.likelihood >= thresholds[intent]]
    right = sum(guess.true is intent for guess in answered)
    asked = sum(guess.true is intent for guess in rows)
    return Figures(len(answered), right, asked, _share(right, len(answered)), _share(right, asked))


def _share(hits: int, among: int) -> tuple[float, float, float] | None:
    interval = wilson(hits, among)
    return (hits / among, interval.low, interval.high) if interval is not None and among else None
