"""Which encoding a text file is in, from the bytes alone.

Byte-order marks and valid UTF-8 decide at once. What is left in practice is windows-1251 (Russian) or
windows-1252 (Latin-1 with punctuation), and both give *some* text for nearly every byte, so the evidence is
weighed: in Cyrillic text letters above 127 stand beside each other, in Western European text they stand alone
between plain Latin letters; and within each, some letters are common and others are not. Per letter the
log-probabilities under both hypotheses are added up (naive Bayes).

Letter shares: Cyrillic from the frequency dictionary of the Russian National Corpus (Lyashevskaya, Sharov
2009); Western from the published letter frequencies of French, German and Spanish, averaged over their
accented letters.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from otklik.kit.tabular.errors import CutOff, WrongEncoding

WINDOW = 1 << 20
"""Bytes looked at, from the first one that is not plain ASCII."""


class Sureness(StrEnum):
    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "guess"


@dataclass(frozen=True)
class Encoding:
    """`codec` is Python's name, `label` the one people know; `bom` is the length of the byte-order mark."""

    codec: str
    label: str
    sureness: Sureness
    bom: int = 0


ASCII = Encoding("ascii", "ASCII", Sureness.CERTAIN)
UTF_8 = Encoding("utf-8", "UTF-8", Sureness.CERTAIN)

LABELS = {
    "utf-8": "UTF-8",
    "cp1251": "Windows-1251",
    "cp1252": "Latin-1 (Windows-1252)",
    "koi8-r": "KOI8-R",
    "cp866": "CP866 (DOS)",
    "utf-16-le": "UTF-16",
}
"""What a person may choose from, by codec."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)


def _shares(text: str) -> dict[str, float]:
    return {entry[0]: float(entry[1:]) for entry in text.split()}


# Per mille of all letters.
_CYRILLIC = _shares(
    "о110 е85 а80 и74 н67 т63 с55 р47 в45 л43 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 "
    "ч15 й12 х10 ж9 ш7 ю6 ц5 щ4 э3 ф2 ъ0.4 ё2 і0.5 ї0.5 є0.5 ґ0.5 ў0.5 љ0.5 њ0.5 ћ0.5 ђ0.5 џ0.5 ј0.5"
)
# Per mille of all letters that are not plain Latin.
_WESTERN = _shares(
    "é300 è90 à90 ê40 ç25 ô15 û10 î10 ù15 â10 ï5 ë5 œ3 ü70 ö45 ä70 ß25 ó40 í35 á30 ñ25 ú15 ã15 "
    "õ10 å12 ø10 æ5 ò5 ì3 ý1"
)
_RARE = 0.05  # per mille: any other letter of the code page
_NO_LETTER = 0.02

# How often a letter above 127 has this many such letters beside it (none, one, two), and how often a
# neighbour that is a plain Latin letter: (high neighbours, touches Latin) -> share.
_CYRILLIC_PLACE = {(0, False): 0.06, (0, True): 0.004, (1, False): 0.28, (1, True): 0.006, (2, False): 0.65}
_WESTERN_PLACE = {(0, False): 0.05, (0, True): 0.90, (1, False): 0.012, (1, True): 0.03, (2, False): 0.008}


def _codec_table(codec: str, shares: dict[str, float]) -> list[float]:
    """Log-share for each byte from 128 on; capitals count as their small letters, a tenth as often."""
    table = []
    for byte in range(128, 256):
        char = bytes([byte]).decode(codec, "replace")
        share = shares.get(char.lower(), _RARE if char.isalpha() else _NO_LETTER)
        table.append(math.log(share / 1000 * (0.1 if char.isupper() else 1.0)))
    return table


_HIGH = frozenset(b"\xa8\xb8") | frozenset(range(0xC0, 0x100))
_HIGH_LETTER = re.compile(b"[\xa8\xb8\xc0-\xff]")
_LATIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _cyrillic_log_odds(sample: bytes) -> float:
    """Natural log of P(sample | Russian cp1251) / P(sample | Western cp1252), over at most 20,000 letters."""
    cyrillic = _codec_table("cp1251", _CYRILLIC)
    western = _codec_table("cp1252", _WESTERN)
    padded = b" " + sample + b" "
    total = 0.0
    for found in islice(_HIGH_LETTER.finditer(padded), 20_000):
        at = found.start()
        byte, before, after = padded[at], padded[at - 1], padded[at + 1]
        high = (before in _HIGH) + (after in _HIGH)
        place = (high, high < 2 and (before in _LATIN or after in _LATIN))
        total += cyrillic[byte - 128] - western[byte - 128]
        total += math.log(_CYRILLIC_PLACE[place] / _WESTERN_PLACE[place])
    return total


def marked(head: bytes) -> Encoding | None:
    """The encoding a byte-order mark declares, or one that regular zero bytes give away (UTF-16 without a
    mark).
    """
    for mark, codec, label in _MARKS:
        if head.startswith(mark):
            return Encoding(codec, label, Sureness.CERTAIN, bom=len(mark))
    sample = head[:4096]
    if len(sample) >= 8 and 0 in sample:
        if _is_mostly_blocks(sample[1::2]) and not _is_mostly_blocks(sample[::2]):
            return Encoding("utf-16-le", "UTF-16", Sureness.LIKELY)
        if _is_mostly_blocks(sample[::2]) and not _is_mostly_blocks(sample[1::2]):
            return Encoding("utf-16-be", "UTF-16", Sureness.LIKELY)
    return None


def _is_mostly_blocks(half: bytes) -> bool:
    """Whether these bytes name Unicode blocks: Latin (0), Cyrillic (4), punctuation (0x20)."""
    return sum(map(half.count, b"\x00\x04\x20")) > 0.95 * len(half)


def weigh(sample: bytes) -> Encoding:
    """The encoding of a sample that has bytes above 127 and no mark."""
    if _is_utf8(sample):
        return UTF_8
    odds = _cyrillic_log_odds(sample)
    sureness = Sureness.GUESS
    if abs(odds) > math.log(20):
        sureness = Sureness.LIKELY
    if abs(odds) > math.log(10_000):
        sureness = Sureness.CERTAIN
    if odds > 0:
        return Encoding("cp1251", LABELS["cp1251"], sureness)
    return Encoding("cp1252", LABELS["cp1252"], sureness)


def _is_utf8(sample: bytes) -> bool:
    """Whole UTF-8 letters do not arise by chance; a damaged byte among many of them is damage, not another
    encoding.
    """
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample, final=False)
    bad = text.count("\ufffd")
    good = sum(char > "\x7f" for char in text) - bad if bad else 1
    return good > 4 * bad


def decoded(chunks: Iterable[bytes], found: list[Encoding], stated: str = "") -> Iterator[str]:
    """Text of the chunks. The encoding is put into `found` (the last entry counts) as soon as it is known; up
    to then everything was plain ASCII. At most `WINDOW` bytes are held back to decide.

    `stated` is a codec that a person chose; it is taken without looking, only a mark of the same is skipped.
    A wrong byte raises `WrongEncoding`, an end within a letter `CutOff`, after all text before it was given
    out.
    """
    source = iter(chunks)
    head = next(source, b"")
    mark = marked(head)
    if stated and not (mark and mark.codec.startswith(stated)):
        mark = Encoding(stated, LABELS.get(stated, stated), Sureness.CERTAIN)
    found.append(mark or ASCII)
    if mark is None:
        while head and head.isascii():
            yield head.decode("ascii")
            head = next(source, b"")
        if not head:
            return
        parts, size = [head], len(head)
        while size < WINDOW and (part := next(source, b"")):
            parts.append(part)
            size += len(part)
        head = b"".join(parts)
        found.append(weigh(head))
    yield from _decoded_as(found[-1], head[found[-1].bom :], source)


def _decoded_as(encoding: Encoding, head: bytes, rest: Iterator[bytes]) -> Iterator[str]:
    errors = "strict" if encoding.codec.startswith("utf") else "otklik_latin"
    decoder = codecs.getincrementaldecoder(encoding.codec)(errors)
    data: bytes = head
    while True:
        try:
            yield decoder.decode(data)
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(encoding.codec, "ignore")
            raise WrongEncoding(byte=f"0x{error.object[error.start]:02X}", encoding=encoding.label) from error
        following = next(rest, None)
        if following is None:
            break
        data = following
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise CutOff from error


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    """The few bytes Windows code pages leave empty become the control characters they are in Latin-1, as
    browsers do.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("otklik_latin", _as_latin1)
