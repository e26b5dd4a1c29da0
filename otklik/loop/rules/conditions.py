"""Does an alert rule fire? Every condition that is set must hold; each one that held is a reason.

What is not known holds nothing: a rule for partners with a renewal near says nothing of one whose renewal
nobody entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from otklik.kit.texts.lemmas import keys_of
from otklik.kit.texts.reading import read
from otklik.loop.rules.vocabulary import Because, Flow, RuleKind, flow_of_score

NPS, CSAT, CES = "nps", "csat", "ces"
HIGHEST_SCORE = 10
# The survey whose scores a rule names; rules of every other kind name those of the recommendation question.
SURVEYS = {RuleKind.LOW_CSAT: CSAT, RuleKind.LOW_CES: CES}
SCALES = {NPS: (0, HIGHEST_SCORE), CSAT: (1, 5), CES: (1, 7)}
# Of five faces the two lowest are unhappy and the highest is glad; of seven steps three and two.
_LAST_UNHAPPY, _FIRST_GLAD = {CSAT: 2, CES: 3}, {CSAT: 5, CES: 6}
KEY_ROLES = frozenset({"decision_maker", "influencer"})
MOST_WORDS, LONGEST_WORD = 40, 60
MOST_RENEWAL_DAYS = 730


class ConditionProblem(StrEnum):
    NO_SCORES = "no_scores"
    SCORES = "scores"
    NO_DROP = "no_drop"
    NO_WORDS = "no_words"
    TOO_MANY_WORDS = "too_many_words"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Conditions:
    """``scores``: of the kind's own scale, empty: any. ``drop_by``: points since the last answer.
    ``renewal_days``: the renewal is at most so many days ahead, or overdue."""

    scores: frozenset[int] = frozenset()
    drop_by: int | None = None
    words: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    only_key_people: bool = False
    tiers: frozenset[str] = frozenset()
    renewal_days: int | None = None
    open_deal: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What reached us: an answer, silence at the end of a wave, or a mention. ``before``: the score that this
    person gave before; ``renewal_on``, ``open_deal``: of the partner, None where nobody knows."""

    on: date
    survey_kind: str = ""
    score: int | None = None
    before: int | None = None
    comment: str = ""
    topics: frozenset[str] = frozenset()
    is_silence: bool = False
    is_mention: bool = False
    sentiment: int | None = None
    role: str = ""
    tier: str = ""
    renewal_on: date | None = None
    open_deal: bool | None = None


class Reason(NamedTuple):
    because: Because
    value: int | str | None = None


def judge(kind: RuleKind, conditions: Conditions, heard: Heard) -> tuple[Reason, ...] | None:
    """The reasons, what the rule looks for first; None: it does not fire."""
    if not _is_about(kind, conditions, heard):
        return None
    found = _said(kind, conditions, heard)
    if found is None:
        return None
    around = _around(conditions, heard)
    return None if around is None else (*found, *around)


def flow_of(heard: Heard) -> Flow:
    if heard.is_mention:
        return Flow.MENTION
    if heard.is_silence or heard.score is None:
        return Flow.SILENT
    kind = heard.survey_kind
    if kind not in _FIRST_GLAD:
        return flow_of_score(heard.score)
    if heard.score <= _LAST_UNHAPPY[kind]:
        return Flow.DETRACTOR
    return Flow.PASSIVE if heard.score < _FIRST_GLAD[kind] else Flow.PROMOTER


def scale_of(kind: RuleKind) -> tuple[int, int]:
    """The lowest and the highest score that a rule of this kind may name."""
    return SCALES[SURVEYS.get(kind, NPS)]


def _is_about(kind: RuleKind, conditions: Conditions, heard: Heard) -> bool:
    if kind is RuleKind.SILENCE:
        return heard.is_silence
    if kind is RuleKind.MENTION:
        return heard.is_mention
    if heard.score is None or heard.is_silence or heard.is_mention:
        return False
    if kind is RuleKind.WORDS and not conditions.scores:
        return True
    return heard.survey_kind == SURVEYS.get(kind, NPS)


def _said(kind: RuleKind, conditions: Conditions, heard: Heard) -> tuple[Reason, ...] | None:
    if kind is RuleKind.SILENCE:
        return (Reason(Because.SILENT, heard.before),)
    if kind is RuleKind.MENTION:
        return (Reason(Because.BAD_MENTION, heard.sentiment),) if heard.sentiment == -1 else None
    if conditions.scores and heard.score not in conditions.scores:
        return None
    score = Reason(Because.SCORE, heard.score)
    if kind is RuleKind.DROP:
        fallen = None if heard.before is None or heard.score is None else heard.before - heard.score
        if fallen is None or conditions.drop_by is None or fallen < conditions.drop_by:
            return None
        return (Reason(Because.DROP, fallen), score)
    if kind is RuleKind.WORDS:
        named = _named(conditions, heard)
        return (*named, score) if named else None
    return (score,)


def _named(conditions: Conditions, heard: Heard) -> tuple[Reason, ...]:
    words = [Reason(Because.WORDS, word) for word in spoken(conditions.words, heard.comment)]
    topics = [Reason(Because.TOPIC, topic) for topic in sorted(conditions.topics & heard.topics)]
    return (*words, *topics)


def spoken(words: Sequence[str], text: str) -> list[str]:
    """Which of these words and phrases the text says, in any of their forms. A word that is denied is said
    all the same: whoever writes "no delays any more" is worth a look too."""
    if not text.strip() or not words:
        return []
    keys = [keys_of(token.word) for token in read(text).tokens]
    return [word for word in words if _stands_in(_phrase(word), keys)]


@lru_cache(maxsize=2000)
def _phrase(words: str) -> tuple[frozenset[str], ...]:
    """A rule's words are the same for every comment."""
    return tuple(keys_of(token.word) for token in read(words).tokens)


def _stands_in(phrase: Sequence[frozenset[str]], text: Sequence[frozenset[str]]) -> bool:
    if not phrase:
        return False
    starts = range(len(text) - len(phrase) + 1)
    return any(all(text[start + n] & part for n, part in enumerate(phrase)) for start in starts)


def _around(conditions: Conditions, heard: Heard) -> tuple[Reason, ...] | None:
    """Who it is and how things stand with the partner."""
    reasons: list[Reason] = []
    roles = conditions.roles or (KEY_ROLES if conditions.only_key_people else frozenset())
    if roles:
        if heard.role not in roles:
            return None
        reasons.append(Reason(Because.ROLE, heard.role))
    if conditions.tiers:
        if heard.tier not in conditions.tiers:
            return None
        reasons.append(Reason(Because.TIER, heard.tier))
    if conditions.renewal_days is not None:
        left = None if heard.renewal_on is None else (heard.renewal_on - heard.on).days
        if left is None or left > conditions.renewal_days:
            return None
        reasons.append(Reason(Because.RENEWAL, left))
    if conditions.open_deal:
        if not heard.open_deal:
            return None
        reasons.append(Reason(Because.OPEN_DEAL))
    return tuple(reasons)


def problems(kind: RuleKind, conditions: Conditions) -> tuple[ConditionProblem, ...]:
    """What keeps a rule from being set: it would never fire, or for everything."""
    found = []
    low, high = scale_of(kind)
    if kind in (RuleKind.SCORE, *SURVEYS) and not conditions.scores:
        found.append(ConditionProblem.NO_SCORES)
    if any(not low <= score <= high for score in conditions.scores):
        found.append(ConditionProblem.SCORES)
    if kind is RuleKind.DROP and not 1 <= (conditions.drop_by or 0) <= HIGHEST_SCORE:
        found.append(ConditionProblem.NO_DROP)
    if kind is RuleKind.WORDS and not conditions.words and not conditions.topics:
        found.append(ConditionProblem.NO_WORDS)
    if len(conditions.words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in conditions.words):
        found.append(ConditionProblem.TOO_MANY_WORDS)
    if conditions.renewal_days is not None and not 0 <= conditions.renewal_days <= MOST_RENEWAL_DAYS:
        found.append(ConditionProblem.RENEWAL)
    return tuple(found)


def as_json(conditions: Conditions) -> dict[str, Any]:
    """Only what is set."""
    told: dict[str, Any] = {
        "scores": sorted(conditions.scores),
        "drop_by": conditions.drop_by,
        "words": list(conditions.words),
        "topics": sorted(conditions.topics),
        "roles": sorted(conditions.roles),
        "only_key_people": conditions.only_key_people,
        "tiers": sorted(conditions.tiers),
        "renewal_days": conditions.renewal_days,
        "open_deal": conditions.open_deal,
    }
    return {
        name: value
        for name, value in told.items()
        if value is not None and value is not False and value != []
    }


def read_conditions(stored: Mapping[str, Any]) -> Conditions:
    return Conditions(
        scores=frozenset(stored.get("scores", ())),
        drop_by=stored.get("drop_by"),
        words=tuple(stored.get("words", ())),
        topics=_texts(stored.get("topics", ())),
        roles=_texts(stored.get("roles", ())),
        only_key_people=stored.get("only_key_people", False),
        tiers=_texts(stored.get("tiers", ())),
        renewal_days=stored.get("renewal_days"),
        open_deal=stored.get("open_deal", False),
    )


def _texts(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)
