"""Priority has reasons, and more reason never means less priority."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.mood import Mood, Sign
from otklik.desk.rules.priority import (
    ROLES,
    Factor,
    PriorityFacts,
    Reason,
    Weights,
    decide_priority,
    revenue_percentile,
)
from otklik.desk.rules.vocabulary import Priority
from otklik.desk.tests.rules.steady import few

RANK = {Priority.LOW: 0, Priority.NORMAL: 1, Priority.HIGH: 2, Priority.URGENT: 3}
share = st.none() | st.floats(0, 1)
facts = st.builds(
    PriorityFacts,
    tier_rank=share,
    revenue_percentile=share,
    role=st.sampled_from(["", "unknown", *ROLES]),
    money_blocked=st.booleans(),
    blocked_amount=st.none() | st.decimals(0, 100_000, places=2),
    mood=st.builds(Mood, st.integers(0, 10)),
    age=st.timedeltas(timedelta(0), timedelta(days=90)),
    clock_used=st.none() | st.floats(0, 5),
    topic_points=st.integers(-20, 20),
    vip=st.booleans(),
)


def test_nothing_known_is_a_normal_ticket_without_reasons():
    decision = decide_priority(PriorityFacts())

    assert (decision.priority, decision.score, decision.reasons) == (Priority.NORMAL, 0, ())


@pytest.mark.parametrize(
    ("known", "priority"),
    [
        ({"role": "end_user"}, Priority.NORMAL),
        ({"topic_points": -5}, Priority.LOW),
        ({"tier_rank": 1.0, "revenue_percentile": 0.99}, Priority.HIGH),
        ({"money_blocked": True, "mood": Mood(8), "role": "decision_maker"}, Priority.HIGH),
        (
            {"clock_used": 1.2, "money_blocked": True, "tier_rank": 1.0, "role": "decision_maker"},
            Priority.URGENT,
        ),
        ({"vip": True, "mood": Mood(10), "clock_used": 1.0, "role": "influencer"}, Priority.URGENT),
        ({"mood": Mood(10)}, Priority.NORMAL),
        ({"clock_used": 0.5}, Priority.NORMAL),
    ],
)
def test_what_makes_a_ticket_high_or_urgent(known, priority):
    assert decide_priority(PriorityFacts(**known)).priority is priority


def test_the_agent_reads_why_with_the_weightiest_reason_first():
    known = PriorityFacts(
        tier="gold",
        tier_rank=1.0,
        blocked_amount=Decimal("20000.00"),
        mood=Mood(5, ((Sign.TIRED, 1), (Sign.URGENT, 1))),
        age=timedelta(hours=30),
    )
    decision = decide_priority(known)

    assert decision.reasons == (
        Reason(Factor.MONEY_BLOCKED, 25, (("amount", "20000.00"),)),
        Reason(Factor.TIER, 15, (("tier", "gold"),)),
        Reason(Factor.MOOD, 6, (("tired_of_waiting", 1), ("urgent_words", 1))),
        Reason(Factor.AGE, 2, (("hours", 30),)),
    )
    assert decision.score == 48
    assert decision.as_event_data()[1] == {"kind": "tier", "points": 15, "tier": "gold"}


def more_of(name: str, known: PriorityFacts) -> PriorityFacts:
    match name:
        case "tier_rank" | "revenue_percentile":
            return replace(known, **{name: min(1.0, (getattr(known, name) or 0) + 0.3)})
        case "clock_used":
            return replace(known, clock_used=(known.clock_used or 0) + 0.3)
        case "role":
            return replace(known, role="decision_maker")
        case "blocked_amount":
            return replace(known, blocked_amount=(known.blocked_amount or Decimal(0)) + 500)
        case "mood":
            return replace(known, mood=Mood(min(10, known.mood.score + 1)))
        case "age":
            return replace(known, age=known.age + timedelta(hours=12))
        case "topic_points":
            return replace(known, topic_points=known.topic_points + 1)
        case _:
            return replace(known, **{name: True})


NAMES = [
    "tier_rank",
    "revenue_percentile",
    "role",
    "money_blocked",
    "blocked_amount",
    "mood",
    "age",
    "clock_used",
    "topic_points",
    "vip",
]


@few
@given(facts, st.sampled_from(NAMES))
def test_more_of_any_factor_never_lowers_score_or_priority(known, name):
    before, after = decide_priority(known), decide_priority(more_of(name, known))

    assert after.score >= before.score
    assert RANK[after.priority] >= RANK[before.priority]


@few
@given(facts)
def test_the_reasons_add_up_to_the_score_and_stand_in_order(known):
    decision = decide_priority(known)
    sizes = [abs(reason.points) for reason in decision.reasons]

    assert decision == decide_priority(known)
    assert sum(reason.points for reason in decision.reasons) == decision.score
    assert sizes == sorted(sizes, reverse=True)
    assert 0 not in sizes


def test_a_program_may_weigh_differently():
    assert decide_priority(PriorityFacts(vip=True), Weights(vip=90)).priority is Priority.URGENT


def test_revenue_is_placed_on_the_programs_ladder():
    ladder = {0.5: Decimal(100), 0.9: Decimal(1000), 0.99: Decimal(9000)}

    assert revenue_percentile(Decimal(5000), ladder) == 0.9
    assert revenue_percentile(Decimal(1), ladder) == 0.0
    assert revenue_percentile(None, ladder) is None
    assert revenue_percentile(Decimal(1), {}) is None
