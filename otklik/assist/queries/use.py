"""How often answers solved the matter, and how often people who looked at them found them right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from otklik.assist.models import AutomaticAnswer
from otklik.assist.rules.outcomes import QUIET
from otklik.assist.rules.vocabulary import (
    ANSWERED,
    SOLVED_OUTCOMES,
    AnswerOutcome,
    Intent,
    Review,
)
from otklik.stats.share import wilson

_LOOKED_AT = 300
SAMPLE = 10
Share = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Use:
    """``solved``: share of the settled ones that took no person. ``right``: share of those reviewed. Both
    with Wilson's interval, None where nothing was counted. ``pending`` are younger than 72 hours."""

    told: int
    pending: int
    solved: Share | None
    settled: int
    reviewed: int
    right: Share | None
    suggested: int


def use_by_intent(*, at: datetime) -> dict[Intent, Use]:
    """Three queries."""
    every, older, reviews = _counts("outcome"), _counts("outcome", until=at - QUIET), _counts("review")
    return {intent: _use(every[intent], older[intent], reviews[intent]) for intent in ANSWERED}


def use_in_all(*, at: datetime) -> Use:
    every, older, reviews = _counts("outcome"), _counts("outcome", until=at - QUIET), _counts("review")
    return _use(_sum(every), _sum(older), _sum(reviews))


def to_review(rows: QuerySet[AutomaticAnswer], at: datetime) -> list[AutomaticAnswer]:
    """A sample of the latest that were told and nobody has looked at: drawn by chance, the same all day, so
    that nobody picks what is pleasant to review."""
    waiting = rows.filter(review="").exclude(outcome=AnswerOutcome.SUGGESTED).exclude(question="")
    ids = list(waiting.order_by("-told_at", "-pk").values_list("pk", flat=True)[:_LOOKED_AT])
    random.Random(at.date().isoformat()).shuffle(ids)  # noqa: S311 - a sample, no secret
    found = rows.select_related("contact", "partner").in_bulk(ids[:SAMPLE])
    return [found[pk] for pk in ids[:SAMPLE] if pk in found]


def _sum(counts: Mapping[Intent, Counter[str]]) -> Counter[str]:
    return sum(counts.values(), Counter())


def _counts(column: str, *, until: datetime | None = None) -> Mapping[Intent, Counter[str]]:
    found: dict[Intent, Counter[str]] = {intent: Counter() for intent in Intent}
    answers = AutomaticAnswer.objects.filter(told_at__lte=until) if until else AutomaticAnswer.objects.all()
    rows = answers.values_list("intent", column).annotate(count=Count("pk"))
    for intent, word, count in rows.order_by():
        found[Intent(intent)][word] += count
    return found


def _use(every: Mapping[str, int], older: Mapping[str, int], reviews: Mapping[str, int]) -> Use:
    """Of the ``older`` ones the outcome counts, whichever way it went: were a failure counted at once and a
    success three days later, the share would be too low."""
    solved = sum(older.get(outcome.value, 0) for outcome in SOLVED_OUTCOMES)
    settled = solved + older.get(AnswerOutcome.PERSON.value, 0)
    suggested = every.get(AnswerOutcome.SUGGESTED.value, 0)
    told = sum(every.values()) - suggested
    reviewed = sum(reviews.get(review.value, 0) for review in Review)
    return Use(
        told=told,
        pending=told - settled,
        solved=share(solved, settled),
        settled=settled,
        reviewed=reviewed,
        right=share(reviews.get(Review.RIGHT.value, 0), reviewed),
        suggested=suggested,
    )


def share(hits: int, among: int) -> Share | None:
    interval = wilson(hits, among)
    return (hits / among, interval.low, interval.high) if interval is not None else None
