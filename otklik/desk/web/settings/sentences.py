"""A rule read aloud: its conditions and actions as short sentences with the names of what they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from otklik.desk.rules.automation import Action, ActionKind, Rule
from otklik.desk.web.settings import rows, words


class Reader:
    """Looks each list of names up once, however many rules are read."""

    def __init__(self) -> None:
        self._names: dict[object, dict[str, str]] = {}

    def conditions(self, rule: Rule) -> list[str]:
        stored = [
            {"field": c.field, "op": c.op, "value": list(c.value) if isinstance(c.value, tuple) else c.value}
            for c in (*rule.all, *rule.any)
        ]
        found = rows.stored_conditions({"all": stored})
        lines = [self._condition(row) for row in found]
        every, some = lines[: len(rule.all)], lines[len(rule.all) :]
        return [*every, *([_("one of: %(list)s") % {"list": "; ".join(some)}] if some else [])]

    def actions(self, actions: Sequence[Action]) -> list[str]:
        return [self.action(action) for action in actions]

    def action(self, action: Action) -> str:
        what = str(words.ACTION[action.kind])
        if action.kind is ActionKind.ASK_DEPARTMENT:
            team = self._name("teams", str(action.value["team"]), rows.team_choices)
            return f"{what}: {team}"
        if action.kind is ActionKind.ADD_NOTE:
            return f"{what}: {_('“%(text)s”') % {'text': str(action.value)[:80]}}"
        if action.kind in rows.VALUES:
            return f"{what}: {self._name(action.kind, str(action.value), rows.VALUES[action.kind])}"
        return f"{what}: {action.value}"

    def _condition(self, row: rows.ConditionRow) -> str:
        if row.kind == "yes_no":
            yes = row.values == ["yes"]
            return _("somebody has it") if yes else _("nobody has it")
        shown = row.values
        if row.kind == "choices":
            shown = [self._name(row.field, value, rows.CHOICES[row.field]) for value in row.values]
        joined = pgettext("between values", " or ").join(shown)
        return f"{words.FIELD[row.field]} {words.OP[row.op]} {joined}"

    def _name(self, kind: object, value: str, fetch: Callable[[], rows.Choices]) -> str:
        if kind not in self._names:
            self._names[kind] = dict(fetch())
        return self._names[kind].get(value) or pgettext("something a rule names", "(gone)")
