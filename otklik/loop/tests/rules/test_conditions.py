"""A rule fires where all it asks for holds, and says why; what nobody knows holds nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.loop.rules.conditions import (
    ConditionProblem,
    Conditions,
    Heard,
    as_json,
    flow_of,
    judge,
    problems,
    read_conditions,
    spoken,
)
from otklik.loop.rules.vocabulary import Because, Flow, RuleKind

DAY = date(2026, 3, 2)
LOW = frozenset(range(7))
ANSWER = Heard(DAY, "nps", 3, before=9, role="decision_maker", tier="gold", comment="Выплаты задерживают")
SILENT = Heard(DAY, is_silence=True, before=9, role="influencer")
MENTION = Heard(DAY, is_mention=True, sentiment=-1)
CSAT = Heard(DAY, "csat", 2)


@pytest.mark.parametrize(
    ("kind", "conditions", "heard", "because"),
    [
        (RuleKind.SCORE, Conditions(scores=LOW), ANSWER, [Because.SCORE]),
        (RuleKind.SCORE, Conditions(scores=frozenset({9})), ANSWER, None),
        (RuleKind.SCORE, Conditions(scores=LOW), replace(ANSWER, survey_kind="ces"), None),
        (RuleKind.SCORE, Conditions(scores=LOW), CSAT, None),
        (RuleKind.LOW_CSAT, Conditions(scores=frozenset({1, 2})), CSAT, [Because.SCORE]),
        (RuleKind.DROP, Conditions(drop_by=6), ANSWER, [Because.DROP, Because.SCORE]),
        (RuleKind.DROP, Conditions(drop_by=7), ANSWER, None),
        (RuleKind.DROP, Conditions(drop_by=1), replace(ANSWER, before=None), None),
        (RuleKind.WORDS, Conditions(words=("задержка", "выплата")), ANSWER, [Because.WORDS, Because.SCORE]),
        (RuleKind.WORDS, Conditions(words=("договор",)), ANSWER, None),
        (RuleKind.WORDS, Conditions(topics=frozenset({"payouts"})), ANSWER, None),
        (
            RuleKind.WORDS,
            Conditions(topics=frozenset({"payouts"})),
            replace(ANSWER, topics=frozenset({"payouts", "rates"})),
            [Because.TOPIC, Because.SCORE],
        ),
        (RuleKind.SILENCE, Conditions(only_key_people=True), SILENT, [Because.SILENT, Because.ROLE]),
        (RuleKind.SILENCE, Conditions(only_key_people=True), replace(SILENT, role="end_user"), None),
        (RuleKind.SILENCE, Conditions(), ANSWER, None),
        (RuleKind.SCORE, Conditions(scores=LOW), SILENT, None),
        (RuleKind.MENTION, Conditions(), MENTION, [Because.BAD_MENTION]),
        (RuleKind.MENTION, Conditions(), replace(MENTION, sentiment=1), None),
        (RuleKind.MENTION, Conditions(), replace(MENTION, sentiment=None), None),
    ],
)
def test_a_rule_fires_for_what_it_looks_at(kind, conditions, heard, because) -> None:  # type: ignore[no-untyped-def]
    found = judge(kind, conditions, heard)
    assert (found and [reason.because for reason in found]) == because


@pytest.mark.parametrize(
    ("around", "heard", "value"),
    [
        (Conditions(roles=frozenset({"decision_maker"})), ANSWER, "decision_maker"),
        (Conditions(roles=frozenset({"end_user"})), ANSWER, None),
        (Conditions(tiers=frozenset({"gold"})), ANSWER, "gold"),
        (Conditions(tiers=frozenset({"silver"})), ANSWER, None),
        (Conditions(renewal_days=30), replace(ANSWER, renewal_on=date(2026, 4, 1)), 30),
        (Conditions(renewal_days=30), replace(ANSWER, renewal_on=date(2026, 4, 2)), None),
        (Conditions(renewal_days=30), replace(ANSWER, renewal_on=date(2026, 2, 20)), -10),
        (Conditions(renewal_days=30), ANSWER, None),
        (Conditions(open_deal=True), ANSWER, None),
        (Conditions(open_deal=True), replace(ANSWER, open_deal=False), None),
    ],
)
def test_who_it_is_and_how_the_partner_stands_narrows_a_rule(around, heard, value) -> None:  # type: ignore[no-untyped-def]
    found = judge(RuleKind.SCORE, replace(around, scores=LOW), heard)
    assert (found and found[-1].value) == value


def test_an_open_deal_is_a_reason_without_a_value() -> None:
    found = judge(RuleKind.SCORE, Conditions(scores=LOW, open_deal=True), replace(ANSWER, open_deal=True))
    assert found is not None
    assert found[-1] == (Because.OPEN_DEAL, None)


def test_words_are_found_in_any_form_and_phrases_only_together() -> None:
    text = "Your payments were delayed again, and the manager has left."
    assert spoken(("payment", "manager has left", "left manager", "contract"), text) == [
        "payment",
        "manager has left",
    ]
    assert spoken(("уход менеджера",), "После ухода менеджера стало хуже") == ["уход менеджера"]
    assert spoken(("",), text) == spoken(("payment",), "  ") == []


@pytest.mark.parametrize(
    ("heard", "flow"),
    [
        (ANSWER, Flow.DETRACTOR),
        (replace(ANSWER, score=8), Flow.PASSIVE),
        (replace(ANSWER, score=9), Flow.PROMOTER),
        (CSAT, Flow.DETRACTOR),
        (replace(CSAT, score=5), Flow.PROMOTER),
        (SILENT, Flow.SILENT),
        (MENTION, Flow.MENTION),
    ],
)
def test_each_has_a_flow_of_its_own(heard: Heard, flow: Flow) -> None:
    assert flow_of(heard) is flow


@pytest.mark.parametrize(
    ("kind", "conditions", "problem"),
    [
        (RuleKind.SCORE, Conditions(), ConditionProblem.NO_SCORES),
        (RuleKind.SCORE, Conditions(scores=frozenset({11})), ConditionProblem.SCORES),
        (RuleKind.LOW_CSAT, Conditions(scores=frozenset({0})), ConditionProblem.SCORES),
        (RuleKind.DROP, Conditions(), ConditionProblem.NO_DROP),
        (RuleKind.DROP, Conditions(drop_by=0), ConditionProblem.NO_DROP),
        (RuleKind.WORDS, Conditions(), ConditionProblem.NO_WORDS),
        (RuleKind.WORDS, Conditions(words=("x" * 61,)), ConditionProblem.TOO_MANY_WORDS),
        (RuleKind.SILENCE, Conditions(renewal_days=-1), ConditionProblem.RENEWAL),
    ],
)
def test_a_rule_that_would_never_fire_or_always_is_refused(kind, conditions, problem) -> None:  # type: ignore[no-untyped-def]
    assert problem in problems(kind, conditions)


some = st.builds(
    Conditions,
    scores=st.frozensets(st.integers(0, 10)),
    drop_by=st.none() | st.integers(1, 10),
    words=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    topics=st.frozensets(st.text(max_size=5), max_size=3),
    roles=st.frozensets(st.sampled_from(["decision_maker", "influencer", "end_user"])),
    only_key_people=st.booleans(),
    tiers=st.frozensets(st.text(max_size=5), max_size=2),
    renewal_days=st.none() | st.integers(0, 99),
    open_deal=st.booleans(),
)


@given(some)
def test_what_is_stored_is_read_again(conditions: Conditions) -> None:
    assert read_conditions(as_json(conditions)) == conditions


@given(some, st.sampled_from(list(RuleKind)))
def test_one_more_condition_never_makes_a_rule_fire(conditions: Conditions, kind: RuleKind) -> None:
    heard = replace(ANSWER, renewal_on=DAY, open_deal=True, topics=frozenset({"a"}))
    plain = replace(conditions, roles=frozenset(), only_key_people=False, tiers=frozenset())
    wide = replace(plain, renewal_days=None, open_deal=False)
    if judge(kind, conditions, heard) is not None:
        assert judge(kind, wide, heard) is not None
