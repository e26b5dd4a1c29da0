"""Time zones a person can choose from, named in the reader's language.

What is kept is the IANA name. CLDR's data (through Babel) know which names are old aliases of others and what
the city of a zone is called.
"""

from __future__ import annotations

import unicodedata
import zoneinfo
from collections.abc import Iterable
from functools import cache
from typing import Any

from babel import Locale
from babel.core import get_global
from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# CLDR names parts of the world by their UN M49 codes, and no oceans. The Arctic is one town, of Norway.
REGIONS: dict[str, str | Promise] = {
    "Africa": "002",
    "America": "019",
    "Antarctica": "AQ",
    "Arctic": "150",
    "Asia": "142",
    "Atlantic": _("Atlantic Ocean"),
    "Australia": "AU",
    "Europe": "150",
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}
UTC = "UTC"


@cache
def zone_names() -> tuple[str, ...]:
    """IANA names of places, UTC first: one for each, without aliases."""
    aliases = get_global("zone_aliases")
    known = zoneinfo.available_timezones()
    return (UTC, *sorted(name for name in known if name.split("/")[0] in REGIONS and name not in aliases))


@cache
def is_zone(name: str) -> bool:
    """Aliases are zones as well: people have chosen them, and files hold them."""
    return name in zoneinfo.available_timezones()


@cache
def zone_labels(language: str) -> dict[str, str]:
    """The city of every place and alias, in this language."""
    aliases: dict[str, list[str]] = {}
    for alias, name in get_global("zone_aliases").items():
        aliases.setdefault(name, []).append(alias)
    cities = Locale.parse(language, sep="-").time_zones
    labels = {UTC: UTC}
    for name in zone_names()[1:]:
        # CLDR keeps some places under the name they had first.
        known = (
            cities[one]["city"] for one in (name, *aliases.get(name, ())) if "city" in cities.get(one, {})
        )
        labels[name] = str(next(known, name.rpartition("/")[2].replace("_", " ")))
    return labels


def zone_label(name: str) -> str:
    """What the reader calls the zone; a name that stands for no place stays as it is."""
    labels = zone_labels(_language())
    return labels.get(name) or labels.get(str(get_global("zone_aliases").get(name)), name)


def zone_choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """For a choice field: UTC, then the cities of each part of the world, both in the reader's alphabet."""
    return [(UTC, UTC), *_by_region(_language())]


class ZoneSelect(forms.Select):
    """Offers a zone that was chosen under an older name as well, so that saving a form does not change it."""

    def optgroups(
        self, name: str, value: Iterable[Any], attrs: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        chosen = [one for one in value if one and one not in zone_names() and is_zone(one)]
        before = self.choices
        self.choices = [*before, *((one, zone_label(one)) for one in chosen)]
        try:
            return super().optgroups(name, value, attrs)  # type: ignore[arg-type]
        finally:
            self.choices = before


class ZoneField(forms.ChoiceField):
    widget = ZoneSelect

    def __init__(self, *, choices: Any = zone_choices, **kwargs: Any) -> None:
        super().__init__(choices=choices, **kwargs)

    def valid_value(self, value: str) -> bool:
        return is_zone(value)


@cache
def _by_region(language: str) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
    names = Locale.parse(language, sep="-").territories
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone, label in zone_labels(language).items():
        if zone != UTC:
            region = REGIONS[zone.partition("/")[0]]
            groups.setdefault(str(names.get(region, region)), []).append((zone, label))
    ordered = sorted(groups.items(), key=lambda group: _alphabetical(group[0]))
    return tuple((name, sorted(zones, key=lambda zone: _alphabetical(zone[1]))) for name, zones in ordered)


def _alphabetical(text: str) -> str:
    """Ё stands with Е, and a Latin letter with an accent where it would stand without."""
    plain = text.casefold().replace("ё", "е")
    return "".join(c if "а" <= c <= "я" else unicodedata.normalize("NFKD", c)[0] for c in plain)


def _language() -> str:
    return get_language() or "en"
