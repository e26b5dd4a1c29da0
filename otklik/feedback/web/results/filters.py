"""Which part of a survey's answers is asked for in the address, and how it is written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext

from otklik.feedback.models import Survey, SurveyVersion, Wave
from otklik.feedback.queries.survey_results import ResultFilter
from otklik.feedback.rules.periods import BackwardPeriod, Period, custom_period

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """``notices``: what in the address could not be used; the whole survey is shown instead."""

    chosen: ResultFilter
    notices: tuple[str, ...]

    def query(self, **changes: str | None) -> str:
        parameters = parameters_of(self.chosen) | changes
        return urlencode({name: value for name, value in parameters.items() if value is not None})


def parameters_of(chosen: ResultFilter) -> dict[str, str | None]:
    return {
        "wave": str(chosen.wave_id) if chosen.wave_id is not None else None,
        "version": str(chosen.version) if chosen.version is not None else None,
        "from": chosen.period.start.isoformat() if chosen.period else None,
        "to": chosen.period.last_day.isoformat() if chosen.period else None,
        "weigh": "1" if chosen.weighs else None,
    }


def asked_exactly(parameters: Mapping[str, str], survey: Survey) -> ResultFilter:
    """For files, which have no place to say that they hold something else than was asked for. Raises
    Http404, also where there is no such wave or version."""
    asked = read_filter(parameters, survey)
    if asked.notices:
        raise Http404(" ".join(asked.notices))
    return asked.chosen


def read_filter(parameters: Mapping[str, str], survey: Survey) -> AskedFor:
    """Two queries where a wave and a version are named."""
    notices: list[str] = []
    wave = _number(parameters.get("wave", ""), notices)
    if wave is not None and not Wave.objects.filter(survey_id=survey.pk, pk=wave).exists():
        notices.append(_unknown())
        wave = None
    version = _number(parameters.get("version", ""), notices)
    if version is not None and not _is_version(survey, version):
        notices.append(_unknown())
        version = None
    period = _period(parameters.get("from", ""), parameters.get("to", ""), notices)
    weighs = parameters.get("weigh", "") == "1"
    return AskedFor(ResultFilter(survey.pk, wave, version, period, weighs), tuple(dict.fromkeys(notices)))


def _is_version(survey: Survey, number: int) -> bool:
    return SurveyVersion.objects.filter(survey_id=survey.pk, number=number).exists()


def read_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _number(text: str, notices: list[str]) -> int | None:
    found = read_number(text)
    if text and found is None:
        notices.append(_unknown())
    return found


def _unknown() -> str:
    return gettext("A filter in the address is not known and was left out.")


def _period(first: str, last: str, notices: list[str]) -> Period | None:
    if not first and not last:
        return None
    try:
        start = date.fromisoformat(first) if first else EARLIEST
        end = date.fromisoformat(last) if last else LATEST
        if start < EARLIEST or end > LATEST:
            raise ValueError(start, end)
        return custom_period(start, end)
    except ValueError:
        notices.append(gettext("These dates cannot be read. Write them as 2026-02-28."))
    except BackwardPeriod:
        notices.append(gettext("The last day lies before the first. All answers are shown."))
    return None
