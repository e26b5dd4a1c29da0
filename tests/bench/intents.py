"""How well questions are understood, on our labelled sentences: by those that are taught, each guessed
without having been seen, and by those that teach nothing. The last are the ones to believe. See
docs/guide/automatic-answers.md for how they were written, and what that is worth."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from otklik.assist.rules.classifier import Classifier, fit
from otklik.assist.rules.sentences import LANGUAGES, TEACH, TEST, Sentence, sentences
from otklik.assist.rules.thresholds import (
    PRECISION,
    SILENT,
    Guess,
    best_guess,
    choose_thresholds,
    cross_validated,
    figures,
    guesses,
)
from otklik.assist.rules.vocabulary import ANSWERED, Intent
from otklik.feedback.tests.texts.labelled import afterwards, development, held_out
from otklik.stats.share import wilson
from tests.bench.harness import Sheet


def run() -> Sheet:
    sheet = Sheet("Automatic answers: what is asked")
    taught, tested = sentences(TEACH), sentences(TEST)
    sheet.add("sentences", f"{len(taught) + len(tested)}", f"{len(taught)} taught, {len(tested)} only tested")
    rows = _rows(taught)
    begun = time.perf_counter()
    crossed = cross_validated(rows)
    thresholds = choose_thresholds(crossed)
    classifier = fit([text for text, _, _ in rows], [intent for _, intent, _ in rows])
    sheet.add("teaching and choosing thresholds", f"{time.perf_counter() - begun:.1f} s", "a job does it")
    found = guesses(classifier, _rows(tested))
    for intent in ANSWERED:
        _add_intent(sheet, intent, found, crossed, thresholds)
    _add_whole(sheet, "taught, cross-validated", crossed, thresholds)
    for language in LANGUAGES:
        its = [guess for guess in found if guess.language == language]
        _add_whole(sheet, f"test part, {language}", its, thresholds)
    _add_whole(sheet, "test part", found, thresholds)
    _add_comments(sheet, classifier, thresholds)
    begun = time.process_time()
    for one in tested:
        best_guess(classifier, one.text)
    spent = (time.process_time() - begun) / len(tested)
    sheet.add("understanding one text", f"{spent * 1e6:.0f} us", "CPU")
    return sheet


def _rows(some: Sequence[Sentence]) -> list[tuple[str, Intent, str]]:
    return [(one.text, one.intent, one.language) for one in some]


def _add_intent(
    sheet: Sheet,
    intent: Intent,
    found: Sequence[Guess],
    crossed: Sequence[Guess],
    thresholds: Mapping[Intent, float],
) -> None:
    threshold = thresholds[intent]
    if threshold >= SILENT:
        sheet.add(intent.value, "off", "not sure enough")
        return
    for language in ("", *LANGUAGES):
        its = figures(found, thresholds, intent, language=language)
        name = f"{intent.value}, {language}" if language else f"{intent.value} from {threshold:.2f} on"
        sheet.add(name, _shown(its.precision), f"precision; recall {_shown(its.recall)}, {its.asked} asked")


def _add_whole(sheet: Sheet, name: str, found: Sequence[Guess], thresholds: Mapping[Intent, float]) -> None:
    answered = [g for g in found if g.told is not Intent.NONE and g.likelihood >= thresholds[g.told]]
    right = sum(guess.told is guess.true for guess in answered)
    asked = sum(guess.true is not Intent.NONE for guess in found)
    interval = wilson(right, len(answered))
    precision = (right / len(answered), interval.low, interval.high) if interval else None
    told = f"precision of {len(answered)} answers, aim {PRECISION:.0%}"
    sheet.add(f"{name}: right", _shown(precision), told)
    silent = f"{asked - right} of {asked} that could be answered; {len(found) - asked} others"
    sheet.add(f"{name}: left silent or wrong", f"{1 - right / asked:.1%}", silent)


def _add_comments(sheet: Sheet, classifier: Classifier, thresholds: Mapping[Intent, float]) -> None:
    """Comments of surveys ask for nothing: each answer to one is wrong, but for the few that do ask."""
    comments = [one.text for one in (*development(), *held_out(), *afterwards())]
    told = [best_guess(classifier, text) for text in comments]
    wrong = sum(intent is not Intent.NONE and likely >= thresholds[intent] for intent, likely in told)
    share = f"{wrong / len(comments):.1%}"
    sheet.add("survey comments answered by mistake", share, f"{wrong} of {len(comments)}, aim none")


def _shown(share: tuple[float, float, float] | None) -> str:
    return f"{share[0]:.3f} ({share[1]:.3f} … {share[2]:.3f})" if share else "–"
