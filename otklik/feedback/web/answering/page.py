"""What the page of a form shows. It is drawn without the frame of the other pages: nothing is fetched with
it, and all of it stays under 30 KB."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.utils.translation.trans_real import parse_accept_lang_header

from otklik.feedback.rules.answering import LONGEST_COMMENT
from otklik.feedback.rules.forms import Form, Question, QuestionKind, first_of
from otklik.feedback.rules.vocabulary import SCALES, SurveyKind
from otklik.feedback.web.answering.reading import QUESTION

_ASSETS = Path(__file__).with_name("assets")
_FACES = ("😞", "🙁", "😐", "🙂", "😀")
_OUR_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a scale. ``word`` is read aloud where the sign is a face."""

    value: int
    sign: str
    word: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question behind the score. ``text``: of a text question; ``steps``: of all others."""

    name: str
    question: Question
    label: str
    low: int
    high: int
    steps: Sequence[Step] = ()
    text: str = ""

    @property
    def is_text(self) -> bool:
        return self.question.kind is QuestionKind.TEXT

    @property
    def takes_many(self) -> bool:
        return self.question.kind is QuestionKind.CHOICES

    @property
    def is_scale(self) -> bool:
        return self.question.kind in (QuestionKind.CSAT, QuestionKind.CES)


@dataclass(frozen=True, slots=True)
class Said:
    """What is on the form already: confirmed before, chosen by the link, or typed and refused."""

    score: int | None = None
    comment: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    may_contact: bool | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class FormPage:
    """``slug``: of a link, None for an invitation. ``stop``: where one asks not to be asked."""

    form: Form
    language: str
    version_id: int
    program: str
    said: Said
    slug: str | None = None
    is_shared: bool = False
    is_embedded: bool = False
    stop: str = ""


def languages_wanted(request: HttpRequest, *first: str) -> tuple[str, ...]:
    """Chosen on the page, then what we know, then what the browser asks for."""
    asked = [code for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return tuple(code for code in (request.GET.get("lang", ""), *first, *asked) if code)


def our_language(*wanted: str) -> str:
    """Of those that our own words are written in."""
    for code in wanted:
        if (short := code.lower().split("-")[0]) in _OUR_LANGUAGES:
            return short
    return settings.LANGUAGE_CODE


def form_response(
    page: FormPage, *, error: str = "", status: int = 200, hosts: Sequence[str] = ()
) -> HttpResponse:
    with translation.override(our_language(page.language)):
        html = render_to_string("feedback/answering/form.html", _context(page, error))
    return _guarded(HttpResponse(html, status=status), page.language, hosts)


def words_response(
    title: str, text: str, language: str, *, status: int = 200, hosts: Sequence[str] = (), more: str = ""
) -> HttpResponse:
    """Thanks, and whatever is not to be filled in. ``more``: address of what comes next."""
    with translation.override(our_language(language)):
        context = {"title": title, "text": text, "more": more, **_frame(language)}
        html = render_to_string("feedback/answering/words.html", context)
    return _guarded(HttpResponse(html, status=status), language, hosts)


def page_response(template: str, context: Mapping[str, Any], language: str) -> HttpResponse:
    """A page of its own in the same frame."""
    with translation.override(our_language(language)):
        html = render_to_string(template, {**context, **_frame(language)})
    return _guarded(HttpResponse(html), language, ())


def _guarded(response: HttpResponse, language: str, hosts: Sequence[str]) -> HttpResponse:
    """Only what stands in the page itself may run, and only ``hosts`` may show it inside theirs."""
    ancestors = " ".join(hosts) or "'none'"
    response["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest('page.js')}'",
            f"style-src '{_digest('page.css')}'",
            "connect-src 'self'",
            "img-src data:",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        )
    )
    response["Content-Language"] = language
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    if hosts:
        # The older header knows no list of hosts; the policy above rules in every browser that frames us.
        response.xframe_options_exempt = True
    return response


def _frame(language: str) -> dict[str, Any]:
    bidi = translation.get_language_info(language)["bidi"] if _is_known(language) else False
    return {
        "language": language,
        "direction": "rtl" if bidi else "ltr",
        "style": _asset("page.css"),
        "script": _asset("page.js"),
    }


def _context(page: FormPage, error: str) -> dict[str, Any]:
    form, words, said = page.form, page.form.words[page.language], page.said
    low, high = SCALES[form.kind]
    return {
        **_frame(page.language),
        "page": page,
        "error": error,
        "question": words["question"],
        "steps": _steps(form.kind, said.score),
        "faces": form.kind is SurveyKind.CSAT,
        "amount": high - low + 1,
        "low": words.get("low") or _ends(form.kind)[0],
        "high": words.get("high") or _ends(form.kind)[1],
        "why": form.follow_up(page.language, said.score) if said.score is not None else _why(page),
        "asked": [_asked(page, question) for question in form.questions],
        "contact": words.get("contact") or _("May we contact you about your answer?"),
        "thanks": words.get("thanks") or _("Thank you: your answer has arrived."),
        "key": secrets.token_urlsafe(18),
        "languages": [(code, _name_of(code)) for code in form.languages],
        "query": _query(page),
        "script_words": _for_script(page),
    }


def _why(page: FormPage) -> str:
    return page.form.words[page.language].get("follow_up") or _("What is the main reason for your score?")


def _query(page: FormPage) -> str:
    chosen = f"&s={page.said.score}" if page.said.score is not None and not page.said.is_confirmed else ""
    return f"{chosen}&embed=1" if page.is_embedded else chosen


def _steps(kind: SurveyKind, chosen: Any) -> list[Step]:
    low, high = SCALES[kind]
    words = _face_words() if kind is SurveyKind.CSAT else ()
    return [
        Step(n, _FACES[n - low] if words else str(n), words[n - low] if words else "", n == chosen)
        for n in range(low, high + 1)
    ]


def _asked(page: FormPage, question: Question) -> Asked:
    low, high = SCALES[page.form.kind]
    given = page.said.answers.get(question.key)
    name = f"{QUESTION}{question.key}"
    ends = (low if question.low is None else question.low, high if question.high is None else question.high)
    label = question.labels[page.language]
    if question.kind is QuestionKind.TEXT:
        return Asked(name, question, label, *ends, text=str(given or ""))
    if question.kind in (QuestionKind.CSAT, QuestionKind.CES):
        return Asked(name, question, label, *ends, steps=_steps(SurveyKind(question.kind.value), given))
    chosen = given if isinstance(given, list) else [given]
    options = question.options[page.language]
    steps = [Step(place, option, "", place in chosen) for place, option in enumerate(options)]
    return Asked(name, question, label, *ends, steps=steps)


def _for_script(page: FormPage) -> dict[str, Any]:
    form, low = page.form, SCALES[page.form.kind][0]
    by_band = dict(zip(("low", "middle", "high"), (low, *first_of(form.kind)), strict=True))
    return {
        "slug": page.slug,
        "shared": page.is_shared,
        "embedded": page.is_embedded,
        "language": page.language,
        "version": page.version_id,
        "longest": LONGEST_COMMENT,
        "bands": first_of(form.kind),
        "follow_up": {band: form.follow_up(page.language, n) or _why(page) for band, n in by_band.items()},
        "words": {
            "saving": _("Saving…"),
            "saved": _("Saved."),
            "retry": _("Not saved yet: there is no connection. We try again by ourselves."),
            "refused": _("This answer cannot be taken any more."),
            "choose": _("Choose a score first."),
            "too_long": too_long(),
            "413": too_long(),
            "422": too_long(),
            "429": _("There were very many answers from here. Try again in an hour."),
        },
    }


def too_long() -> str:
    return _("The text is longer than 20,000 characters. Shorten it, and it will be saved.")


def _ends(kind: SurveyKind) -> tuple[str, str]:
    """As the mail says it too."""
    match kind:
        case SurveyKind.NPS:
            return _("Not at all likely"), _("Extremely likely")
        case SurveyKind.CSAT:
            return _("Very dissatisfied"), _("Very satisfied")
        case SurveyKind.CES:
            return _("Very hard"), _("Very easy")


def _face_words() -> tuple[str, ...]:
    return (
        pgettext("a face", "very unhappy"),
        pgettext("a face", "unhappy"),
        pgettext("a face", "neither happy nor unhappy"),
        pgettext("a face", "happy"),
        pgettext("a face", "very happy"),
    )


def _name_of(code: str) -> str:
    return str(translation.get_language_info(code)["name_local"]).capitalize() if _is_known(code) else code


def _is_known(code: str) -> bool:
    try:
        translation.get_language_info(code)
    except KeyError:
        return False
    return True


@lru_cache(maxsize=4)
def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


@lru_cache(maxsize=4)
def _digest(name: str) -> str:
    return "sha256-" + base64.b64encode(sha256(_asset(name).encode()).digest()).decode()
