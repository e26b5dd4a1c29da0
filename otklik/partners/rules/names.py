"""What makes two spellings of a name the same name."""

from __future__ import annotations

import unicodedata


def name_key(name: str) -> str:
    """Case, ё, compatibility forms and spaces levelled out: "АЛЁНА  Ltd" and "Алена ltd" are one."""
    levelled = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return " ".join(levelled.split())


def tidy(text: str) -> str:
    """One line without stray spaces or invisible signs."""
    # Whole texts first: hardly any holds such a sign, and imports ask for each name in each row.
    seen = text if text.isprintable() else "".join(sign for sign in text if _is_visible(sign))
    return " ".join(seen.split())


def _is_visible(sign: str) -> bool:
    return sign in "\n\r\t " or unicodedata.category(sign) not in ("Cc", "Cf")


_LATIN = dict(
    zip(
        "абвгдезийклмнопрстуфыэ",
        "abvgdezijklmnoprstufye",
        strict=True,
    ),
    ж="zh",
    х="kh",
    ц="ts",
    ч="ch",
    ш="sh",
    щ="shch",
    ъ="",
    ь="",
    ю="yu",
    я="ya",
)


def to_latin(text: str) -> str:
    """Russian letters spelled in Latin ones, for addresses of pages; other signs as they are."""
    return "".join(_LATIN.get(sign, sign) for sign in name_key(text))
