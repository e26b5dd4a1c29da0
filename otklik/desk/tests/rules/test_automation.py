"""Rules people write: read exactly, refused with the place that is wrong, and true when they should be."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.automation import (
    EVENTS,
    OPS,
    TIME_PASSED,
    VALUES,
    ActionKind,
    BadRule,
    Field,
    Op,
    Problem,
    Rule,
    describe,
    evaluate,
    parse_rule,
)
from otklik.desk.rules.vocabulary import TICKET_CREATED
from otklik.desk.tests.rules.steady import few

TAG = [{"do": "add_tag", "value": "payout"}]
FACTS = {
    "status": "open",
    "priority": "high",
    "topic": 5,
    "channel": "email",
    "tier": "Gold",
    "country": "RU",
    "language": "ru",
    "team": 1,
    "role": "decision_maker",
    "breach": "warned",
    "owner_set": False,
    "tags": {"payout"},
    "subject": "Где моя Выплата?",
    "text": "Деньги   всё ещё не\nпришли",
    "revenue": Decimal("5000"),
    "hours_since_created": 30.5,
    "hours_since_outgoing": None,
}


def condition(field: str, op: str, value: object) -> dict[str, object]:
    return {"field": field, "op": op, "value": value}


def rule(*conditions: dict[str, object], any_of: list[dict[str, object]] | None = None) -> Rule:
    return parse_rule(1, [TICKET_CREATED], {"all": list(conditions), "any": any_of or []}, TAG)


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (condition("status", "is", "open"), True),
        (condition("status", "is_not", "open"), False),
        (condition("priority", "in", ["high", "urgent"]), True),
        (condition("priority", "not_in", ["high", "urgent"]), False),
        (condition("topic", "is", 5), True),
        (condition("tier", "is", "gold"), True),
        (condition("country", "in", ["kz", "ru"]), True),
        (condition("breach", "is", "breached"), False),
        (condition("owner_set", "is", False), True),
        (condition("tags", "has", "payout"), True),
        (condition("tags", "has_not", "payout"), False),
        (condition("subject", "contains", ["выплат"]), True),
        (condition("subject", "contains", ["плата"]), False),
        (condition("subject", "contains", ["холд", "выплата"]), True),
        (condition("text", "contains", ["все еще не пришли"]), True),
        (condition("text", "contains_not", ["договор"]), True),
        (condition("revenue", "at_least", 5000), True),
        (condition("revenue", "at_most", 4999.99), False),
        (condition("hours_since_created", "at_least", 24), True),
        (condition("hours_since_outgoing", "at_least", 0), False),
        (condition("hours_since_solved", "at_most", 1000), False),
    ],
)
def test_every_question_is_answered_from_the_facts(asked, holds):
    assert evaluate(rule(asked), FACTS) is holds


@pytest.mark.parametrize("field", list(Field))
def test_of_what_is_unknown_only_negative_questions_are_true(field):
    value = {"owner_set": True, "topic": 1, "team": 1}.get(field, VALUES.get(field, ("x",))[0])
    for op in OPS[field]:
        number = 1 if op in (Op.AT_LEAST, Op.AT_MOST) else value
        listed = op in (Op.IN, Op.NOT_IN, Op.CONTAINS, Op.CONTAINS_NOT)
        asked = rule(condition(field, op, [number] if listed else number))
        assert evaluate(asked, {}) is ("not" in op)


def test_all_must_hold_and_one_of_any():
    yes, no = condition("status", "is", "open"), condition("status", "is", "closed")

    assert evaluate(rule(), FACTS)
    assert evaluate(rule(yes, any_of=[no, yes]), FACTS)
    assert not evaluate(rule(yes, any_of=[no]), FACTS)
    assert not evaluate(rule(yes, no), FACTS)


def test_a_rule_is_described_for_a_sentence():
    made = rule(
        condition("status", "is", "open"), any_of=[condition("subject", "contains", ["hold", "холд"])]
    )

    assert describe(made) == (
        ("all", Field.STATUS, Op.IS, "open"),
        ("any", Field.SUBJECT, Op.CONTAINS, ("hold", "холд")),
    )


@pytest.mark.parametrize(
    ("conditions", "part", "problem"),
    [
        ([], "conditions", Problem.NOT_AN_OBJECT),
        ({"every": []}, "conditions.every", Problem.UNKNOWN_KEY),
        ({"all": {}}, "conditions.all", Problem.NOT_A_LIST),
        ({"all": [condition("status", "is", "open")] * 21}, "conditions.all", Problem.TOO_MANY),
        ({"all": ["x"]}, "conditions.all[0]", Problem.NOT_AN_OBJECT),
        ({"all": [{"field": "status", "op": "is"}]}, "conditions.all[0].value", Problem.MISSING),
        ({"any": [condition("mood", "is", "bad")]}, "conditions.any[0].field", Problem.UNKNOWN),
        ({"any": [condition("status", "like", "o")]}, "conditions.any[0].op", Problem.UNKNOWN),
        ({"all": [condition("status", "at_least", 1)]}, "conditions.all[0].op", Problem.NOT_FOR_THIS_FIELD),
        ({"all": [condition("status", "is", "lost")]}, "conditions.all[0].value", Problem.UNKNOWN),
        (
            {"all": [condition("status", "in", ["open", "lost"])]},
            "conditions.all[0].value[1]",
            Problem.UNKNOWN,
        ),
        ({"all": [condition("status", "in", [])]}, "conditions.all[0].value", Problem.EMPTY),
        ({"all": [condition("status", "in", "open")]}, "conditions.all[0].value", Problem.NOT_A_LIST),
        ({"all": [condition("topic", "is", True)]}, "conditions.all[0].value", Problem.BAD_VALUE),
        ({"all": [condition("topic", "is", -1)]}, "conditions.all[0].value", Problem.BAD_VALUE),
        ({"all": [condition("revenue", "at_least", "5")]}, "conditions.all[0].value", Problem.BAD_VALUE),
        (
            {"all": [condition("revenue", "at_least", float("nan"))]},
            "conditions.all[0].value",
            Problem.BAD_VALUE,
        ),
        ({"all": [condition("subject", "contains", [" "])]}, "conditions.all[0].value[0]", Problem.BAD_VALUE),
        ({"all": [condition("owner_set", "is", "no")]}, "conditions.all[0].value", Problem.BAD_VALUE),
    ],
)
def test_a_wrong_condition_is_refused_with_its_place(conditions, part, problem):
    with pytest.raises(BadRule) as refusal:
        parse_rule(1, [TICKET_CREATED], conditions, TAG)

    assert (refusal.value.part, refusal.value.problem) == (part, problem)


@pytest.mark.parametrize(
    ("action", "part", "problem"),
    [
        ({"do": "explode", "value": 1}, "actions[0].do", Problem.UNKNOWN),
        ({"do": ["set_status"], "value": 1}, "actions[0].do", Problem.UNKNOWN),
        ({"do": "set_status"}, "actions[0].value", Problem.MISSING),
        ({"do": "set_status", "value": "lost"}, "actions[0].value", Problem.UNKNOWN),
        ({"do": "assign", "value": "boris"}, "actions[0].value", Problem.BAD_VALUE),
        ({"do": "notify", "value": "everybody"}, "actions[0].value", Problem.UNKNOWN),
        ({"do": "send_canned", "value": "x"}, "actions[0].value", Problem.BAD_VALUE),
        ({"do": "ask_department", "value": 2}, "actions[0].value", Problem.NOT_AN_OBJECT),
        (
            {"do": "ask_department", "value": {"team": 2, "text": "?", "minutes": 0}},
            "actions[0].value.minutes",
            Problem.BAD_VALUE,
        ),
        (
            {"do": "ask_department", "value": {"team": 2, "text": "?", "minutes": 9, "cc": 1}},
            "actions[0].value.cc",
            Problem.UNKNOWN_KEY,
        ),
    ],
)
def test_a_wrong_action_is_refused_with_its_place(action, part, problem):
    with pytest.raises(BadRule) as refusal:
        parse_rule(1, [TICKET_CREATED], {}, [action])

    assert (refusal.value.part, refusal.value.problem) == (part, problem)


def test_a_refusal_names_what_is_allowed_there():
    with pytest.raises(BadRule) as refusal:
        rule(condition("owner_set", "has", True))

    assert refusal.value.known == ("is",)


@pytest.mark.parametrize(
    ("on", "actions", "part"),
    [([], TAG, "on"), (["ticket.exploded"], TAG, "on[0]"), ([TICKET_CREATED], [], "actions")],
)
def test_a_rule_needs_a_cause_and_something_to_do(on, actions, part):
    with pytest.raises(BadRule) as refusal:
        parse_rule(1, on, {}, actions)

    assert refusal.value.part == part


def test_a_time_based_rule_without_conditions_would_take_everything_and_is_refused():
    with pytest.raises(BadRule):
        parse_rule(1, [TIME_PASSED], {}, TAG)


@pytest.mark.parametrize(
    "action",
    [
        {"do": "set_status", "value": "open"},
        {"do": "set_priority", "value": "urgent"},
        {"do": "set_topic", "value": 5},
        {"do": "set_team", "value": 1},
        {"do": "assign", "value": "route"},
        {"do": "assign", "value": 7},
        {"do": "add_tag", "value": "payout"},
        {"do": "notify", "value": "manager"},
        {"do": "send_canned", "value": 3},
        {"do": "add_note", "value": "Проверить холд"},
        {"do": "ask_department", "value": {"team": 2, "text": "Где выплата?", "minutes": 60}},
    ],
)
def test_every_action_is_understood_and_survives_json(action):
    stored = json.loads(json.dumps(action))
    (parsed,) = parse_rule(1, [TICKET_CREATED], {}, [stored]).actions

    assert {"do": parsed.kind.value, "value": parsed.value} == action
    assert set(ActionKind) >= {parsed.kind}


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(list(Field)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["all", "any", "field", "op", "value", "do"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@few
@given(st.lists(anything | st.sampled_from(sorted(EVENTS)), max_size=2), anything, anything)
def test_whatever_is_submitted_is_a_rule_or_refused_and_never_a_crash(on, conditions, actions):
    try:
        made = parse_rule(1, on, conditions, actions)
    except BadRule:
        return
    assert evaluate(made, FACTS) in (True, False)
