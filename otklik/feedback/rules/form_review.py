"""What is wrong with a form, told all at once; and what one version of it changed against another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from otklik.feedback.rules.forms import (
    MOST_QUESTIONS,
    WORDS,
    FormProblem,
    FormRefused,
    read_form,
)
from otklik.feedback.rules.vocabulary import SurveyKind

Words = Mapping[str, Mapping[str, str]]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """``key`` of the question and what of it in ``part`` ("label", "options", "branch"), or the word of the
    form in ``part``. ``detail``: a variable or an option as it was written."""

    problem: FormProblem
    part: str = ""
    language: str = ""
    key: str = ""
    detail: str = ""


def troubles_of(kind: SurveyKind, wording: Words, questions: Rows) -> list[Trouble]:
    """Empty exactly where ``read_form`` reads it as a new form: that one stops at the first, a page tells
    all."""
    found: list[Trouble] = []
    for language, texts in wording.items():
        asked = texts.get("question", "").strip()
        if not asked:
            found.append(Trouble(FormProblem.NO_QUESTION, "question", language))
        for word in WORDS:
            if text := texts.get(word, "").strip():
                alone = {language: {"question": "?", word: text}}
                found += _caught(kind, alone, (), Trouble(FormProblem.BAD_KEY, word, language))
    if not wording:
        found.append(Trouble(FormProblem.NO_QUESTION, "question"))
    if len(questions) > MOST_QUESTIONS:
        found.append(Trouble(FormProblem.TOO_MANY_QUESTIONS))
    for row in questions:
        found += _of_question(kind, list(wording), row)
    keys = [str(row.get("key", "")) for row in questions]
    found += [Trouble(FormProblem.KEY_TWICE, key=key) for key in dict.fromkeys(keys) if keys.count(key) > 1]
    return found


def _of_question(kind: SurveyKind, languages: Sequence[str], row: Mapping[str, Any]) -> list[Trouble]:
    key = str(row.get("key", ""))
    found: dict[Trouble, None] = {}
    for language in languages:
        here = Trouble(FormProblem.BAD_KEY, language=language, key=key)
        found |= dict.fromkeys(_caught(kind, {language: {"question": "?"}}, [row], here))
    if not found:
        # One language by itself is in order: what is left is that they do not agree.
        every = {language: {"question": "?"} for language in languages}
        found |= dict.fromkeys(_caught(kind, every, [row], Trouble(FormProblem.BAD_KEY, key=key)))
    return list(found)


_PARTS = {
    FormProblem.NO_LABEL: "label",
    FormProblem.BAD_OPTIONS: "options",
    FormProblem.OPTION_TWICE: "options",
    FormProblem.BAD_BRANCH: "branch",
}


def _caught(kind: SurveyKind, wording: Words, questions: Rows, place: Trouble) -> list[Trouble]:
    try:
        read_form(kind, wording, questions, is_new=True)
    except FormRefused as refused:
        part = place.part or _PARTS.get(refused.problem, "")
        of_language = part in ("label", "options") or not place.key
        language = place.language if of_language else ""
        return [Trouble(refused.problem, part, language, place.key, _detail(refused))]
    return []


def _detail(refused: FormRefused) -> str:
    match refused.problem:
        case FormProblem.BROKEN_VARIABLE:
            return refused.where.split(" ", 2)[-1]
        case FormProblem.OPTION_TWICE:
            return refused.where.partition(" ")[2]
    return ""


class ChangeKind(StrEnum):
    LANGUAGE_ADDED = "language_added"
    LANGUAGE_REMOVED = "language_removed"
    WORDS = "words"
    QUESTION_ADDED = "question_added"
    QUESTION_REMOVED = "question_removed"
    QUESTION_CHANGED = "question_changed"
    ORDER = "order"
    CONTACT_ASKED = "contact_asked"
    CONTACT_NOT_ASKED = "contact_not_asked"


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` and ``after``: texts people read; of a question its label in the form's first language."""

    kind: ChangeKind
    word: str = ""
    language: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A form as ``SurveyVersion`` keeps it."""

    wording: Words
    questions: Rows
    asks_contact: bool


def changes_between(old: Stored, new: Stored) -> list[Change]:
    found = _of_languages(old, new)
    before = {str(row["key"]): row for row in old.questions}
    after = {str(row["key"]): row for row in new.questions}
    found += [
        Change(ChangeKind.QUESTION_ADDED, after=label_of(row, new.wording))
        for key, row in after.items()
        if key not in before
    ]
    found += [
        Change(ChangeKind.QUESTION_REMOVED, before=label_of(row, old.wording))
        for key, row in before.items()
        if key not in after
    ]
    shared = set(old.wording) & set(new.wording)
    for key, row in after.items():
        if key in before and _seen(before[key], shared) != _seen(row, shared):
            texts = label_of(before[key], old.wording), label_of(row, new.wording)
            found.append(Change(ChangeKind.QUESTION_CHANGED, before=texts[0], after=texts[1]))
    if [key for key in before if key in after] != [key for key in after if key in before]:
        found.append(Change(ChangeKind.ORDER))
    if old.asks_contact != new.asks_contact:
        asked = ChangeKind.CONTACT_ASKED if new.asks_contact else ChangeKind.CONTACT_NOT_ASKED
        found.append(Change(asked))
    return found


def _of_languages(old: Stored, new: Stored) -> list[Change]:
    found = [Change(ChangeKind.LANGUAGE_ADDED, language=one) for one in new.wording if one not in old.wording]
    found += [
        Change(ChangeKind.LANGUAGE_REMOVED, language=one) for one in old.wording if one not in new.wording
    ]
    for language, texts in new.wording.items():
        if language not in old.wording:
            continue
        was = old.wording[language]
        found += [
            Change(ChangeKind.WORDS, word, language, was.get(word, ""), texts.get(word, ""))
            for word in WORDS
            if was.get(word, "") != texts.get(word, "")
        ]
    return found


def label_of(row: Mapping[str, Any], wording: Words) -> str:
    labels = row.get("labels", {})
    return str(next((labels[one] for one in wording if labels.get(one)), row.get("key", "")))


def _seen(row: Mapping[str, Any], languages: set[str]) -> dict[str, Any]:
    """A language that came or went is told by itself; it is no change of each question."""
    parts = {
        part: {one: row.get(part, {}).get(one) for one in sorted(languages)} for part in ("labels", "options")
    }
    return {**row, **parts}
