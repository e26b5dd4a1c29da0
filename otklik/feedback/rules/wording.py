"""The standard questions. The NPS question is the one of Reichheld (2003), asked about the partner
program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from otklik.feedback.rules.vocabulary import SurveyKind

# By language: "question" asks for the score, "follow_up" for the words.
Wording: TypeAlias = Mapping[str, Mapping[str, str]]

_STANDARD: dict[SurveyKind, Wording] = {
    SurveyKind.NPS: {
        "en": {
            "question": "How likely are you to recommend our partner program to a colleague?",
            "follow_up": "What is the main reason for your score?",
        },
        "ru": {
            "question": "Насколько вероятно, что вы порекомендуете нашу партнёрскую программу коллегам?",
            "follow_up": "Почему вы поставили именно такую оценку?",
        },
    },
    SurveyKind.CSAT: {
        "en": {
            "question": "How satisfied are you with how we handled your request?",
            "follow_up": "What could we have done better?",
        },
        "ru": {
            "question": "Насколько вы довольны тем, как мы решили ваш вопрос?",
            "follow_up": "Что мы могли сделать лучше?",
        },
    },
    SurveyKind.CES: {
        "en": {
            "question": "How easy was it to get your matter solved?",
            "follow_up": "What made it hard?",
        },
        "ru": {
            "question": "Насколько легко вам было решить свой вопрос?",
            "follow_up": "Что мешало?",
        },
    },
}


def standard_wording(kind: SurveyKind) -> Wording:
    return _STANDARD[kind]
