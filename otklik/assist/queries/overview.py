"""What the page of automatic answers says of each intent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otklik.assist.models import AnswerSettings, Example, IntentModel, IntentSetting
from otklik.assist.operations.teaching import CROSS
from otklik.assist.queries.use import Use, use_by_intent
from otklik.assist.rules.sentences import LANGUAGES, TEST
from otklik.assist.rules.thresholds import PRECISION, SILENT
from otklik.assist.rules.vocabulary import ANSWERED, Intent


@dataclass(frozen=True, slots=True)
class Figure:
    """As ``rules/thresholds.Figures``, from the stored model."""

    answered: int
    right: int
    asked: int
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class IntentRow:
    """``found``: the threshold that the figures gave, None where there is none. ``threshold``: the one in
    use. ``is_lowered``: it was set below the one that holds the precision."""

    intent: Intent
    setting: IntentSetting
    found: float | None
    threshold: float | None
    cross: Figure | None
    test: Figure | None
    use: Use
    examples: int

    @property
    def is_silent(self) -> bool:
        return self.threshold is None

    @property
    def is_lowered(self) -> bool:
        return self.setting.threshold is not None and (
            self.found is None or self.setting.threshold < self.found
        )


@dataclass(frozen=True, slots=True)
class Overview:
    settings: AnswerSettings
    model: IntentModel | None
    rows: list[IntentRow]
    precision: float = PRECISION


def overview(*, at: datetime) -> Overview:
    model = IntentModel.objects.order_by("-version").defer("content").first()
    kept = {row.intent: row for row in IntentSetting.objects.all()}
    used = use_by_intent(at=at)
    active = Example.objects.filter(is_active=True)
    counts = {intent.value: active.filter(intent=intent).count() for intent in ANSWERED}
    rows = [
        _row(intent, kept.get(intent) or IntentSetting(intent=intent), model, used[intent], counts)
        for intent in ANSWERED
    ]
    return Overview(AnswerSettings.objects.filter(pk=1).first() or AnswerSettings(), model, rows)


def figures_by_language(model: IntentModel | None, intent: Intent) -> list[tuple[str, Figure, Figure]]:
    """(language, of the examples, of the sentences that teach nothing); all languages first, as ""."""
    found = []
    for language in ("", *LANGUAGES):
        cross, test = _figure(model, CROSS, language, intent), _figure(model, TEST, language, intent)
        if cross is not None and test is not None:
            found.append((language, cross, test))
    return found


def _row(
    intent: Intent,
    setting: IntentSetting,
    model: IntentModel | None,
    use: Use,
    counts: Mapping[str, int],
) -> IntentRow:
    found = float(model.thresholds.get(intent.value, SILENT)) if model else SILENT
    chosen = setting.threshold if setting.threshold is not None else found
    return IntentRow(
        intent=intent,
        setting=setting,
        found=found if found <= 1 else None,
        threshold=chosen if chosen <= 1 else None,
        cross=_figure(model, CROSS, "", intent),
        test=_figure(model, TEST, "", intent),
        use=use,
        examples=counts[intent.value],
    )


def _figure(model: IntentModel | None, of: str, language: str, intent: Intent) -> Figure | None:
    kept: Mapping[str, Any] | None = (
        model.figures.get(of, {}).get(language, {}).get(intent) if model else None
    )
    if kept is None:
        return None
    precision, recall = kept["precision"], kept["recall"]
    return Figure(
        kept["answered"],
        kept["right"],
        kept["asked"],
        tuple(precision) if precision else None,
        tuple(recall) if recall else None,
    )
