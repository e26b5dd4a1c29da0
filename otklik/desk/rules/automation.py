"""The language of triggers and time-based rules: conditions over flat facts, and a list of actions.

Stored as JSON: ``{"all": [{"field", "op", "value"}, ...], "any": [...]}`` and ``[{"do", "value"}, ...]``.
Every condition of "all" must hold, and one of "any" where there are some. What runs and in which order is
decided in ``automation_plan.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.vocabulary import Channel, Priority, TicketStatus

E = TypeVar("E", bound=StrEnum)
Facts = Mapping[str, object]
"""Field → value. None or absent: unknown. Topic and team are ids, tags a set of texts."""

MOST_CONDITIONS, MOST_ACTIONS, LONGEST_TEXT = 20, 10, 4_000
TIME_PASSED = "time.passed"
"""What time-based rules listen to."""
EVENTS = frozenset(
    {
        TIME_PASSED,
        words.TICKET_CREATED,
        words.MESSAGE_RECEIVED,
        words.MESSAGE_SENT,
        words.STATUS_CHANGED,
        words.OWNER_CHANGED,
        words.TEAM_CHANGED,
        words.PRIORITY_CHANGED,
        words.TOPIC_CHANGED,
        words.PARTNER_SET,
        words.SUB_REQUEST_ANSWERED,
        words.SLA_WARNED,
        words.SLA_BREACHED,
        words.RATED,
    }
)


class Breach(StrEnum):
    NONE = "none"
    WARNED = "warned"
    BREACHED = "breached"


class Field(StrEnum):
    STATUS = "status"
    PRIORITY = "priority"
    TOPIC = "topic"
    CHANNEL = "channel"
    TIER = "tier"
    COUNTRY = "country"
    LANGUAGE = "language"
    TEAM = "team"
    ROLE = "role"
    BREACH = "breach"
    OWNER_SET = "owner_set"
    TAGS = "tags"
    SUBJECT = "subject"
    TEXT = "text"
    REVENUE = "revenue"
    HOURS_SINCE_CREATED = "hours_since_created"
    HOURS_SINCE_INCOMING = "hours_since_incoming"
    HOURS_SINCE_OUTGOING = "hours_since_outgoing"
    HOURS_SINCE_SOLVED = "hours_since_solved"


class Op(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    HAS = "has"
    HAS_NOT = "has_not"
    CONTAINS = "contains"
    """At least one of the phrases, from the beginning of a word: "выплат" finds "выплата"."""
    CONTAINS_NOT = "contains_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class ActionKind(StrEnum):
    SET_STATUS = "set_status"
    SET_PRIORITY = "set_priority"
    SET_TOPIC = "set_topic"
    SET_TEAM = "set_team"
    ASSIGN = "assign"
    """A user id, or "route"."""
    ADD_TAG = "add_tag"
    NOTIFY = "notify"
    SEND_CANNED = "send_canned"
    """To the partner: asks ``auto_reply.decide`` like every automatic answer."""
    ADD_NOTE = "add_note"
    ASK_DEPARTMENT = "ask_department"
    """{"team": id, "text": question, "minutes": until due}."""


class Problem(StrEnum):
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    UNKNOWN_KEY = "unknown_key"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_FOR_THIS_FIELD = "not_for_this_field"
    BAD_VALUE = "bad_value"
    TOO_MANY = "too_many"
    EMPTY = "empty"


class BadRule(ValueError):
    """``part`` is where ("conditions.all[2].op"), ``problem`` what, ``known`` what is allowed there."""

    def __init__(self, part: str, problem: Problem, known: Sequence[str] = ()) -> None:
        super().__init__(part, problem, tuple(known))
        self.part, self.problem, self.known = part, problem, tuple(known)


@dataclass(frozen=True, slots=True)
class Condition:
    field: Field
    op: Op
    value: Any
    """Checked: a scalar, or a tuple for in, not_in, contains and contains_not."""


@dataclass(frozen=True, slots=True)
class Action:
    kind: ActionKind
    value: Any


@dataclass(frozen=True, slots=True)
class Rule:
    id: int
    on: frozenset[str]
    all: tuple[Condition, ...]
    any: tuple[Condition, ...]
    actions: tuple[Action, ...]
    order: int = 0


_CHOICE = (Op.IS, Op.IS_NOT, Op.IN, Op.NOT_IN)
_NUMBER = (Op.AT_LEAST, Op.AT_MOST)
_WORDS = (Op.CONTAINS, Op.CONTAINS_NOT)
_LISTS = (Op.IN, Op.NOT_IN, *_WORDS)
_IDS = (Field.TOPIC, Field.TEAM)
_CHOSEN = (
    Field.STATUS,
    Field.PRIORITY,
    Field.CHANNEL,
    Field.TIER,
    Field.COUNTRY,
    Field.LANGUAGE,
    Field.ROLE,
    Field.BREACH,
    *_IDS,
)
_MEASURED = (
    Field.REVENUE,
    Field.HOURS_SINCE_CREATED,
    Field.HOURS_SINCE_INCOMING,
    Field.HOURS_SINCE_OUTGOING,
    Field.HOURS_SINCE_SOLVED,
)
OPS: dict[Field, tuple[Op, ...]] = {
    **dict.fromkeys(_CHOSEN, _CHOICE),
    Field.OWNER_SET: (Op.IS,),
    Field.TAGS: (Op.HAS, Op.HAS_NOT),
    Field.SUBJECT: _WORDS,
    Field.TEXT: _WORDS,
    **dict.fromkeys(_MEASURED, _NUMBER),
}
"""What may be asked of a field; for forms too."""
VALUES: dict[Field, tuple[str, ...]] = {
    Field.STATUS: tuple(TicketStatus),
    Field.PRIORITY: tuple(Priority),
    Field.CHANNEL: tuple(Channel),
    Field.BREACH: tuple(Breach),
}
NOTIFIED = ("owner", "team", "manager")
ROUTE = "route"


def parse_rule(rule_id: int, on: Sequence[str], conditions: Any, actions: Any, *, order: int = 0) -> Rule:
    """From stored or submitted JSON. Raises BadRule naming the bad part."""
    if not on:
        raise BadRule("on", Problem.EMPTY, sorted(EVENTS))
    for position, name in enumerate(on):
        if not isinstance(name, str) or name not in EVENTS:
            raise BadRule(f"on[{position}]", Problem.UNKNOWN, sorted(EVENTS))
    _keys(conditions, "conditions", optional={"all", "any"})
    both = {name: _conditions(conditions.get(name, []), f"conditions.{name}") for name in ("all", "any")}
    if TIME_PASSED in on and not any(both.values()):
        # Without a condition it would take every ticket there is, each time the clock is looked at.
        raise BadRule("conditions", Problem.EMPTY)
    done = _list(actions, "actions", MOST_ACTIONS)
    if not done:
        raise BadRule("actions", Problem.EMPTY, tuple(ActionKind))
    parsed = tuple(_action(action, f"actions[{position}]") for position, action in enumerate(done))
    return Rule(rule_id, frozenset(on), both["all"], both["any"], parsed, order)


def describe(rule: Rule) -> tuple[tuple[str, Field, Op, Any], ...]:
    """("all" | "any", field, op, value) in order, for the sentence on screen."""
    groups = (("all", rule.all), ("any", rule.any))
    return tuple((group, c.field, c.op, c.value) for group, conditions in groups for c in conditions)


def evaluate(rule: Rule, facts: Facts) -> bool:
    return all(_holds(c, facts) for c in rule.all) and (
        not rule.any or any(_holds(c, facts) for c in rule.any)
    )


def _holds(condition: Condition, facts: Facts) -> bool:
    """Of an unknown value only the negative questions are true."""
    actual: Any = facts.get(condition.field)
    match condition.op:
        case Op.IS:
            return _same(actual, condition.value)
        case Op.IS_NOT:
            return not _same(actual, condition.value)
        case Op.IN:
            return any(_same(actual, value) for value in condition.value)
        case Op.NOT_IN:
            return not any(_same(actual, value) for value in condition.value)
        case Op.HAS:
            return condition.value in (actual or ())
        case Op.HAS_NOT:
            return condition.value not in (actual or ())
        case Op.CONTAINS:
            return _contains(actual or "", condition.value)
        case Op.CONTAINS_NOT:
            return not _contains(actual or "", condition.value)
        case Op.AT_LEAST:
            return actual is not None and bool(actual >= condition.value)
        case Op.AT_MOST:
            return actual is not None and bool(actual <= condition.value)


def _same(actual: Any, value: Any) -> bool:
    """ "Gold" and "gold" are one tier."""
    if isinstance(actual, str) and isinstance(value, str):
        return actual.casefold() == value.casefold()
    return bool(actual == value)


def _contains(text: str, phrases: Sequence[str]) -> bool:
    plain = _plain(text)
    return any(re.search(rf"(?<!\w){re.escape(_plain(phrase))}", plain) for phrase in phrases)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def _conditions(data: Any, part: str) -> tuple[Condition, ...]:
    listed = _list(data, part, MOST_CONDITIONS)
    return tuple(_condition(one, f"{part}[{position}]") for position, one in enumerate(listed))


def _condition(data: Any, part: str) -> Condition:
    _keys(data, part, needed={"field", "op", "value"})
    field = _member(Field, data["field"], f"{part}.field")
    op = _member(Op, data["op"], f"{part}.op")
    if op not in OPS[field]:
        raise BadRule(f"{part}.op", Problem.NOT_FOR_THIS_FIELD, OPS[field])
    value, where = data["value"], f"{part}.value"
    if op not in _LISTS:
        return Condition(field, op, _value(field, value, where))
    listed = _list(value, where, MOST_CONDITIONS)
    if not listed:
        raise BadRule(where, Problem.EMPTY)
    return Condition(field, op, tuple(_value(field, one, f"{where}[{n}]") for n, one in enumerate(listed)))


def _value(field: Field, value: Any, part: str) -> Any:
    if field is Field.OWNER_SET:
        return _typed(value, bool, part)
    if OPS[field] is _NUMBER:
        return _number(value, part)
    if field in _IDS:
        return _id(value, part)
    text = _text(value, part)
    if field in VALUES and text not in VALUES[field]:
        raise BadRule(part, Problem.UNKNOWN, VALUES[field])
    return text


def _action(data: Any, part: str) -> Action:
    _keys(data, part, needed={"do", "value"})
    kind = _member(ActionKind, data["do"], f"{part}.do")
    value, where = data["value"], f"{part}.value"
    match kind:
        case ActionKind.SET_STATUS:
            return Action(kind, _member(TicketStatus, value, where))
        case ActionKind.SET_PRIORITY:
            return Action(kind, _member(Priority, value, where))
        case ActionKind.SET_TOPIC | ActionKind.SET_TEAM | ActionKind.SEND_CANNED:
            return Action(kind, _id(value, where))
        case ActionKind.ASSIGN:
            return Action(kind, value if value == ROUTE else _id(value, where))
        case ActionKind.NOTIFY:
            if value not in NOTIFIED:
                raise BadRule(where, Problem.UNKNOWN, NOTIFIED)
            return Action(kind, value)
        case ActionKind.ADD_TAG | ActionKind.ADD_NOTE:
            return Action(kind, _text(value, where))
        case ActionKind.ASK_DEPARTMENT:
            _keys(value, where, needed={"team", "text", "minutes"})
            minutes = _typed(value["minutes"], int, f"{where}.minutes")
            if minutes <= 0:
                raise BadRule(f"{where}.minutes", Problem.BAD_VALUE)
            team = _id(value["team"], f"{where}.team")
            text = _text(value["text"], f"{where}.text")
            return Action(kind, {"team": team, "text": text, "minutes": minutes})


def _keys(data: Any, part: str, needed: set[str] | None = None, optional: set[str] | None = None) -> None:
    needed = needed or set()
    allowed = needed | (optional or set())
    if not isinstance(data, dict):
        raise BadRule(part, Problem.NOT_AN_OBJECT, sorted(allowed))
    if unknown := sorted(str(key) for key in data if key not in allowed):
        raise BadRule(f"{part}.{unknown[0]}", Problem.UNKNOWN_KEY, sorted(allowed))
    if missing := sorted(needed - set(data)):
        raise BadRule(f"{part}.{missing[0]}", Problem.MISSING)


def _list(data: Any, part: str, most: int) -> Sequence[Any]:
    if not isinstance(data, list | tuple):
        raise BadRule(part, Problem.NOT_A_LIST)
    if len(data) > most:
        raise BadRule(part, Problem.TOO_MANY, (str(most),))
    return data


def _member(kind: type[E], value: Any, part: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise BadRule(part, Problem.UNKNOWN, tuple(kind)) from None


def _typed(value: Any, kind: type, part: str) -> Any:
    # True is an int to Python, and no id.
    if type(value) is not kind:
        raise BadRule(part, Problem.BAD_VALUE, (kind.__name__,))
    return value


def _id(value: Any, part: str) -> int:
    if not 0 < _typed(value, int, part) < 2**63:
        raise BadRule(part, Problem.BAD_VALUE, ("id",))
    return int(value)


def _number(value: Any, part: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        raise BadRule(part, Problem.BAD_VALUE, ("number",))
    return value


def _text(value: Any, part: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise BadRule(part, Problem.BAD_VALUE, ("text",))
    return value.strip()
