"""A form as people will see it: their page on a phone, and the mail that brings them there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import pgettext_lazy

from otklik.feedback.mailing.letters import preview
from otklik.feedback.rules.forms import Form
from otklik.feedback.rules.vocabulary import SCALES
from otklik.feedback.web.answering.page import FormPage, Said, form_response
from otklik.kit.registry import Text
from otklik.partners.public import language_name

# A browser would tell of each one that it stops.
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)


class At(StrEnum):
    PAGE = "page"
    MAIL = "mail"
    REMINDER = "reminder"


PLACES: dict[At, Text] = {
    At.PAGE: pgettext_lazy("preview of a survey", "Page on a phone"),
    At.MAIL: pgettext_lazy("preview of a survey", "Mail"),
    At.REMINDER: pgettext_lazy("preview of a survey", "Reminder"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """``html``: a whole document for a frame without scripts. ``subject`` and ``text``: of a mail."""

    at: At
    language: str
    score: int
    html: str
    languages: list[tuple[str, str]]
    scores: list[int]
    subject: str = ""
    text: str = ""

    @property
    def places(self) -> list[tuple[At, Text]]:
        return list(PLACES.items())


def look_at(form: Form, program: str, asked: Mapping[str, str], *, version_id: int = 0) -> Look:
    """``asked``: "look_at", "look_language" and "look_score" as the page sends them."""
    at = At(asked["look_at"]) if asked.get("look_at") in set(At) else At.PAGE
    language = form.language_for(asked.get("look_language", ""))
    low, high = SCALES[form.kind]
    typed = asked.get("look_score", "")
    score = int(typed) if typed in {str(n) for n in range(low, high + 1)} else high
    languages = [(code, language_name(code)) for code in form.languages]
    scores = list(range(low, high + 1))
    if at is At.PAGE:
        html = _page(form, language, score, program, version_id)
        return Look(at, language, score, html, languages, scores)
    letter = preview(form, language, program=program, is_reminder=at is At.REMINDER)
    return Look(at, language, score, letter.html, languages, scores, letter.subject, letter.text)


def _page(form: Form, language: str, score: int, program: str, version_id: int) -> str:
    """Scripts do not run in the frame, so what a score leaves out is left out here."""
    asked = replace(form, questions=tuple(form.questions_for(score)))
    page = FormPage(asked, language, version_id, program, Said(score))
    return _SCRIPT.sub("", form_response(page).content.decode())
