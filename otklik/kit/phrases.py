"""Sentences, numbers and dates in the reader's language, for code that runs without Django.

English sentences are the source; translations come from the same catalogues Django reads. A compiled
catalogue is used where it is at hand and fresh; else the source is compiled in memory, so that a translation
never goes missing because a set-up step did.
"""

from __future__ import annotations

import datetime as dt
import gettext as catalogues
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

SOURCE_LANGUAGE = "en"
_HERE = Path(__file__).parent
_MINUS = "\u2212"


class Phrases:
    """One language. `gettext` and `ngettext` are called as elsewhere, so that the messages are collected from
    code.
    """

    def __init__(self, language: str, catalogue: catalogues.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def gettext(self, message: str, **values: object) -> str:
        """The sentence in this language, with its %(names)s filled in."""
        text = self._catalogue.gettext(message)
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, n: int, **values: object) -> str:
        """The form that fits `n`; %(n)s is the number as this language writes it."""
        return self._catalogue.ngettext(singular, plural, n) % {"n": self.number(n), **values}

    def number(self, value: float, decimals: int = 0) -> str:
        from babel.numbers import format_decimal

        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        value = round(value, decimals) + 0.0 if decimals else round(value)  # no "-0"
        return format_decimal(value, format=pattern, locale=self.language).replace("-", _MINUS)

    def signed(self, value: float, decimals: int = 0) -> str:
        """Always with + or a true minus; zero has none."""
        text = self.number(value, decimals)
        return f"+{text}" if round(value, decimals) > 0 else text

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share 0..1 as per cent, spaced as this language does."""
        from babel.numbers import format_percent

        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        gap = "\u00a0" if "\u00a0" in format_percent(0.5, locale=self.language) else ""
        return format_percent(share, format=f"{pattern}{gap}%", locale=self.language).replace("-", _MINUS)

    def span(self, low: float, high: float, decimals: int = 1) -> str:
        """An interval, kept on one line: 52.3 … 54.5."""
        return f"{self.number(low, decimals)}\u00a0…\u00a0{self.number(high, decimals)}"

    def date(self, day: dt.date) -> str:
        return self._date(day, "long")

    def month(self, day: dt.date, *, short: bool = False) -> str:
        """March 2025; Mar 25 where there is little room."""
        return self._date(day, "LLL yy" if short else "LLLL y").replace(".", "")

    def quarter(self, day: dt.date, *, short: bool = False) -> str:
        return self._date(day, "QQQ yy" if short else "QQQ y")

    def listed(self, items: Sequence[str]) -> str:
        """a, b and c."""
        from babel.lists import format_list

        return format_list(list(items), locale=self.language) if items else ""

    def _date(self, day: dt.date, pattern: str) -> str:
        from babel.dates import format_date

        return format_date(day, pattern, locale=self.language)


@lru_cache
def phrases(language: str, *folders: Path) -> Phrases:
    """Phrases from the `locale` folders given and the one of this package. English needs no catalogue."""
    result = catalogues.NullTranslations()
    if language != SOURCE_LANGUAGE:
        for folder in (*folders, _HERE / "locale"):
            if found := _catalogue(folder / language / "LC_MESSAGES" / "django.po"):
                found.add_fallback(result)
                result = found
    return Phrases(language, result)


def _catalogue(source: Path) -> catalogues.GNUTranslations | None:
    compiled = source.with_suffix(".mo")
    if not source.exists():
        return None
    if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return catalogues.GNUTranslations(io.BytesIO(compiled.read_bytes()))
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    buffer = io.BytesIO()
    with source.open("rb") as file:
        write_mo(buffer, read_po(file, locale=source.parent.parent.name))
    buffer.seek(0)
    return catalogues.GNUTranslations(buffer)


def language_of(environ: Mapping[str, str], known: Sequence[str]) -> str:
    """The first language the environment asks for (LC_ALL before LC_MESSAGES before LANG); English where
    unknown.
    """
    wish = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    language = wish.replace("-", "_").split("_")[0].split(".")[0].lower()
    return language if language in known else SOURCE_LANGUAGE
