"""The filter of the comments in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from otklik.feedback.queries.comment_rows import CommentFilter
from otklik.feedback.rules.periods import Preset
from otklik.feedback.web.filters import read_filter

_LANGUAGES = ("ru", "en")


@dataclass(frozen=True, slots=True)
class AskedForComments:
    """``topic`` and ``word``: the key of what the comments are shown for; empty for the overview."""

    preset: Preset
    chosen: CommentFilter
    topic: str
    word: str
    notices: tuple[str, ...]

    @property
    def is_custom(self) -> bool:
        return self.preset is Preset.CUSTOM

    def query(self, **changes: str) -> str:
        parameters = {"period": str(self.preset)}
        if self.is_custom:
            parameters["from"] = self.chosen.period.start.isoformat()
            parameters["to"] = self.chosen.period.last_day.isoformat()
        if self.chosen.survey_id is not None:
            parameters["survey"] = str(self.chosen.survey_id)
        parameters |= {"language": self.chosen.language, "topic": self.topic, "word": self.word}
        parameters |= changes
        return urlencode({name: value for name, value in parameters.items() if value})


def read_comment_filter(parameters: Mapping[str, str], today: date) -> AskedForComments:
    """A survey or a language that is none is left out: the page shows what it shows without."""
    period = {name: parameters[name] for name in ("period", "from", "to") if name in parameters}
    asked = read_filter(period, today)
    survey = parameters.get("survey", "")
    is_id = survey.isascii() and survey.isdigit() and len(survey) < 19
    language = parameters.get("language", "")
    chosen = CommentFilter(
        asked.chosen.period, int(survey) if is_id else None, language if language in _LANGUAGES else ""
    )
    return AskedForComments(
        asked.preset,
        chosen,
        parameters.get("topic", "")[:40],
        parameters.get("word", "")[:80],
        asked.notices,
    )
