"""The classifier is taught anew, measured, and stored as a version of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from otklik.assist.models import Example, IntentModel
from otklik.assist.rules.classifier import fit
from otklik.assist.rules.sentences import LANGUAGES, TEST, sentences
from otklik.assist.rules.thresholds import Guess, choose_thresholds, cross_validated, figures, guesses
from otklik.assist.rules.vocabulary import ANSWERED, Intent
from otklik.events.public import Actor, ActorKind, Subject, record

Row = tuple[str, Intent, str]
CROSS = "cross"
# Fewer cannot be told apart by anybody.
LEAST_EXAMPLES = 20


class TooFewExamples(Exception):
    """Nothing can be learnt from these."""


def examples_digest() -> str:
    """Of what would be learnt now: equal to the newest version's where nothing has changed since."""
    return _digest(_rows())


def teach(*, by: Actor, at: datetime) -> IntentModel:
    """A few seconds of reckoning, in no transaction. The version there is where the examples are the same.
    Raises TooFewExamples."""
    rows = _rows()
    if len(rows) < LEAST_EXAMPLES or len({intent for _, intent, _ in rows}) < 2:
        raise TooFewExamples(len(rows))
    digest = _digest(rows)
    newest = IntentModel.objects.order_by("-version").first()
    if newest is not None and newest.digest == digest:
        return newest
    crossed = cross_validated(rows)
    thresholds = choose_thresholds(crossed)
    classifier = fit([text for text, _, _ in rows], [intent for _, intent, _ in rows])
    tested = guesses(classifier, [(one.text, one.intent, one.language) for one in sentences(TEST)])
    return _store(
        {
            "content": classifier.to_bytes(),
            "thresholds": {intent.value: threshold for intent, threshold in thresholds.items()},
            "figures": {
                CROSS: _all_figures(crossed, thresholds),
                TEST: _all_figures(tested, thresholds),
            },
            "examples_count": len(rows),
            "digest": digest,
            "taught_by_id": by.id if by.kind is ActorKind.PERSON else None,
            "taught_at": at,
        },
        by=by,
        at=at,
    )


def _store(columns: dict[str, Any], *, by: Actor, at: datetime) -> IntentModel:
    """The next free number; two workers that teach at once get one each."""
    while True:
        version = (IntentModel.objects.aggregate(last=Max("version"))["last"] or 0) + 1
        try:
            with transaction.atomic():
                model = IntentModel.objects.create(version=version, **columns)
                data = {"version": version, "examples": model.examples_count}
                record("intents.taught", by=by, at=at, subjects=[Subject("intents", model.pk)], data=data)
                return model
        except IntegrityError:
            continue


def _rows() -> list[Row]:
    found = Example.objects.filter(is_active=True).order_by("key").values_list("text", "intent", "language")
    return [(text, Intent(intent), language) for text, intent, language in found]


def _digest(rows: Sequence[Row]) -> str:
    whole = "\n".join(f"{intent}\t{text!r}" for text, intent, _ in rows)
    return hashlib.sha256(whole.encode()).hexdigest()


def _all_figures(found: Sequence[Guess], thresholds: dict[Intent, float]) -> dict[str, Any]:
    return {
        language: {
            intent.value: asdict(figures(found, thresholds, intent, language=language)) for intent in ANSWERED
        }
        for language in ("", *LANGUAGES)
    }
