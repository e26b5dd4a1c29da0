"""How the portal looks for whoever is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from otklik.partners.public import Program
from otklik.portal.models import Branding
from otklik.portal.rules.colours import Accent, NoColour, accent_of


@dataclass(frozen=True, slots=True)
class Look:
    """``name``: empty where no program is known. ``logo``: the id of the row that has one."""

    name: str
    accent: Accent | None = None
    logo: int | None = None
    logo_mark: str = ""
    welcome: str = ""


def look_of(program: Program, language: str) -> Look:
    return _look(program, Branding.objects.filter(program_id=program.pk).first(), language)


def look_at_the_door(slug: str, language: str) -> Look:
    """Of the program that the address names, or the only one there is."""
    rows = Program.objects.order_by("pk")
    named = list(rows.filter(slug=slug)[:1]) if slug else []
    found = named or list(rows[:2])
    return look_of(found[0], language) if len(found) == 1 else Look("")


def _look(program: Program, branding: Branding | None, language: str) -> Look:
    if branding is None:
        return Look(program.name)
    return Look(
        name=branding.name or program.name,
        accent=_accent(branding.accent),
        logo=branding.pk if branding.logo else None,
        # A part of the digest it is stored by: a new logo has a new address.
        logo_mark=branding.logo.rpartition("/")[2][:12],
        welcome=_in(branding.welcome, language),
    )


def _accent(text: str) -> Accent | None:
    try:
        return accent_of(text) if text else None
    except NoColour:
        return None


def _in(texts: Mapping[str, str], language: str) -> str:
    """In the visitor's language, or in whichever there is."""
    wishes = (language, language.partition("-")[0], "en", *sorted(texts))
    return next((texts[one] for one in wishes if texts.get(one)), "")
