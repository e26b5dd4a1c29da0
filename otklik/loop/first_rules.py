"""The rules with which every program begins. What depends on how a program works is offered, switched off."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from otklik.loop.rules.conditions import Conditions
from otklik.loop.rules.deadlines import DEFAULT_HOURS
from otklik.loop.rules.vocabulary import RuleKind
from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE

_DETRACTORS = frozenset(range(LAST_DETRACTOR_SCORE + 1))
_PASSIVES = frozenset(range(LAST_DETRACTOR_SCORE + 1, LAST_PASSIVE_SCORE + 1))
_NO_PROMOTERS = _DETRACTORS | _PASSIVES
_URGENT_HOURS = 24

_OF_FRAUD = (
    "fraud", "scam", "cheat", "lawyer", "lawsuit", "court", "обман", "обманывать", "обмануть", "мошенник",
    "мошенничество", "воровать", "юрист", "адвокат", "суд", "иск", "прокуратура",
)  # fmt: skip
_OF_LEAVING = (
    "leave you", "leaving", "quit", "terminate", "end the contract", "stop working with you", "switch to",
    "move to another", "other program", "competitor", "уйти", "уходить", "расторгнуть", "расторжение",
    "прекратить сотрудничество", "прекращать сотрудничество", "отказаться от", "отказываться от", "перейти к",
    "переходить к", "другая программа", "конкурент", "искать замену",
)  # fmt: skip
_OF_MONEY = (
    "not paid", "unpaid", "underpaid", "never paid", "do not pay", "don't pay", "didn't pay", "owe us",
    "debt", "where is our money", "lost money", "не заплатить", "не платить", "не выплатить",
    "не выплачивать",
    "недоплатить", "недоплата", "задолженность", "долг", "где деньги", "где наши деньги", "деньги не прийти",
    "потерять деньги",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FirstRule:
    name: Promise
    kind: RuleKind
    conditions: Conditions
    hours: int = DEFAULT_HOURS
    is_active: bool = True


# The first one that fires makes the alert: what is most urgent stands first.
FIRST_RULES = (
    FirstRule(
        pgettext_lazy("name of an alert rule", "Speaks of fraud, a court or lawyers"),
        RuleKind.WORDS,
        Conditions(words=_OF_FRAUD),
        _URGENT_HOURS,
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Speaks of leaving"),
        RuleKind.WORDS,
        Conditions(words=_OF_LEAVING, scores=_NO_PROMOTERS),
        _URGENT_HOURS,
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Speaks of money that was not paid"),
        RuleKind.WORDS,
        Conditions(words=_OF_MONEY, scores=_NO_PROMOTERS),
        _URGENT_HOURS,
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Unhappy before a renewal"),
        RuleKind.SCORE,
        Conditions(scores=_NO_PROMOTERS, renewal_days=90),
        _URGENT_HOURS,
        is_active=False,
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Unhappy while an expansion deal is open"),
        RuleKind.SCORE,
        Conditions(scores=_NO_PROMOTERS, open_deal=True),
        _URGENT_HOURS,
        is_active=False,
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Unhappy partner of a high tier"),
        RuleKind.SCORE,
        Conditions(scores=_NO_PROMOTERS, tiers=frozenset({"gold", "platinum"})),
        _URGENT_HOURS,
        is_active=False,
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Detractor: a score from 0 to 6"),
        RuleKind.SCORE,
        Conditions(scores=_DETRACTORS),
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "The score fell by 2 or more"),
        RuleKind.DROP,
        Conditions(drop_by=2),
    ),
    FirstRule(
        pgettext_lazy(
            "name of an alert rule", "Passive who decides or influences: what would make it a nine"
        ),
        RuleKind.SCORE,
        Conditions(scores=_PASSIVES, only_key_people=True),
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Unhappy with one matter"),
        RuleKind.LOW_CSAT,
        Conditions(scores=frozenset({1, 2})),
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Something took them too much effort"),
        RuleKind.LOW_CES,
        Conditions(scores=frozenset({1, 2, 3})),
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Somebody who decides or influences fell silent"),
        RuleKind.SILENCE,
        Conditions(only_key_people=True),
    ),
    FirstRule(
        pgettext_lazy("name of an alert rule", "Bad words in public"),
        RuleKind.MENTION,
        Conditions(),
    ),
)
