"""A form while it is edited: from a stored version or from what was posted, and what a button did to it.

Every word is a field of its own: ``w-<language>-<word>`` of the form, ``<key>-label-<language>`` and
``<key>-options-<language>`` (one on each line) of a question, in the order of the fields ``question``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from otklik.feedback.models import SurveyVersion
from otklik.feedback.rules.forms import MOST_QUESTIONS, WORDS, Form, Question, QuestionKind
from otklik.feedback.rules.vocabulary import SCALES, SurveyKind

MOST_LANGUAGES = 12
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_KEY = re.compile(r"q([1-9][0-9]{0,5})\Z")
_STORED_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}\Z")


@dataclass(slots=True)
class QuestionDraft:
    """As typed. ``errors``: by "label-ru", "options-ru", "options" or "branch"."""

    key: str
    kind: QuestionKind
    low: int | None = None
    high: int | None = None
    is_required: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def has_options(self) -> bool:
        return self.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)

    def lines(self, language: str) -> list[str]:
        return [line.strip() for line in self.options.get(language, "").splitlines() if line.strip()]

    def row(self, languages: Iterable[str]) -> dict[str, Any]:
        """As ``SurveyVersion.questions`` keeps it."""
        languages = list(languages)
        return {
            "key": self.key,
            "kind": self.kind.value,
            "low": self.low,
            "high": self.high,
            "required": self.is_required,
            "labels": {language: self.labels.get(language, "").strip() for language in languages},
            "options": {language: self.lines(language) for language in languages} if self.has_options else {},
        }


@dataclass(slots=True)
class FormDraft:
    """``base``: the number of the version it began from. ``errors`` of words by "<language>-<word>", of the
    whole form by "". ``fresh``: the question, language or field where one goes on typing."""

    kind: SurveyKind
    base: int
    words: dict[str, dict[str, str]]
    questions: list[QuestionDraft]
    asks_contact: bool
    errors: dict[str, str] = field(default_factory=dict)
    fresh: str = ""

    @property
    def languages(self) -> list[str]:
        return list(self.words)

    def wording(self) -> dict[str, dict[str, str]]:
        return {
            language: {word: text for word, text in texts.items() if text}
            for language, texts in self.words.items()
        }

    def rows(self) -> list[dict[str, Any]]:
        return [question.row(self.words) for question in self.questions]

    def shown(self) -> Form:
        """For a look at it, whatever is missing yet."""
        words = {
            language: {**texts, "question": texts.get("question") or "…"}
            for language, texts in self.wording().items()
        }
        questions = [_shown(question, self.languages) for question in self.questions]
        return Form(self.kind, words, tuple(questions), self.asks_contact)


def _shown(question: QuestionDraft, languages: Sequence[str]) -> Question:
    row = question.row(languages)
    labels = {language: text or "…" for language, text in row["labels"].items()}
    options = {language: tuple(lines) or ("…",) for language, lines in row["options"].items()}
    return Question(
        question.key, question.kind, labels, options, question.low, question.high, question.is_required
    )


def stored_draft(version: SurveyVersion) -> FormDraft:
    questions = [
        QuestionDraft(
            str(row["key"]),
            QuestionKind(row["kind"]),
            row.get("low"),
            row.get("high"),
            bool(row.get("required")),
            dict(row.get("labels", {})),
            {language: "\n".join(lines) for language, lines in row.get("options", {}).items()},
        )
        for row in version.questions
    ]
    words = {language: dict(texts) for language, texts in version.wording.items()}
    kind = SurveyKind(version.survey.kind)
    return FormDraft(kind, version.number, words, questions, version.asks_contact)


def posted_draft(kind: SurveyKind, data: QueryDict) -> FormDraft:
    """Nothing of what was typed is lost; what no page of ours posts is left out."""
    languages = [one for one in dict.fromkeys(data.getlist("language")) if _LANGUAGE.match(one)]
    words = {
        language: {word: _text(data, f"w-{language}-{word}") for word in WORDS}
        for language in languages[:MOST_LANGUAGES]
    }
    keys = [key for key in dict.fromkeys(data.getlist("question")) if _STORED_KEY.match(key)]
    kinds = set(QuestionKind)
    questions = [
        _posted_question(kind, key, list(words), data)
        for key in keys[: MOST_QUESTIONS + 1]
        if data.get(f"{key}-kind") in kinds
    ]
    base = _number(data.get("base", ""), 1_000_000) or 0
    return FormDraft(kind, base, words, questions, "asks_contact" in data)


def _posted_question(kind: SurveyKind, key: str, languages: Sequence[str], data: QueryDict) -> QuestionDraft:
    most = SCALES[kind][1]
    return QuestionDraft(
        key,
        QuestionKind(data.get(f"{key}-kind", "")),
        _number(data.get(f"{key}-low", ""), most),
        _number(data.get(f"{key}-high", ""), most),
        f"{key}-required" in data,
        {language: _text(data, f"{key}-label-{language}") for language in languages},
        {language: _text(data, f"{key}-options-{language}") for language in languages},
    )


def _text(data: Mapping[str, str], name: str) -> str:
    """PostgreSQL keeps no NUL, and a browser posts line ends its own way."""
    return data.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= most else None


def do(draft: FormDraft, command: str, data: Mapping[str, str], used: Iterable[str]) -> None:
    """What a button of the editor says: "add", "up q1", "down q1", "remove q1", "add-language",
    "remove-language ru". ``used``: keys of this survey's older versions; a new question gets none of them,
    or its answers would be counted with another one's."""
    name, _, target = command.partition(" ")
    match name:
        case "add":
            _add_question(draft, data.get("new_kind", ""), used)
        case "up" | "down":
            _move(draft, target, -1 if name == "up" else 1)
        case "remove":
            draft.questions = [one for one in draft.questions if one.key != target]
            draft.fresh = "new_kind"
        case "add-language":
            _add_language(draft, data.get("new_language", ""))
        case "remove-language" if len(draft.words) > 1:
            draft.words.pop(target, None)


def _add_question(draft: FormDraft, kind: str, used: Iterable[str]) -> None:
    if kind not in set(QuestionKind) or len(draft.questions) >= MOST_QUESTIONS:
        return
    taken = [_KEY.match(key) for key in (*used, *(question.key for question in draft.questions))]
    number = max((int(found[1]) for found in taken if found), default=0) + 1
    draft.questions.append(QuestionDraft(f"q{number}", QuestionKind(kind)))
    draft.fresh = f"q{number}"


def _move(draft: FormDraft, key: str, by: int) -> None:
    place = next((n for n, one in enumerate(draft.questions) if one.key == key), None)
    if place is not None and 0 <= place + by < len(draft.questions):
        draft.questions.insert(place + by, draft.questions.pop(place))


def _add_language(draft: FormDraft, language: str) -> None:
    if _LANGUAGE.match(language) and language not in draft.words and len(draft.words) < MOST_LANGUAGES:
        draft.words[language] = {}
        draft.fresh = language
