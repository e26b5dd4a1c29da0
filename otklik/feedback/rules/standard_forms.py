"""The forms one starts from: six occasions, in Russian and in English. A survey takes a copy.

The NPS question is the one of Reichheld (2003), asked about the partner program; the one about ease is
worded as "how easy" on 1-7 (Dixon, Freeman and Toman 2010, in its later wording where more is better).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.feedback.rules.wording import standard_wording

LANGUAGES = ("en", "ru")


class StandardForm(StrEnum):
    RELATIONAL = "relational"
    TICKET_CSAT = "ticket_csat"
    TICKET_CES = "ticket_ces"
    PAYOUT = "payout"
    ONBOARDING = "onboarding"
    COURSE = "course"


@dataclass(frozen=True, slots=True)
class Draft:
    """A form to start from; ``wording`` and ``questions`` as ``SurveyVersion`` keeps them."""

    kind: SurveyKind
    wording: Mapping[str, Mapping[str, str]]
    questions: Sequence[Mapping[str, Any]] = ()


def standard_form(form: StandardForm, languages: Sequence[str] = LANGUAGES) -> Draft:
    """In those of ``languages`` it is written in, in their order; English where there is none of them."""
    kept = [language for language in languages if language in LANGUAGES] or ["en"]
    kind = _KINDS[form]
    wording = {
        language: {**standard_wording(kind)[language], **_ENDS[kind][language], **_SHARED[language]}
        | _WORDS[form][language]
        for language in kept
    }
    return Draft(kind, wording, [_only(question, kept) for question in _QUESTIONS.get(form, ())])


def _only(question: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    parts = {
        part: {language: question[part][language] for language in languages if language in question[part]}
        for part in ("labels", "options")
    }
    return {"low": None, "high": None, "required": False, **question, **parts}


_KINDS = {
    StandardForm.RELATIONAL: SurveyKind.NPS,
    StandardForm.TICKET_CSAT: SurveyKind.CSAT,
    StandardForm.TICKET_CES: SurveyKind.CES,
    StandardForm.PAYOUT: SurveyKind.CSAT,
    StandardForm.ONBOARDING: SurveyKind.CES,
    StandardForm.COURSE: SurveyKind.CSAT,
}

_ENDS: dict[SurveyKind, dict[str, dict[str, str]]] = {
    SurveyKind.NPS: {
        "en": {"low": "Not at all likely", "high": "Extremely likely"},
        "ru": {"low": "Точно не порекомендую", "high": "Обязательно порекомендую"},
    },
    SurveyKind.CSAT: {
        "en": {"low": "Very dissatisfied", "high": "Very satisfied"},
        "ru": {"low": "Совсем недоволен", "high": "Полностью доволен"},
    },
    SurveyKind.CES: {
        "en": {"low": "Very hard", "high": "Very easy"},
        "ru": {"low": "Очень сложно", "high": "Очень легко"},
    },
}

_SHARED = {
    "en": {
        "contact": "May we contact you about your answer?",
        "thanks": "Thank you! We read every answer, and your score is already counted.",
    },
    "ru": {
        "contact": "Можно с вами связаться, чтобы обсудить ответ?",
        "thanks": "Спасибо! Мы читаем каждый ответ, ваша оценка уже учтена.",
    },
}

_WORDS: dict[StandardForm, dict[str, dict[str, str]]] = {
    StandardForm.RELATIONAL: {
        "en": {
            "follow_up_low": "What let you down? What should we put right first?",
            "follow_up_middle": "What is missing for a 9 or a 10?",
            "follow_up_high": "What do you value most about working with us?",
            "subject": "One question about {program}",
            "intro": "Hello, {name}! We ask this rarely, and one tap is enough. Nothing else is required.",
        },
        "ru": {
            "follow_up_low": "Что вас подвело? Что нам исправить в первую очередь?",
            "follow_up_middle": "Чего не хватило до девятки или десятки?",
            "follow_up_high": "Что вы больше всего цените в работе с нами?",
            "subject": "Один вопрос о программе {program}",
            "intro": "Здравствуйте, {name}! Мы спрашиваем редко, и одного нажатия достаточно: "
            "больше ничего заполнять не обязательно.",
        },
    },
    StandardForm.TICKET_CSAT: {
        "en": {
            "follow_up_low": "We are sorry. What went wrong?",
            "follow_up_high": "What did we do well?",
            "subject": "How did we handle your request?",
            "intro": "Hello, {name}! We have just closed your request. Did we help?",
        },
        "ru": {
            "follow_up_low": "Нам жаль, что так вышло. Что пошло не так?",
            "follow_up_high": "Что у нас получилось хорошо?",
            "subject": "Как мы справились с вашим обращением?",
            "intro": "Здравствуйте, {name}! Мы закрыли ваше обращение. Удалось ли нам помочь?",
        },
    },
    StandardForm.TICKET_CES: {
        "en": {
            "question": "How easy was it to get your question solved with us?",
            "follow_up": "What would have made it easier?",
            "follow_up_low": "What cost you the most effort?",
            "subject": "Was it easy to get your question solved?",
            "intro": "Hello, {name}! We would like to know how much effort your request cost you.",
        },
        "ru": {
            "question": "Насколько легко вам было решить вопрос с нашей поддержкой?",
            "follow_up": "Что помогло бы решить его проще?",
            "follow_up_low": "На что ушло больше всего сил?",
            "subject": "Легко ли было решить ваш вопрос?",
            "intro": "Здравствуйте, {name}! Хотим понять, сколько сил у вас отняло это обращение.",
        },
    },
    StandardForm.PAYOUT: {
        "en": {
            "question": "How satisfied are you with your latest payout?",
            "follow_up": "What could be better about payouts?",
            "follow_up_low": "What was wrong with this payout?",
            "subject": "Your payout from {program}: is everything right?",
            "intro": "Hello, {name}! We have sent you a payout. Please tell us how it went.",
        },
        "ru": {
            "question": "Насколько вы довольны последней выплатой?",
            "follow_up": "Что нам улучшить в выплатах?",
            "follow_up_low": "Что не так с этой выплатой?",
            "subject": "Выплата от {program}: всё ли в порядке?",
            "intro": "Здравствуйте, {name}! Мы отправили вам выплату. Расскажите, как всё прошло.",
        },
    },
    StandardForm.ONBOARDING: {
        "en": {
            "question": "How easy was it to get started in our partner program?",
            "follow_up": "What would have helped you to start sooner?",
            "follow_up_low": "Where did you get stuck?",
            "subject": "How was your start with {program}?",
            "intro": "Hello, {name}! Your first steps are behind you. Help us to make them easier.",
        },
        "ru": {
            "question": "Насколько легко вам было начать работу в партнёрской программе?",
            "follow_up": "Что помогло бы начать быстрее?",
            "follow_up_low": "На каком шаге вы застряли?",
            "subject": "Как прошёл ваш старт в программе {program}?",
            "intro": "Здравствуйте, {name}! Первые шаги позади. Помогите сделать их проще для других.",
        },
    },
    StandardForm.COURSE: {
        "en": {
            "question": "How satisfied are you with the course you have just finished?",
            "follow_up": "What would you change in this course?",
            "follow_up_low": "What did this course fail to give you?",
            "follow_up_high": "What will you use in your work first?",
            "subject": "What did you think of the course?",
            "intro": "Hello, {name}! You have finished a course. Was it worth your time?",
        },
        "ru": {
            "question": "Насколько вы довольны курсом, который только что прошли?",
            "follow_up": "Что бы вы изменили в этом курсе?",
            "follow_up_low": "Чего вам не хватило в курсе?",
            "follow_up_high": "Что из курса вы примените в работе первым делом?",
            "subject": "Как вам курс?",
            "intro": "Здравствуйте, {name}! Вы прошли курс. Не зря ли потратили время?",
        },
    },
}

# Asked of those who are not happy: a head reads these counts before any comment.
_QUESTIONS: dict[StandardForm, tuple[dict[str, Any], ...]] = {
    StandardForm.RELATIONAL: (
        {
            "key": "q1",
            "kind": "choice",
            "high": 6,
            "labels": {"en": "What is it mostly about?", "ru": "С чем это больше всего связано?"},
            "options": {
                "en": ["Payouts and terms", "Support", "Tracking and figures", "Materials", "Something else"],
                "ru": ["Выплаты и условия", "Поддержка", "Учёт и статистика", "Материалы", "Другое"],
            },
        },
    ),
    StandardForm.TICKET_CSAT: (
        {
            "key": "q1",
            "kind": "choices",
            "high": 3,
            "labels": {"en": "What did not suit you?", "ru": "Что вас не устроило?"},
            "options": {
                "en": ["It took too long", "The matter is not solved", "The tone", "I had to ask again"],
                "ru": ["Слишком долго", "Вопрос не решён", "Тон общения", "Пришлось обращаться повторно"],
            },
        },
    ),
    StandardForm.PAYOUT: (
        {
            "key": "q1",
            "kind": "choices",
            "high": 3,
            "labels": {"en": "What was wrong?", "ru": "Что именно не так?"},
            "options": {
                "en": ["The amount", "The date", "The documents", "The statement is hard to read"],
                "ru": ["Сумма", "Сроки", "Документы", "Отчёт трудно понять"],
            },
        },
    ),
}
