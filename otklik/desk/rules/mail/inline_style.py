"""The inline styles a letter may keep: how its words look, never where they stand or what they load."""

from __future__ import annotations

import re
from itertools import islice

PROPERTIES = frozenset(
    {
        *(
            "color",
            "background-color",
            "font-family",
            "font-size",
            "font-style",
            "font-weight",
            "font-variant",
        ),
        *("text-align", "text-decoration", "text-transform", "text-indent", "line-height", "letter-spacing"),
        *("vertical-align", "white-space", "width", "max-width", "height", "border", "border-top"),
        *("border-right", "border-bottom", "border-left", "border-color", "border-style", "border-width"),
        *("border-collapse", "border-spacing", "border-radius", "padding", "padding-top", "padding-right"),
        *("padding-bottom", "padding-left", "margin", "margin-top", "margin-right", "margin-bottom"),
        *("margin-left", "list-style-type", "display"),
    }
)
_DISPLAY = frozenset({"none", "block", "inline", "inline-block"})
_PLAIN = re.compile(r"[a-z0-9 #%.,'+-]{1,120}", re.IGNORECASE)
"""No colon, slash, backslash, at sign, angle or bracket: nothing that fetches, escapes or runs."""
_COLOUR = re.compile(r"rgba?\([0-9 .,%]{1,40}\)", re.IGNORECASE)
MAX_DECLARATIONS = 30
MAX_STYLE = 4_000
_BEYOND_THE_LINE = re.compile(r"(?:^|[\s,])-\d|\d{5,}")
"""Negative margins and gigantic sizes lay a letter over what stands beside it."""


def kept_style(style: str) -> str:
    declarations = (
        _kept(declaration) for declaration in islice(style[:MAX_STYLE].split(";"), MAX_DECLARATIONS)
    )
    return ";".join(declaration for declaration in declarations if declaration)


def _kept(declaration: str) -> str:
    name, _, value = declaration.partition(":")
    name, value = name.strip().lower(), " ".join(value.replace("!important", "").split())
    if name not in PROPERTIES or not _PLAIN.fullmatch(_COLOUR.sub("", value) or "x"):
        return ""
    if _BEYOND_THE_LINE.search(value) or (name == "display" and value.lower() not in _DISPLAY):
        return ""
    return f"{name}:{value}".replace('"', "'")
