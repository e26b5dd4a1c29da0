"""What the editor of a form shows: every word beside its other languages, with what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from otklik.feedback.access import Scope
from otklik.feedback.models import Survey, SurveyVersion
from otklik.feedback.queries.surveys import PastVersion, history, stored
from otklik.feedback.rules.form_review import Change, Trouble, changes_between
from otklik.feedback.rules.forms import MOST_QUESTIONS, QuestionKind
from otklik.feedback.rules.vocabulary import SCALES, SurveyKind
from otklik.feedback.web.builder import words
from otklik.feedback.web.builder.drafts import MOST_LANGUAGES, FormDraft, QuestionDraft
from otklik.kit.registry import Text
from otklik.partners.public import language_choices, language_name


@dataclass(frozen=True, slots=True)
class Field:
    """``rows``: 1 for a line."""

    name: str
    language: str
    language_name: str
    value: str
    error: str
    rows: int
    is_fresh: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    label: Text
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Part:
    title: Text
    text: Text
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class QuestionPart:
    draft: QuestionDraft
    number: int
    kind: Text
    labels: list[Field]
    options: list[Field]


@dataclass(frozen=True, slots=True)
class EditorPage:
    draft: FormDraft

    @property
    def languages(self) -> list[tuple[str, str]]:
        return [(code, language_name(code)) for code in self.draft.words]

    @property
    def parts(self) -> list[Part]:
        return [
            Part(
                title,
                text,
                [Row(words.word_label(self.draft.kind, one), self._of_word(one)) for one in names],
            )
            for title, text, names in words.PARTS
        ]

    def _of_word(self, word: str) -> list[Field]:
        rows = 3 if word in words.LONG_WORDS else 2 if word not in ("low", "high", "subject") else 1
        rows = 1 if word == "reminder_subject" else rows
        return [
            Field(
                f"w-{language}-{word}",
                language,
                name,
                self.draft.words[language].get(word, ""),
                self.draft.errors.get(f"{language}-{word}", ""),
                rows,
                word == "question" and self.draft.fresh == language,
            )
            for language, name in self.languages
        ]

    @property
    def questions(self) -> list[QuestionPart]:
        return [
            QuestionPart(
                one,
                number,
                words.QUESTION_KINDS[one.kind],
                self._of_question(one, "label", one.labels, 2),
                self._of_question(one, "options", one.options, 5) if one.has_options else [],
            )
            for number, one in enumerate(self.draft.questions, 1)
        ]

    def _of_question(self, one: QuestionDraft, part: str, texts: dict[str, str], rows: int) -> list[Field]:
        fresh = self.draft.fresh == one.key and part == "label"
        return [
            Field(
                f"{one.key}-{part}-{language}",
                language,
                name,
                texts.get(language, ""),
                one.errors.get(f"{part}-{language}", ""),
                rows,
                fresh and place == 0,
            )
            for place, (language, name) in enumerate(self.languages)
        ]

    @property
    def scores(self) -> list[int]:
        low, high = SCALES[self.draft.kind]
        return list(range(low, high + 1))

    @property
    def new_kinds(self) -> list[tuple[QuestionKind, Text]]:
        return list(words.QUESTION_KINDS.items())

    @property
    def new_languages(self) -> list[tuple[str, str]]:
        """Our own first: they are what most will add."""
        left = [pair for pair in language_choices() if pair[0] not in self.draft.words]
        return sorted(left, key=lambda pair: pair[0] not in ("en", "ru"))

    @property
    def takes_languages(self) -> bool:
        return len(self.draft.words) < MOST_LANGUAGES

    @property
    def takes_questions(self) -> bool:
        return len(self.draft.questions) < MOST_QUESTIONS

    @property
    def trouble_count(self) -> int:
        return len(self.draft.errors) + sum(len(one.errors) for one in self.draft.questions)


def mark(draft: FormDraft, troubles: Iterable[Trouble]) -> None:
    """Each beside the field it speaks of."""
    questions = {one.key: one for one in draft.questions}
    for trouble in troubles:
        text = words.trouble_words(trouble)
        if trouble.key in questions:
            place = "-".join(filter(None, (trouble.part or "branch", trouble.language)))
            questions[trouble.key].errors.setdefault(place, text)
        else:
            place = f"{trouble.language}-{trouble.part}" if trouble.language else ""
            draft.errors.setdefault(place, text)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    made: Any
    answers: int
    is_latest: bool
    is_first: bool
    changes: list[ChangeLine]


def change_lines(kind: SurveyKind, changes: Sequence[Change]) -> list[ChangeLine]:
    return [ChangeLine(words.change_words(kind, one), one.before, one.after) for one in changes]


def history_lines(survey: Survey, scope: Scope) -> list[VersionLine]:
    kind = SurveyKind(survey.kind)
    found = history(survey, scope)
    return [_line(kind, past, past is found[0]) for past in found]


def _line(kind: SurveyKind, past: PastVersion, is_latest: bool) -> VersionLine:
    version = past.version
    lines = change_lines(kind, past.changes or ())
    return VersionLine(
        version.number, version.created_at, past.answers, is_latest, past.changes is None, lines
    )


def theirs(kind: SurveyKind, base: SurveyVersion | None, latest: SurveyVersion) -> list[ChangeLine]:
    """What somebody else changed since ``base`` was opened."""
    if base is None:
        return []
    return change_lines(kind, changes_between(stored(base), stored(latest)))
