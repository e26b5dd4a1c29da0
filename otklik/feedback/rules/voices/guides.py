"""Guides of interviews: their questions, what is noted under them, and standard ones to start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_QUESTIONS = 40
LONGEST_QUESTION, LONGEST_NOTE = 500, 20_000


class NoQuestions(ValueError):
    """A guide asks at least one thing."""


class TooManyQuestions(ValueError):
    """A guide holds 40 questions at most."""


class QuestionTooLong(ValueError):
    """A question has 500 characters at most."""


def questions_from(text: str, before: Sequence[Mapping[str, str]] = ()) -> list[dict[str, str]]:
    """One question a line. A question that stood in ``before`` keeps its key, so that notes under it can be
    read together across versions. Raises NoQuestions, TooManyQuestions, QuestionTooLong."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    asked = list(dict.fromkeys(line for line in lines if line))
    if not asked:
        raise NoQuestions
    if len(asked) > MOST_QUESTIONS:
        raise TooManyQuestions
    if any(len(question) > LONGEST_QUESTION for question in asked):
        raise QuestionTooLong
    known = {row["text"]: row["key"] for row in before}
    last = max((int(row["key"][1:]) for row in before), default=0)
    questions = []
    for question in asked:
        key = known.get(question)
        if key is None:
            last += 1
            key = f"q{last}"
        questions.append({"key": key, "text": question})
    return questions


def as_lines(questions: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(row["text"] for row in questions)


def kept_notes(questions: Sequence[Mapping[str, str]], given: Mapping[str, Any]) -> dict[str, str]:
    """What was noted under the questions of the guide; the rest is left out."""
    notes = {row["key"]: str(given.get(row["key"], "")).strip()[:LONGEST_NOTE] for row in questions}
    return {key: note for key, note in notes.items() if note}


class GuideKind(StrEnum):
    LOYAL = "loyal"
    DETRACTOR = "detractor"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class StandardGuide:
    name: str
    questions: tuple[str, ...]


STANDARD: dict[tuple[GuideKind, str], StandardGuide] = {
    (GuideKind.LOYAL, "en"): StandardGuide(
        "A loyal partner",
        (
            "How did you come to us, and what did you expect then?",
            "What do you do with us that you could not do with another program?",
            "When did you last recommend us to somebody? What did you say?",
            "What made you hesitate before you recommended us?",
            "Whom did you turn to when something went wrong, and how did it end?",
            "What would have to happen for you to work with us less?",
            "Which one thing should we never change?",
            "What are you going to do in the coming year, and what do you need from us for it?",
            "May we tell others about your experience, and in which words?",
        ),
    ),
    (GuideKind.LOYAL, "ru"): StandardGuide(
        "Лояльный партнёр",
        (
            "Как вы пришли к нам и чего тогда ждали?",
            "Что у вас получается с нами, чего не получилось бы с другой программой?",
            "Когда вы в последний раз кому-нибудь нас советовали? Что вы сказали?",
            "Что мешало посоветовать нас раньше или увереннее?",
            "К кому вы обращались, когда что-то шло не так, и чем это кончилось?",
            "Что должно случиться, чтобы вы стали работать с нами меньше?",
            "Что нам ни в коем случае нельзя менять?",
            "Какие у вас планы на год и что для них нужно от нас?",
            "Можно ли рассказать о вашем опыте другим и какими словами?",
        ),
    ),
    (GuideKind.DETRACTOR, "en"): StandardGuide(
        "A partner who gave a low score",
        (
            "Tell me about the day when you thought: I would not recommend them.",
            "What did you expect at that moment, and what happened?",
            "Whom of us did you tell? What did they answer?",
            "What did it cost you: money, time, trust of your own clients?",
            "Has it happened once, or does it come again?",
            "What do others do better in this?",
            "What would have to change within a month for you to see that you were heard?",
            "What works well enough that we had better not touch it?",
            "When may we come back to you and tell what was done?",
        ),
    ),
    (GuideKind.DETRACTOR, "ru"): StandardGuide(
        "Партнёр с низкой оценкой",
        (
            "Расскажите о дне, когда вы подумали: я бы их не посоветовал.",
            "Чего вы ждали в тот момент и что получилось?",
            "Кому из наших вы об этом сказали? Что вам ответили?",
            "Чего это вам стоило: денег, времени, доверия ваших клиентов?",
            "Это было однажды или повторяется?",
            "У кого с этим лучше и в чём именно?",
            "Что должно измениться за месяц, чтобы вы поняли: вас услышали?",
            "Что и так работает хорошо и лучше не трогать?",
            "Когда можно вернуться к вам и рассказать, что сделано?",
        ),
    ),
    (GuideKind.LEFT, "en"): StandardGuide(
        "A partner who left",
        (
            "When did you first think of leaving, and what happened then?",
            "Who decided, and what spoke for staying?",
            "What did you try before you left? What did we do about it?",
            "Where did you go, and what did you find there?",
            "What turned out worse there than with us?",
            "Was there a day on which one call from us would have kept you?",
            "What is still open between us: money, materials, promises?",
            "Under which conditions would you come back?",
        ),
    ),
    (GuideKind.LEFT, "ru"): StandardGuide(
        "Ушедший партнёр",
        (
            "Когда вы впервые подумали об уходе и что тогда случилось?",
            "Кто принимал решение и что говорило за то, чтобы остаться?",
            "Что вы пробовали сделать до ухода? Что сделали мы?",
            "Куда вы ушли и что там нашли?",
            "Что там оказалось хуже, чем у нас?",
            "Был ли день, когда один наш звонок вас бы удержал?",
            "Что между нами ещё не закрыто: деньги, материалы, обещания?",
            "На каких условиях вы бы вернулись?",
        ),
    ),
}
