"""The form of a survey: one score, words about it, and questions that a score may open.

Stored on ``SurveyVersion``: ``wording`` holds the words by language, ``questions`` what follows the score.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from otklik.feedback.rules.mail_words import BrokenWords, check_words
from otklik.feedback.rules.vocabulary import SCALES, SurveyKind

# Words of the form itself, by language; "question" is the only one that must be there.
WORDS = (
    "question",
    "low",
    "high",
    "follow_up",
    "follow_up_low",
    "follow_up_middle",
    "follow_up_high",
    "contact",
    "thanks",
    "subject",
    "intro",
    "reminder_subject",
    "reminder_intro",
)
MOST_QUESTIONS, MOST_OPTIONS = 20, 30
LONGEST_WORDS, LONGEST_OPTION, LONGEST_TEXT = 1000, 200, 20_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}\Z")


class QuestionKind(StrEnum):
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    CSAT = "csat"
    CES = "ces"


class Band(StrEnum):
    """The part of the scale a score belongs to: detractor, passive, promoter for NPS; the lower two, the
    middle and the upper two steps of CSAT; 1-3, 4-5 and 6-7 of CES."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


_FIRST_OF: dict[SurveyKind, tuple[int, int]] = {
    SurveyKind.NPS: (7, 9),
    SurveyKind.CSAT: (3, 4),
    SurveyKind.CES: (4, 6),
}


def first_of(kind: SurveyKind) -> tuple[int, int]:
    """The first score of the middle band and of the high one."""
    return _FIRST_OF[kind]


def band_of(kind: SurveyKind, score: int) -> Band:
    middle, high = _FIRST_OF[kind]
    return Band.HIGH if score >= high else Band.MIDDLE if score >= middle else Band.LOW


class FormProblem(StrEnum):
    NO_QUESTION = "no_question"
    WORDS_TOO_LONG = "words_too_long"
    TOO_MANY_QUESTIONS = "too_many_questions"
    BAD_KEY = "bad_key"
    KEY_TWICE = "key_twice"
    UNKNOWN_KIND = "unknown_kind"
    BAD_BRANCH = "bad_branch"
    NO_LABEL = "no_label"
    BAD_OPTIONS = "bad_options"
    OPTION_TWICE = "option_twice"
    BROKEN_VARIABLE = "broken_variable"


class FormRefused(ValueError):
    """``where``: the language, or the question's key and the language; of a broken variable the language, the
    word it stands in and how it is written; of an option that is there twice the key and the option."""

    def __init__(self, problem: FormProblem, where: str = "") -> None:
        super().__init__(f"{problem}: {where}")
        self.problem, self.where = problem, where


@dataclass(frozen=True, slots=True)
class Question:
    """``low`` and ``high``: shown to those whose score lies between them, both included; None: to all.

    ``labels`` and ``options`` by language; every language has as many options as the first.
    """

    key: str
    kind: QuestionKind
    labels: Mapping[str, str]
    options: Mapping[str, tuple[str, ...]]
    low: int | None = None
    high: int | None = None
    is_required: bool = False

    def is_for(self, score: int) -> bool:
        return (self.low is None or score >= self.low) and (self.high is None or score <= self.high)

    def amount(self) -> int:
        return len(next(iter(self.options.values()), ()))


@dataclass(frozen=True, slots=True)
class Form:
    kind: SurveyKind
    words: Mapping[str, Mapping[str, str]]
    questions: tuple[Question, ...]
    asks_contact: bool

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.words)

    def language_for(self, *wanted: str) -> str:
        """The first wanted one the form has ("ru-RU" finds "ru"), else its own first."""
        for language in wanted:
            for form in (language.lower(), language.lower().split("-")[0]):
                if form in self.words:
                    return form
        return self.languages[0]

    def follow_up(self, language: str, score: int) -> str:
        words = self.words[language]
        return words.get(f"follow_up_{band_of(self.kind, score)}") or words.get("follow_up", "")

    def questions_for(self, score: int) -> list[Question]:
        return [question for question in self.questions if question.is_for(score)]


def read_form(
    kind: SurveyKind,
    wording: Mapping[str, Mapping[str, str]],
    questions: Sequence[Mapping[str, Any]] = (),
    *,
    asks_contact: bool = True,
    is_new: bool = False,
) -> Form:
    """Checked whole. ``is_new``: about to be saved, and held to what older versions were not: options that
    nobody can tell apart. Raises FormRefused."""
    words = {
        language: {key: str(texts.get(key, "")).strip() for key in WORDS if texts.get(key)}
        for language, texts in wording.items()
    }
    words = {language: texts for language, texts in words.items() if texts}
    if not words:
        raise FormRefused(FormProblem.NO_QUESTION)
    for language, texts in words.items():
        if "question" not in texts:
            raise FormRefused(FormProblem.NO_QUESTION, language)
        if any(len(text) > LONGEST_WORDS for text in texts.values()):
            raise FormRefused(FormProblem.WORDS_TOO_LONG, language)
    try:
        check_words(words)
    except BrokenWords as broken:
        where = f"{broken.language} {broken.word} {broken.variable}"
        raise FormRefused(FormProblem.BROKEN_VARIABLE, where) from broken
    if len(questions) > MOST_QUESTIONS:
        raise FormRefused(FormProblem.TOO_MANY_QUESTIONS)
    found = tuple(_question(kind, tuple(words), row) for row in questions)
    keys = [question.key for question in found]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise FormRefused(FormProblem.KEY_TWICE, twice)
    for question in found if is_new else ():
        if option := _option_twice(question):
            raise FormRefused(FormProblem.OPTION_TWICE, f"{question.key} {option}")
    return Form(kind, words, found, asks_contact)


def _question(kind: SurveyKind, languages: Sequence[str], row: Mapping[str, Any]) -> Question:
    key = str(row.get("key", ""))
    if not _KEY.match(key):
        raise FormRefused(FormProblem.BAD_KEY, key[:40])
    if row.get("kind") not in set(QuestionKind):
        raise FormRefused(FormProblem.UNKNOWN_KIND, key)
    question = QuestionKind(row["kind"])
    low, high = row.get("low"), row.get("high")
    least, most = SCALES[kind]
    ends = (least if low is None else low, most if high is None else high)
    if not all(isinstance(end, int) and least <= end <= most for end in ends) or ends[0] > ends[1]:
        raise FormRefused(FormProblem.BAD_BRANCH, key)
    labels = {language: str(row.get("labels", {}).get(language, "")).strip() for language in languages}
    for language, label in labels.items():
        if not label or len(label) > LONGEST_WORDS:
            raise FormRefused(FormProblem.NO_LABEL, f"{key} {language}")
    has_options = question in (QuestionKind.CHOICE, QuestionKind.CHOICES)
    options = _options(key, languages, row.get("options", {})) if has_options else {}
    return Question(key, question, labels, options, low, high, bool(row.get("required")))


def _options(key: str, languages: Sequence[str], rows: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    options = {language: tuple(str(o).strip() for o in rows.get(language, ())) for language in languages}
    amounts = {len(found) for found in options.values()}
    if len(amounts) != 1 or not 2 <= next(iter(amounts)) <= MOST_OPTIONS:
        raise FormRefused(FormProblem.BAD_OPTIONS, key)
    if any(not o or len(o) > LONGEST_OPTION for found in options.values() for o in found):
        raise FormRefused(FormProblem.BAD_OPTIONS, key)
    return options


def _option_twice(question: Question) -> str:
    """The first one that is another one but for capitals and spaces; "" where all differ."""
    for options in question.options.values():
        seen: set[str] = set()
        for option in options:
            levelled = " ".join(unicodedata.normalize("NFKC", option).casefold().split())
            if levelled in seen:
                return option
            seen.add(levelled)
    return ""


def question_row(question: Question) -> dict[str, Any]:
    """As ``SurveyVersion.questions`` keeps it."""
    return {
        "key": question.key,
        "kind": question.kind.value,
        "low": question.low,
        "high": question.high,
        "required": question.is_required,
        "labels": dict(question.labels),
        "options": {language: list(found) for language, found in question.options.items()},
    }


def read_answers(form: Form, score: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """What of ``given`` the form asked for at this score, in the form's terms: the option's place for a
    choice, a growing list of places for several, a number for a scale, text for text. The rest is left out:
    a form that was changed in between must not lose the score."""
    kept: dict[str, Any] = {}
    for question in form.questions_for(score):
        value = _answer(question, given.get(question.key))
        if value is not None:
            kept[question.key] = value
    return kept


def _answer(question: Question, value: Any) -> Any:
    if question.kind is QuestionKind.TEXT:
        text = str(value or "").replace("\x00", "").strip()[:LONGEST_TEXT]
        return text or None
    if question.kind is QuestionKind.CHOICES:
        values = value if isinstance(value, list | tuple) else [value]
        places = sorted({n for one in values if (n := _number(one, 0, question.amount() - 1)) is not None})
        return places or None
    if question.kind is QuestionKind.CHOICE:
        return _number(value, 0, question.amount() - 1)
    low, high = SCALES[SurveyKind(question.kind.value)]
    return _number(value, low, high)


def _number(value: Any, low: int, high: int) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 4:
        value = int(value)
    return value if isinstance(value, int) and low <= value <= high else None
