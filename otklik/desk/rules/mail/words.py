"""Header values as people wrote them: encoded words (RFC 2047), parameters (RFC 2231), file names."""

from __future__ import annotations

import binascii
import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import unquote_to_bytes

from otklik.desk.rules.mail.charsets import decode_text
from otklik.desk.rules.mail.transfer import decode_base64

FILENAME_LIMIT = 200

_ENCODED_WORD = re.compile(r"=\?([^?\s=]{1,60})\?([BbQq])\?(.*?)\?=", re.DOTALL)
_GAP = re.compile(r"(\?=)\s+(?==\?)")
_SPACES = re.compile(r"\s+")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_SECTION = re.compile(r"(.+?)\*(?:(\d{1,3})(\*)?)?\Z")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_UNSAFE = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)


def decode_words(value: bytes, hint: str = "") -> str:
    """A header's text. `hint` is the charset of the body, for senders that put raw bytes into headers."""
    if value.isascii():
        text = value.decode("ascii")
    else:
        text = decode_text(value, "utf-8").text if _is_utf8(value) else decode_text(value, hint).text
    if "=?" in text:
        text = _words(text)
    text = _SPACES.sub(" ", text).strip()
    return text if text.isprintable() else _CONTROL.sub("", text)


def _words(text: str) -> str:
    """Neighbouring words of one charset are joined as bytes first: mail clients cut letters in two."""
    done: list[str] = []
    pieces: list[tuple[str, bytes]] = []
    at = 0
    text = _GAP.sub(r"\1", text)
    # Nothing is looked for where no word can end: a header may hold thousands of beginnings.
    for match in _ENCODED_WORD.finditer(text, 0, text.rfind("?=") + 2):
        if match.start() > at:
            done += _joined(pieces)
            pieces = []
            done.append(text[at : match.start()])
        charset, how, body = match.groups()
        pieces.append((charset.partition("*")[0].lower(), _word(how, body)))
        at = match.end()
    return "".join([*done, *_joined(pieces), text[at:]])


def _joined(pieces: list[tuple[str, bytes]]) -> list[str]:
    return [
        decode_text(b"".join(data for _, data in group), charset).text
        for charset, group in groupby(pieces, key=lambda piece: piece[0])
    ]


def _word(how: str, body: str) -> bytes:
    raw = body.encode("utf-8", "replace")
    if how in "Bb":
        return decode_base64(raw)
    return binascii.a2b_qp(_SPACES.sub(" ", body).encode("utf-8", "replace"), header=True)


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Parameters:
    """A header such as Content-Type: its main value in lower case, and its parameters as bytes."""

    value: str
    given: dict[str, str]
    """Names in lower case; bytes stand as Latin-1 characters until their charset is known."""

    def token(self, name: str) -> str:
        """A technical parameter: charset, boundary."""
        return self.given.get(name, "").strip()

    def text(self, name: str, hint: str = "") -> str:
        """A parameter for people, whichever way its letters were written."""
        sections = sorted(
            (int(match[2] or 0), bool(match[3]) or match[2] is None, value)
            for key, value in self.given.items()
            if "*" in key and (match := _SECTION.match(key)) and match[1] == name
        )
        if not sections:
            return decode_words(self.given.get(name, "").encode("latin-1"), hint)
        charset, data = "", b""
        for position, (_, is_extended, value) in enumerate(sections):
            if is_extended and position == 0 and value.count("'") >= 2:
                charset, _, value = value.split("'", 2)
            raw = value.encode("latin-1")
            data += unquote_to_bytes(raw) if is_extended else raw
        text = decode_text(data, charset or hint).text
        return _words(text) if "=?" in text else text


def parse_parameters(raw: bytes) -> Parameters:
    text = raw.decode("latin-1")
    value = text.partition(";")[0].strip().lower()
    given: dict[str, str] = {}
    for name, content in _PARAMETER.findall(text):
        given.setdefault(name.lower(), _unquoted(content))
    return Parameters(value, given)


def _unquoted(content: str) -> str:
    if not content.startswith('"'):
        return content.strip().strip("'\"") if content.strip()[:1] == "'" else content.strip()
    inner = content[1:-1] if len(content) > 1 and content.endswith('"') else content[1:]
    return inner.replace('\\"', '"').replace("\\\\", "\\")


def safe_filename(name: str, fallback: str) -> str:
    """One name, no path: what is left of it may be offered for download on any system."""
    name = unicodedata.normalize("NFC", _UNSEEN.sub("", name))
    name = re.split(r"[/\\]", name)[-1]
    name = _UNSAFE.sub("_", name).strip(" .") or fallback
    if _RESERVED.match(name):
        name = "_" + name
    if len(name) > FILENAME_LIMIT:
        stem, dot, ending = name.rpartition(".")
        kept = dot + ending if dot and len(ending) <= 10 else ""
        name = (stem if kept else name)[: FILENAME_LIMIT - len(kept)] + kept
    return name
