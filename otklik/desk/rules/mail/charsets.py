"""Bytes to text when the label is missing, unknown or untrue.

The label is believed where the bytes allow it. Where they do not, UTF-8 comes first (it hardly ever fits by
chance), then whatever reads most like writing.
"""

from __future__ import annotations

import re
from codecs import lookup
from functools import lru_cache
from typing import NamedTuple

from otklik.desk.rules.mail.parsed import Defect

_ALIASES = {
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8": "utf-8-sig",
    "win-1251": "cp1251",
    "win1251": "cp1251",
    "x-cp1251": "cp1251",
    "x-mac-cyrillic": "mac-cyrillic",
    "koi8-r": "koi8-u",  # the same letters and four of Ukrainian in place of box drawings
    "koi8r": "koi8-u",
    "koi8": "koi8-u",
}
# Python's codecs that are not charsets of letters: they execute escapes or take quadratic time.
_REFUSED = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "charmap"})
_STATEFUL = (
    "iso2022",
    "utf-7",
    "utf-16",
    "utf-32",
    "hz",
)  # their bytes may all be ASCII and yet not be ASCII text
_CYRILLIC = ("cp1251", "koi8-u", "cp866", "iso8859-5")
_ASIAN = ("gb18030", "cp932", "euc_kr", "big5hkscs")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HIGH = bytes(range(128, 256))
_SAMPLE = 4_000
_PLAUSIBLE = 0.5


class Decoded(NamedTuple):
    text: str
    defect: Defect | None


@lru_cache(maxsize=256)
def codec_of(label: str) -> str | None:
    """Python's name for a charset label as found in mail; None where there is no such charset."""
    name = label.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if name.startswith("cp-"):
        name = "cp" + name[3:]
    try:
        found = lookup(name)
    except (LookupError, ValueError):
        return None
    if found.name.replace("-", "_") in _REFUSED or not found._is_text_encoding:
        return None
    return found.name


def decode_text(data: bytes, label: str = "") -> Decoded:
    """Never fails. NUL and lone surrogates are dropped: no database takes them."""
    codec = codec_of(label) if label else None
    defect = Defect.UNKNOWN_CHARSET if label and codec is None else None
    if data.isascii() and not (codec and codec.startswith(_STATEFUL)) and b"\x1b" not in data:
        return Decoded(_storable(data.decode("ascii")), defect)
    if b"\x1b$" in data and data.isascii() and not (codec and codec.startswith("iso2022")):
        codec = "iso2022_jp_ext"  # nothing else in mail looks like this
    text = _strict(data, codec) if codec else None
    if text is not None and codec is not None:
        better = _mislabelled(data, codec, text)
        if better is None:
            return Decoded(_storable(text), defect)
        return Decoded(_storable(better), Defect.WRONG_CHARSET)
    if codec and codec.startswith(("utf-16", "utf-32")):
        return Decoded(_storable(data.decode(codec, "replace")), Defect.WRONG_CHARSET)
    if codec and codec.startswith("utf-8"):
        text = data.decode("utf-8-sig", "replace")
        if text.count("\ufffd") * 20 <= sum(1 for sign in text if sign > "\x7f"):
            return Decoded(_storable(text), Defect.WRONG_CHARSET)  # a few torn letters in true UTF-8
    return Decoded(_storable(_guess(data)), defect or (Defect.WRONG_CHARSET if codec else None))


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        pass
    if codec == "cp1252":
        # Five values are empty in this code page, and others may still be plain Latin-1.
        return data.decode("latin-1") if not re.search(rb"[\x80-\x9f]", data) else None
    return None


def _mislabelled(data: bytes, codec: str, text: str) -> str | None:
    """What the bytes say instead, where the label fits them but cannot be meant."""
    if codec.startswith(("utf", "iso2022", "hz")) or codec.startswith(_ASIAN):
        return None
    utf8 = _strict(data, "utf-8")
    if utf8 is not None:
        return utf8
    if codec == "cp1252" or codec in _CYRILLIC:
        mine = _likeness(text)
        if mine < _PLAUSIBLE:
            other = max(_readings(data, _CYRILLIC), key=_likeness)
            best = _likeness(other)
            if best > mine + 0.5 and best > _PLAUSIBLE and len(data) - len(data.translate(None, _HIGH)) >= 4:
                return other
    return None


def _guess(data: bytes) -> str:
    utf8 = _strict(data, "utf-8-sig")
    if utf8 is not None:
        return utf8
    text = max(_readings(data, ("cp1252", *_CYRILLIC)), key=_likeness)
    score = _likeness(text)
    if score >= _PLAUSIBLE:
        return text
    asian = _readings(data, _ASIAN)
    if asian and sum(1 for byte in data if byte > 0x7F) >= 4:
        seen = max(asian, key=_asian_likeness)
        if _asian_likeness(seen) > max(score, 0.3):
            return seen
    return text


def _readings(data: bytes, codecs: tuple[str, ...]) -> list[str]:
    return [text for codec in codecs if (text := _strict(data, codec)) is not None]


# How often a letter stands among a hundred of Russian; Ukrainian's own letters beside it.
_SHARES = {
    **dict(
        zip(
            "оеаинтсрвлкмдпуя",
            (11, 8.5, 8, 7.4, 6.7, 6.3, 5.5, 4.7, 4.5, 4.3, 3.5, 3.2, 3, 2.8, 2.6, 2),
            strict=True,
        )
    ),
    **dict.fromkeys("ыьгзбчйхіїє", 1.6),
    **dict.fromkeys("жшюцщэфъёґў", 0.4),
}
_TYPICAL_SHARE = 6.0
_NEUTRAL = frozenset("«»„“”‘’–—…№\xa0•°§€©®™·")
_WORD = re.compile(r"[^\W\d_]+")


def _likeness(text: str) -> float:
    """How much the signs beyond ASCII look written by a person: about 1 for true text, below 0 for none.

    A wrong Cyrillic page turns case around, gives rare letters or box drawings, or mixes alphabets in a word.
    Accented Latin letters stand among plain ones; a wrong page gives strings of them.
    """
    text = text[: _SAMPLE * 4]
    score, counted = 0.0, 0
    for word in _WORD.findall(text):
        strange = [sign for sign in word if sign > "\x7f"]
        if strange:
            counted += len(strange)
            score += _word_likeness(word, strange)
    symbols = sum(1 for sign in text if sign > "\x7f" and not sign.isalpha() and sign not in _NEUTRAL)
    return (score - symbols) / (counted + symbols) if counted + symbols else 1.0


def _word_likeness(word: str, strange: list[str]) -> float:
    shares = [_SHARES.get(sign) for sign in word.lower()]
    if None not in shares:
        if word.islower() or word.istitle():
            return sum(filter(None, shares)) / _TYPICAL_SHARE
        return 0.9 * sum(filter(None, shares)) / _TYPICAL_SHARE if word.isupper() else -1.0 * len(word)
    if any("\u0400" <= sign <= "\u04ff" for sign in strange):
        return -1.0 * len(strange)
    plain = len(word) - len(strange)
    if plain >= len(strange) and (word[1:].islower() or word.isupper()):
        return 0.8 * len(strange)
    return (0.3 if len(word) == 1 else -1.0) * len(strange)


def _asian_likeness(text: str) -> float:
    """Korean of today has no Chinese characters among its own: the two together are a misread page."""
    own = korean = chinese = strange = 0
    for sign in text[:_SAMPLE]:
        if "\u3040" <= sign <= "\u30ff":
            own += 1
        elif "\uac00" <= sign <= "\ud7a3":
            korean += 1
        elif "\u4e00" <= sign <= "\u9fff" or "\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uff5e":
            chinese += 1
        elif sign > "\x7f":
            strange += 1
    if korean and chinese > korean // 5:
        return -1.0
    return (own + korean + 0.8 * chinese - strange) / max(1, own + korean + chinese + strange)


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("", text)
