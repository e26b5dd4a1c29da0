"""What a reader is told about a row or a file, from the code that the machine keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from otklik.kit.registry import Text
from otklik.kit.tabular import TableError, describe
from otklik.kit.tabular.messages import MESSAGES
from otklik.partners.imports.rules.mapping import problems_of
from otklik.partners.imports.targets import ImportTarget

# Reasons of a single value or row that every target shares.
REASONS: dict[str, Text] = {
    "missing": _("A value is needed here."),
    "too_long": _("Longer than %(longest)s characters (%(length)s)."),
    "not_email": _("This is not an e-mail address."),
    "not_phone": _("This is not a phone number."),
    "not_telegram": _("This is not a Telegram name."),
    "date_impossible": _("There is no such day."),
    "date_out_of_range": _("The year is not between 1970 and 2100."),
    "date_text": _("This is not a date."),
    "number_text": _("This is not a number."),
    "number_ambiguous": _("This number can be read in two ways. Choose the decimal mark before you start."),
    "number_too_large": _("This number is too large."),
    "not_in_list": _("None of the known words: %(allowed)s."),
    "no_such_country": _("There is no country of this name or code."),
    "no_such_language": _("There is no language of this name or code."),
    "no_such_zone": _("There is no such time zone. Write it like Europe/Moscow."),
    "not_hours": _("These are not hours. Write them like 09:00-18:00."),
    "row_too_long": _("Cells in the row: %(found)s, columns in the header: %(expected)s."),
    "row_too_short": _("Cells in the row: %(found)s, columns in the header: %(expected)s."),
}

# Why a whole file was not taken, beyond what ``kit.tabular`` knows.
REFUSALS: dict[str, Text] = {
    "file_gone": _("The file is no longer there. Upload it again; what was stored already will be skipped."),
    "columns_changed": _("The file has other columns than when it was uploaded. Upload it again."),
}


def reason(target: ImportTarget, code: str, params: Mapping[str, Any]) -> str:
    """The sentence in the active language; an unknown code (of an older release) is shown as it is."""
    sentence = target.reasons.get(code) or REASONS.get(code)
    if sentence is None:
        return code
    try:
        return str(sentence) % params
    except (KeyError, TypeError, ValueError):
        return str(sentence)


def refusal_of(error: TableError) -> dict[str, Any]:
    """An error as the run keeps it."""
    return {
        "code": error.code,
        "facts": {key: _kept(value) for key, value in error.parameters.items()},
    }


def refusal_text(refusal: Mapping[str, Any]) -> str:
    code = refusal["code"]
    if code in REFUSALS:
        return str(REFUSALS[code])
    if code not in MESSAGES:
        return str(code)
    error = TableError(**refusal["facts"])
    error.code = code  # type: ignore[misc]  # the class is told by its code alone
    return describe(error, gettext)


def _kept(value: Any) -> Any:
    return value if isinstance(value, int | None) else str(value)[:200]


def complaints_of(target: ImportTarget, mapping: Mapping[str, str], columns: Sequence[str]) -> list[str]:
    """What keeps a mapping from being run, in the active language; nothing where it can be."""
    labels = {field.name: str(field.label) for field in target.fields}
    sentences = {
        "missing": gettext("Choose the column that holds: %(names)s."),
        "one_of": gettext("Choose a column for at least one of: %(names)s."),
        "twice": gettext("Two columns are chosen for: %(names)s. Leave one of them out."),
        "unknown_field": gettext("There is no field %(names)s."),
        "unknown_column": gettext("The file has no column %(names)s."),
    }
    return [
        sentences[problem.code] % {"names": ", ".join(labels.get(name, name) for name in problem.names)}
        for problem in problems_of(mapping, columns, target.fields, target.one_of)
    ]
