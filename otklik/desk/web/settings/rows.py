"""Conditions and actions as rows of a form: from a stored rule to the page, from what was posted to a rule.

A row is named by a token of its own, so that rows can be added and taken out in any order:
``c-<token>-field``, ``-op``, ``-value``; ``a-<token>-do``, ``-value``, ``-team``, ``-text``, ``-minutes``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from otklik.desk import labels
from otklik.desk.models import CannedAnswer, Topic
from otklik.desk.rules.automation import NOTIFIED, OPS, ROUTE, ActionKind, BadRule, Breach, Field, Op
from otklik.desk.rules.vocabulary import Channel, Priority, TicketStatus
from otklik.desk.templatetags.desk_words import topic_name
from otklik.desk.web.settings import words
from otklik.desk.web.steps import reachable_choices
from otklik.identity.public import Team, active_staff
from otklik.partners.public import ROLE

Choices = Sequence[tuple[str, str]]
MOST_ROWS = 40
_TOKEN = re.compile(r"[0-9a-z]{1,12}\Z")
_IDS = (Field.TOPIC, Field.TEAM)
_SAME = {Op.IS: Op.IN, Op.IS_NOT: Op.NOT_IN}
_PLACE = re.compile(r"(conditions\.all|conditions\.any|actions)\[(\d+)\]")


@dataclass(slots=True)
class ConditionRow:
    """``values`` as they stand in the page. ``kind``: "choices", "yes_no", "number", "words" or "word"."""

    group: str
    field: Field = Field.STATUS
    op: Op = Op.IN
    values: list[str] = made(default_factory=list)
    token: str = made(default_factory=lambda: secrets.token_hex(3))
    error: str = ""

    @property
    def kind(self) -> str:
        if self.field is Field.OWNER_SET:
            return "yes_no"
        if OPS[self.field] == (Op.AT_LEAST, Op.AT_MOST):
            return "number"
        if self.field is Field.TAGS:
            return "word"
        return "choices" if self.field in CHOICES else "words"

    @property
    def choices(self) -> Choices:
        return CHOICES[self.field]()

    @property
    def text(self) -> str:
        return ", ".join(self.values)

    @property
    def ops(self) -> Choices:
        return [(op.value, str(words.OP[op])) for op in asked_of(self.field)]

    @property
    def fields(self) -> Choices:
        return [(name.value, str(label)) for name, label in words.FIELD.items()]

    def to_json(self) -> dict[str, Any]:
        return {"field": self.field.value, "op": self.op.value, "value": self._value()}

    def _value(self) -> Any:
        first = self.values[0] if self.values else ""
        match self.kind:
            case "yes_no":
                return first == "yes"
            case "number":
                return _number(first)
            case "word":
                return first.strip().lower()
            case "choices" if self.field in _IDS:
                return [_number(value) for value in self.values]
        return [value for value in self.values if value.strip()]


@dataclass(slots=True)
class ActionRow:
    kind: ActionKind = ActionKind.SET_STATUS
    value: str = ""
    team: str = ""
    text: str = ""
    hours: str = ""
    token: str = made(default_factory=lambda: secrets.token_hex(3))
    error: str = ""

    @property
    def kinds(self) -> Choices:
        return [(kind.value, str(label)) for kind, label in words.ACTION.items()]

    @property
    def choices(self) -> Choices:
        return VALUES[self.kind]() if self.kind in VALUES else []

    @property
    def teams(self) -> Choices:
        return team_choices()

    def to_json(self) -> dict[str, Any]:
        return {"do": self.kind.value, "value": self._value()}

    def _value(self) -> Any:
        match self.kind:
            case ActionKind.ASK_DEPARTMENT:
                hours = _number(self.hours)
                minutes = round(hours * 60) if isinstance(hours, int | float) else hours
                return {"team": _number(self.team), "text": self.text, "minutes": minutes}
            case ActionKind.ASSIGN if self.value == ROUTE:
                return ROUTE
            case ActionKind.SET_TOPIC | ActionKind.SET_TEAM | ActionKind.SEND_CANNED | ActionKind.ASSIGN:
                return _number(self.value)
            case ActionKind.ADD_TAG:
                # As tags are stored, so that a rule sees that one is there already.
                return " ".join(self.value.split()).lower()[:60]
            case ActionKind.ADD_NOTE:
                return self.text
        return self.value


def asked_of(name: Field) -> list[Op]:
    return list(dict.fromkeys(_SAME.get(op, op) if name in _LISTED else op for op in OPS[name]))


def stored_conditions(conditions: Any) -> list[ConditionRow]:
    """What cannot be read is left out."""
    rows = []
    for group in ("all", "any"):
        for one in conditions.get(group, []) if isinstance(conditions, dict) else []:
            row = _condition_row(group, one)
            rows += [row] if row else []
    return rows


def _condition_row(group: str, one: Mapping[str, Any]) -> ConditionRow | None:
    try:
        name, op = Field(one["field"]), Op(one["op"])
    except (KeyError, ValueError, TypeError):
        return None
    value = one.get("value")
    if name is Field.OWNER_SET:
        values = ["yes" if value else "no"]
    else:
        values = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    return ConditionRow(group, name, _SAME.get(op, op) if name in _LISTED else op, values)


def stored_actions(actions: Any) -> list[ActionRow]:
    rows = []
    for one in actions if isinstance(actions, list) else []:
        try:
            kind, value = ActionKind(one["do"]), one["value"]
        except (KeyError, ValueError, TypeError):
            continue
        if kind is ActionKind.ASK_DEPARTMENT and isinstance(value, dict):
            hours = value.get("minutes", 0) / 60
            rows.append(
                ActionRow(kind, "", str(value.get("team", "")), str(value.get("text", "")), f"{hours:g}")
            )
        elif kind is ActionKind.ADD_NOTE:
            rows.append(ActionRow(kind, text=str(value)))
        else:
            rows.append(ActionRow(kind, str(value)))
    return rows


def posted_conditions(data: QueryDict) -> list[ConditionRow]:
    rows = []
    for token in _tokens(data, "condition"):
        named = f"c-{token}-"
        group = "any" if data.get(f"{named}group") == "any" else "all"
        name = _member(Field, data.get(f"{named}field"), Field.STATUS)
        op = _member(Op, data.get(f"{named}op"), asked_of(name)[0])
        row = ConditionRow(group, name, op if op in asked_of(name) else asked_of(name)[0], token=token)
        given = [text[:1000] for text in data.getlist(f"{named}value")[:100]]
        row.values = given if row.kind != "words" else _split(given)
        rows.append(row)
    return rows


def posted_actions(data: QueryDict) -> list[ActionRow]:
    rows = []
    for token in _tokens(data, "action"):
        given = {
            name: data.get(f"a-{token}-{name}", "")[:8000] for name in ("value", "team", "text", "hours")
        }
        kind = _member(ActionKind, data.get(f"a-{token}-do"), ActionKind.SET_STATUS)
        text = given.pop("text").replace("\r\n", "\n")
        rows.append(ActionRow(kind, text=text, token=token, **given))
    return rows


def as_conditions(rows: Sequence[ConditionRow]) -> dict[str, list[Any]]:
    return {group: [row.to_json() for row in rows if row.group == group] for group in ("all", "any")}


def mark(bad: BadRule, conditions: Sequence[ConditionRow], actions: Sequence[ActionRow]) -> str:
    """Puts the words at the row they are about; what is about no row is returned."""
    text = str(words.PROBLEM.get(bad.problem, "")) or _("This rule cannot be read. Fill it in anew.")
    place = _PLACE.match(bad.part)
    if place is None:
        return _nothing(bad.part) or text
    which, number = place[1], int(place[2])
    rows: Sequence[Any] = actions
    if which != "actions":
        rows = [row for row in conditions if row.group == which.rpartition(".")[2]]
    if number < len(rows):
        rows[number].error = text
        return ""
    return text


def _nothing(part: str) -> str:
    match part:
        case "on":
            return _("Choose when the rule is looked at.")
        case "conditions":
            return _("A time-based rule needs at least one condition, or it would take every ticket.")
        case "actions":
            return _("Say what is to be done: add at least one action.")
    return ""


def _tokens(data: QueryDict, name: str) -> list[str]:
    return [token for token in dict.fromkeys(data.getlist(name)) if _TOKEN.match(token)][:MOST_ROWS]


def _member(kind: Any, value: str | None, otherwise: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        return otherwise


def _split(given: Sequence[str]) -> list[str]:
    return [part.strip() for text in given for part in text.split(",") if part.strip()]


def _number(text: str) -> int | float | str:
    """What is no number stays text and is refused by the rule's own reader."""
    plain = text.strip().replace(",", ".").replace(" ", "").replace("\u00a0", "")
    if plain.isascii() and plain.isdigit() and len(plain) < 19:
        return int(plain)
    try:
        return float(plain) if re.fullmatch(r"\d{1,15}\.\d{1,6}", plain) else text
    except ValueError:
        return text


def team_choices() -> Choices:
    return [(str(pk), name) for pk, name in Team.objects.values_list("pk", "name")]


def _topics() -> Choices:
    return [(str(topic.pk), topic_name(topic)) for topic in Topic.objects.all()]


def _people() -> Choices:
    routed = (ROUTE, _("somebody found by routing, where nobody has it"))
    return [routed, *((str(pk), name) for pk, name in active_staff().values_list("pk", "name"))]


def _canned() -> Choices:
    rows = CannedAnswer.objects.filter(is_active=True)
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def _of(kind: Any, names: Mapping[Any, Any]) -> Callable[[], Choices]:
    return lambda: [(word.value, str(names[word])) for word in kind]


CHOICES: Mapping[Field, Callable[[], Choices]] = {
    Field.STATUS: _of(TicketStatus, labels.STATUS),
    Field.PRIORITY: _of(Priority, labels.PRIORITY),
    Field.CHANNEL: _of(Channel, labels.CHANNEL),
    Field.BREACH: _of(Breach, words.BREACH),
    Field.ROLE: _of(ROLE, ROLE),
    Field.TOPIC: _topics,
    Field.TEAM: team_choices,
}
VALUES: Mapping[ActionKind, Callable[[], Choices]] = {
    ActionKind.SET_STATUS: reachable_choices,
    ActionKind.SET_PRIORITY: CHOICES[Field.PRIORITY],
    ActionKind.SET_TOPIC: _topics,
    ActionKind.SET_TEAM: team_choices,
    ActionKind.ASSIGN: _people,
    ActionKind.NOTIFY: lambda: [(whom, str(words.NOTIFIED[whom])) for whom in NOTIFIED],
    ActionKind.SEND_CANNED: _canned,
}
_LISTED = frozenset({*CHOICES, Field.TIER, Field.COUNTRY, Field.LANGUAGE})
