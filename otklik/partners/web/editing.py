"""Editing while others edit: only what the person touched is saved, and what changed meanwhile is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed while the person was editing; ``is_contested``: they both did."""

    label: str
    theirs: Any
    yours: Any
    is_contested: bool


@dataclass(slots=True)
class Editing:
    """A form together with the values it was opened with, which travel in hidden fields."""

    form: forms.Form
    opened_with: list[SafeString]
    version: int
    differences: list[Difference] = field(default_factory=list)
    is_conflict: bool = False


def remember_opening(form: forms.Form) -> forms.Form:
    """Make ``changed_data`` of the posted form compare with what the page was opened with."""
    for one in form.fields.values():
        one.show_hidden_initial = True
    return form


def opened(form: forms.Form, version: int) -> Editing:
    return Editing(form, _hidden(remember_opening(form)), version)


def touched(form: forms.Form) -> dict[str, Any]:
    """What the person changed on a valid posted form."""
    return {name: form.cleaned_data[name] for name in form.changed_data}


def reopened(
    posted: forms.Form, make: Callable[[dict[str, Any]], forms.Form], current: dict[str, Any], version: int
) -> Editing:
    """After somebody else was faster: their values where the person touched nothing, the person's where they
    did. ``make(initial)`` builds an unbound form, ``current`` are the values as they are now."""
    yours = touched(posted)
    differences = []
    for bound in posted:
        theirs = current.get(bound.name)
        if not bound.field.has_changed(theirs, _opened_value(posted, bound)):
            continue
        contested = bound.name in yours and yours[bound.name] != theirs
        said = _said(bound, yours[bound.name]) if contested else ""
        differences.append(Difference(str(bound.label), _said(bound, theirs), said, contested))
    opened_with = _hidden(remember_opening(make(current)))
    return Editing(make(current | yours), opened_with, version, differences, is_conflict=True)


def _opened_value(posted: forms.Form, bound: forms.BoundField) -> Any:
    """As the widget reads it from the hidden field, ready for ``has_changed``."""
    widget = bound.field.hidden_widget()
    return widget.value_from_datadict(posted.data, posted.files, bound.html_initial_name)


def _said(bound: forms.BoundField, value: Any) -> Any:
    """What a person would call the value: a choice by its label."""
    if value in (None, "", [], {}):
        return "–"
    options = getattr(bound.field, "choices", None)
    if options is None:
        return bound.field.prepare_value(value)
    wanted = {str(one) for one in (value if isinstance(value, list) else [value])}
    names = [str(text) for key, text in _flat(options) if str(key) in wanted]
    return ", ".join(names) or value


def _flat(options: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, text in options:
        found += list(text) if isinstance(text, list | tuple) else [(key, text)]
    return found


def _hidden(form: forms.Form) -> list[SafeString]:
    return [bound.as_hidden(only_initial=True) for bound in form]


def opened_version(posted: QueryDict) -> int | None:
    """The row's version when the page was opened; None where somebody wrote something else there."""
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def initial_of(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
