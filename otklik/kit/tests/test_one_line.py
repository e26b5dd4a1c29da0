"""What shows nothing goes, every script and picture stays."""

from __future__ import annotations

import pytest

from otklik.kit.one_line import one_line

UNSEEN = [
    0xAD,
    0x61C,
    0x200B,
    0x200C,
    0x200D,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
]


@pytest.mark.parametrize("code", UNSEEN, ids=hex)
def test_a_sign_that_shows_nothing_goes(code: int) -> None:
    assert one_line(f"{chr(code)}Ve{chr(code)}ra {chr(code)}Орлова{chr(code)}") == "Vera Орлова"


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xD800], ids=hex)
def test_whatever_ends_or_breaks_a_line_is_a_space(code: int) -> None:
    assert one_line(f"Vera{chr(code)}Bcc: all{chr(code)}") == "Vera Bcc: all"


@pytest.mark.parametrize(
    "name",
    [
        "Вера Ёлкина",
        "עמית בן־דוד",
        "نورا الهاشمي",
        "مى\u200cخواهم",  # Persian: the letters before and after do not join
        "ක්\u200dෂ",  # Sinhala: they do
        "👩‍💻 Vera 👨‍👩‍👧‍👦",
        "👩🏽‍🚀 🏳️‍🌈 ❤️‍🔥 🧑🏻‍❤️‍🧑🏿",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
        "Zoë é̂ Ångström – “№ 1”",
    ],
)
def test_letters_and_pictures_stay_as_they_were_written(name: str) -> None:
    assert one_line(name) == name


def test_a_joiner_between_other_letters_and_hidden_letters_go() -> None:
    assert one_line("Ve\u200dra \u200d👩\u200d") == "Vera 👩"
    assert one_line("Vera\U000e0065\U000e0076\U000e0069\U000e006c") == "Vera"
