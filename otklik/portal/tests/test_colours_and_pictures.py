"""A colour can be read wherever it is shown; a logo is a picture, whatever it is called."""

from __future__ import annotations

import struct

import pytest

from otklik.portal.rules.colours import (
    _DARK_PAGES,
    _LIGHT_PAGES,
    WHITE,
    NoColour,
    accent_of,
    contrast,
    parse,
)
from otklik.portal.rules.pictures import NoPicture, Picture, picture_of

ENOUGH = 4.5
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 120, 30) + b"\x08\x06\0\0\0"
JPEG = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc0\0\x11\x08" + struct.pack(">HH", 30, 120) + b"\x03"
VP8X = b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0" + (119).to_bytes(3, "little") + (29).to_bytes(3, "little")
VP8L = b"RIFF\0\0\0\0WEBPVP8L\x05\0\0\0\x2f" + struct.pack("<I", 119 | 29 << 14)
VP8 = b"RIFF\0\0\0\0WEBPVP8 \n\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 120, 30)


def test_contrast_is_what_the_standard_says() -> None:
    """WCAG 2.2: black on white is 21; #767676 is the lightest grey that passes on white, by 4.54."""
    assert contrast((0, 0, 0), WHITE) == pytest.approx(21)
    assert contrast(parse("#767676"), WHITE) == pytest.approx(4.54, abs=0.005)
    assert contrast(WHITE, WHITE) == 1


@pytest.mark.parametrize("red", ["00", "5c", "ff"])
@pytest.mark.parametrize("rest", ["0000", "00ff", "ff00", "ffff", "8080", "e600", "182a", "2226"])
def test_every_colour_can_be_read_everywhere(red: str, rest: str) -> None:
    accent = accent_of(f"#{red}{rest}")
    for shades, pages in ((accent.light, _LIGHT_PAGES), (accent.dark, _DARK_PAGES)):
        assert contrast(parse(shades.fill), WHITE) >= ENOUGH
        assert contrast(parse(shades.pressed), WHITE) >= ENOUGH
        for behind in (*pages, parse(shades.tint)):
            assert contrast(parse(shades.link), behind) >= ENOUGH


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert accent_of("#0d5c6e").light.fill == "#0d5c6e"
    assert accent_of("#0d5c6e").is_kept
    assert not accent_of("#ffe600").is_kept


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "#1234567", "#0d5c6e;}", "#0d5c6e\n"])
def test_whatever_else_is_no_colour(text: str) -> None:
    with pytest.raises(NoColour):
        parse(text)


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (VP8X, "image/webp"),
        (VP8L, "image/webp"),
        (VP8, "image/webp"),
    ],
)
def test_a_picture_is_known_by_what_is_in_it(data: bytes, type_: str) -> None:
    assert picture_of(data) == Picture(type_, 120, 30)
    for end in range(len(data)):
        try:
            picture_of(data[:end])
        except NoPicture:
            continue


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"RIFF",
        PNG[:16],
        b"\0" * 99,
    ],
)
def test_whatever_else_is_no_picture(data: bytes) -> None:
    with pytest.raises(NoPicture):
        picture_of(data)
