"""The report's filter in the address: read with every oddness named, written back for links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from django.utils.translation import gettext

from otklik.analytics.public import Dimension
from otklik.feedback.queries.nps_report import ReportFilter
from otklik.feedback.rules.periods import (
    Against,
    BackwardPeriod,
    Period,
    Preset,
    Step,
    custom_period,
    preset_period,
)

Word = TypeVar("Word", Preset, Against, Step)
# "Not stated" is an empty word, and an empty parameter means no filter.
NOT_STATED = "~"
EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """``notices``: what in the address could not be used; the default took its place."""

    preset: Preset
    chosen: ReportFilter
    notices: tuple[str, ...]

    def query(self, **changes: str | None) -> str:
        """The address's parameters, with some changed; None takes one out."""
        parameters: dict[str, str | None] = {"period": self.preset}
        if self.preset is Preset.CUSTOM:
            parameters["from"] = self.chosen.period.start.isoformat()
            parameters["to"] = self.chosen.period.last_day.isoformat()
        parameters |= {"against": self.chosen.against, "step": self.chosen.step}
        parameters |= {d.value: value or NOT_STATED for d, value in self.chosen.where.items()}
        parameters |= changes
        return urlencode({name: value for name, value in parameters.items() if value is not None})


def read_filter(parameters: Mapping[str, str], today: date) -> AskedFor:
    notices: list[str] = []
    preset = _one_of(Preset, parameters.get("period", ""), Preset.LAST_12_MONTHS, notices)
    period = preset_period(preset, today)
    # "Chosen dates" was picked and none were given yet: start from the twelve months that were shown.
    if preset is Preset.CUSTOM and parameters.get("from"):
        try:
            period = _custom(parameters, today)
        except ValueError:
            notices.append(gettext("These dates cannot be read. Write them as 2026-02-28."))
            preset = Preset.LAST_12_MONTHS
        except BackwardPeriod:
            notices.append(gettext("The last day lies before the first. The last 12 months are shown."))
            preset = Preset.LAST_12_MONTHS
    where = {
        dimension: "" if value == NOT_STATED else value
        for dimension in Dimension
        if (value := parameters.get(dimension, "")) and _is_usable(dimension, value, notices)
    }
    chosen = ReportFilter(
        period,
        _one_of(Against, parameters.get("against", ""), Against.PREVIOUS, notices),
        _one_of(Step, parameters.get("step", ""), Step.MONTH, notices),
        where,
    )
    return AskedFor(preset, chosen, tuple(notices))


def _custom(parameters: Mapping[str, str], today: date) -> Period:
    first = date.fromisoformat(parameters.get("from", ""))
    last = date.fromisoformat(parameters.get("to", "") or today.isoformat())
    if first < EARLIEST or last.year > today.year + 1:
        raise ValueError(first)
    return custom_period(first, last)


def _is_usable(dimension: Dimension, value: str, notices: list[str]) -> bool:
    is_id = dimension in (Dimension.PROGRAM, Dimension.MANAGER)
    if (is_id and not (value.isascii() and value.isdigit() and len(value) < 19)) or len(value) > 60:
        notices.append(gettext("A filter in the address is not known and was left out."))
        return False
    return True


def _one_of(words: type[Word], value: str, default: Word, notices: list[str]) -> Word:
    if not value:
        return default
    try:
        return words(value)
    except ValueError:
        notices.append(gettext("A filter in the address is not known and was left out."))
        return default
