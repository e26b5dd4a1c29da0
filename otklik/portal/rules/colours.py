"""A program's colour on light and on dark pages, always with enough contrast to be read.

Contrast and luminance by WCAG 2.2 ("contrast ratio", "relative luminance"), ratios from 1 to 21.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Rgb = tuple[int, int, int]
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
# WCAG 2.2, 1.4.3 (AA) for text; a little above it, since colours are rounded.
TEXT = 4.6
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
# What lies behind text in otklik.css: cards and pages.
_LIGHT_PAGES: Sequence[Rgb] = (WHITE, (247, 245, 241))
_DARK_CARD: Rgb = (24, 34, 38)
_DARK_PAGES: Sequence[Rgb] = (_DARK_CARD, (17, 24, 27), (28, 39, 43))


class NoColour(ValueError):
    """Not written as #rrggbb."""


@dataclass(frozen=True, slots=True)
class Shades:
    """As #rrggbb: behind white text, the same pressed, of links, and behind links."""

    fill: str
    pressed: str
    link: str
    tint: str


@dataclass(frozen=True, slots=True)
class Accent:
    """``is_kept``: the colour itself is readable on light pages; else a darker one is shown."""

    light: Shades
    dark: Shades
    is_kept: bool


def parse(text: str) -> Rgb:
    """Raises NoColour."""
    if not _HEX.fullmatch(text):
        raise NoColour(text)
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def contrast(one: Rgb, other: Rgb) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def accent_of(text: str) -> Accent:
    """Raises NoColour."""
    colour = parse(text)
    fill = _until(colour, BLACK, [WHITE])
    light_tint = _mixed(colour, WHITE, 0.88)
    light_link = _until(fill, BLACK, [*_LIGHT_PAGES, light_tint])
    dark_tint = _mixed(colour, _DARK_CARD, 0.78)
    dark_link = _until(colour, WHITE, [*_DARK_PAGES, dark_tint])
    return Accent(
        light=Shades(_hex(fill), _hex(_mixed(fill, BLACK, 0.2)), _hex(light_link), _hex(light_tint)),
        # Lighter than the page, so that a button is seen, and dark enough for its white text.
        dark=Shades(
            _hex(_seen_in_the_dark(fill)), _hex(_mixed(fill, BLACK, 0.15)), _hex(dark_link), _hex(dark_tint)
        ),
        is_kept=fill == colour,
    )


def _seen_in_the_dark(fill: Rgb) -> Rgb:
    best = fill
    for step in range(1, 20):
        lighter = _mixed(fill, WHITE, step / 40)
        if contrast(lighter, WHITE) < TEXT or contrast(best, _DARK_CARD) >= 3:
            break
        best = lighter
    return best


def _until(colour: Rgb, towards: Rgb, behind: Sequence[Rgb]) -> Rgb:
    """The first shade on the way that can be read on all of these."""
    for step in range(51):
        shade = _mixed(colour, towards, step / 50)
        if all(contrast(shade, one) >= TEXT for one in behind):
            return shade
    return towards


def _mixed(colour: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (
        round(one * (1 - share) + two * share) for one, two in zip(colour, other, strict=True)
    )
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
