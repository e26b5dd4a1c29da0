"""What a text asks, by what was learnt last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from otklik.assist.models import IntentModel, IntentSetting
from otklik.assist.rules.classifier import Classifier, Reason
from otklik.assist.rules.thresholds import SILENT, best_guess
from otklik.assist.rules.vocabulary import ANSWERED, Intent


@dataclass(frozen=True, slots=True)
class Learnt:
    version: int
    classifier: Classifier
    thresholds: Mapping[Intent, float]


@dataclass(frozen=True, slots=True)
class Understood:
    """``is_sure``: the likelihood reaches the intent's threshold, and the intent is one that is answered."""

    intent: Intent
    confidence: float
    threshold: float
    version: int
    reasons: tuple[Reason, ...]

    @property
    def is_sure(self) -> bool:
        return self.intent is not Intent.NONE and self.confidence >= self.threshold


_lock = Lock()
_kept: dict[int, Learnt] = {}


def some_model_is_taught() -> bool:
    return IntentModel.objects.exists()


def learnt() -> Learnt | None:
    """The newest; None before anything was taught. The content is read once in each process."""
    newest = IntentModel.objects.order_by("-version").values_list("pk", flat=True).first()
    if newest is None:
        return None
    with _lock:
        if newest not in _kept:
            row = IntentModel.objects.get(pk=newest)
            _kept.clear()
            thresholds: dict[Intent, float] = {
                intent: float(row.thresholds.get(intent, SILENT)) for intent in ANSWERED
            }
            _kept[newest] = Learnt(row.version, Classifier.from_bytes(bytes(row.content)), thresholds)
        return _kept[newest]


def thresholds_in_use(model: Learnt) -> dict[Intent, float]:
    """Those somebody set stand above those that were found."""
    rows = IntentSetting.objects.exclude(threshold=None).values_list("intent", "threshold")
    chosen = {Intent(intent): threshold for intent, threshold in rows if threshold is not None}
    return {**model.thresholds, **chosen}


def understand(text: str) -> Understood | None:
    """None before anything was taught."""
    model = learnt()
    if model is None:
        return None
    intent, confidence = best_guess(model.classifier, text)
    if intent is Intent.NONE:
        return Understood(intent, confidence, SILENT, model.version, ())
    threshold = thresholds_in_use(model)[intent]
    return Understood(
        intent, confidence, threshold, model.version, tuple(model.classifier.reasons(text, intent))
    )
