"""What people call the values that answers are frozen with."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from otklik.analytics.public import Dimension
from otklik.feedback.labels import CHANNEL_LABELS, role_name
from otklik.feedback.queries.tallies import NOBODY
from otklik.feedback.rules.vocabulary import Channel
from otklik.identity.public import names_of
from otklik.partners.public import Program, country_name

Value = tuple[Dimension, str]


def names_of_values(values: Iterable[Value]) -> dict[Value, str]:
    """Two queries at most: programs and managers."""
    wanted = set(values)
    programs = _ids(wanted, Dimension.PROGRAM)
    managers = names_of(_ids(wanted, Dimension.MANAGER))
    program_names = dict(Program.objects.filter(pk__in=programs).values_list("pk", "name"))
    return {
        (dimension, value): _name(dimension, value, program_names, managers) for dimension, value in wanted
    }


def _ids(values: set[Value], dimension: Dimension) -> list[int]:
    return [int(value) for d, value in values if d is dimension and value != NOBODY]


def _name(dimension: Dimension, value: str, programs: dict[int, str], managers: dict[int, str]) -> str:
    match dimension:
        case Dimension.PROGRAM:
            return programs.get(int(value), f"#{value}")
        case Dimension.MANAGER:
            return _("No manager") if value == NOBODY else managers.get(int(value), f"#{value}")
        case Dimension.ROLE:
            return role_name(value)
        case Dimension.CHANNEL:
            return str(CHANNEL_LABELS[Channel(value)]) if value in set(Channel) else value
        case Dimension.COUNTRY if value:
            return country_name(value)
        case _:
            return value or _("Not stated")
