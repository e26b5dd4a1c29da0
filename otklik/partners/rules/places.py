"""Countries, languages and time zones as codes, from a code or from a name in Russian or English."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache

from babel import Locale

from otklik.partners.rules.names import name_key

NAME_LANGUAGES = ("en", "ru")
# Names people use that the CLDR does not list.
_ALSO_COUNTRIES = {
    "usa": "US",
    "сша": "US",
    "uk": "GB",
    "england": "GB",
    "англия": "GB",
    "рф": "RU",
    "russian federation": "RU",
    "российская федерация": "RU",
    "белоруссия": "BY",
    "киргизия": "KG",
    "республика казахстан": "KZ",
    "uae": "AE",
    "оаэ": "AE",
    "эмираты": "AE",
    "south korea": "KR",
    "южная корея": "KR",
    "turkey": "TR",
}
_NOT_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}


class UnknownPlace(ValueError):
    """No country, language or zone of this name."""


def country_code(text: str) -> str:
    """ISO 3166 code: "ru", "Russia" and "Россия" give "RU"; empty stays empty. Raises UnknownPlace."""
    if not text.strip():
        return ""
    code = text.strip().upper()
    if len(code) == 2 and code in _countries():
        return code
    found = _country_names().get(name_key(text))
    if found is None:
        raise UnknownPlace(text)
    return found


def language_code(text: str) -> str:
    """ISO 639 code: "RU", "ru-RU", "Russian", "русский" give "ru"; empty stays empty. Raises UnknownPlace."""
    if not text.strip():
        return ""
    code = text.strip().lower().replace("_", "-").split("-")[0]
    if 2 <= len(code) <= 3 and code in Locale("en").languages:
        return code
    found = _language_names().get(name_key(text))
    if found is None:
        raise UnknownPlace(text)
    return found


def zone_name(text: str) -> str:
    """An IANA zone as the zone data spell it; empty stays empty. Raises UnknownPlace."""
    if not text.strip():
        return ""
    found = _zones().get(text.strip().casefold().replace(" ", "_"))
    if found is None:
        raise UnknownPlace(text)
    return found


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Zones worth choosing from: Area/City and UTC, in alphabetical order."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *(sorted(zone for zone in _zones().values() if zone.startswith(areas))))


def country_names(language: str) -> dict[str, str]:
    """Code to name in this language, by name."""
    names = Locale(language).territories
    pairs = ((code, str(names.get(code, code))) for code in _countries())
    return dict(sorted(pairs, key=lambda pair: name_key(pair[1])))


def language_names(language: str) -> dict[str, str]:
    """Two-letter codes to names in this language, by name."""
    names = Locale(language).languages
    return dict(sorted(((c, n) for c, n in names.items() if len(c) == 2), key=lambda pair: name_key(pair[1])))


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    codes = map(str, Locale("en").territories)
    return frozenset(c for c in codes if len(c) == 2 and c.isalpha() and c not in _NOT_COUNTRIES)


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    names = {name_key(name): code for lang in NAME_LANGUAGES for code, name in country_names(lang).items()}
    return names | _ALSO_COUNTRIES


@lru_cache(maxsize=1)
def _language_names() -> dict[str, str]:
    return {name_key(name): code for lang in NAME_LANGUAGES for code, name in language_names(lang).items()}


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in zoneinfo.available_timezones()}
