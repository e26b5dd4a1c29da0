"""Whether a mail is from whom it says, as the server found that took it for us (RFC 8601).

Anybody can write an Authentication-Results header. Believed is the topmost one that bears the name of a
server we were told to trust: such a server puts its own above what came with the mail, and takes away what
bears its name already (RFC 8601, section 5). What is said of other domains than the sender's proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import idna

from otklik.desk.rules.vocabulary import SenderProof

# A header is a few hundred bytes; one of many thousand was not written by a mail server.
_LONGEST = 16_000
_VALUE = r'(?:"(?:[^"\\]|\\.)*"|[^\s;"])*'
_KEY = r"[A-Za-z][A-Za-z0-9._-]*(?:\s*/\s*\d+)?"
# Taken one after another, so that nothing is read out of the middle of something quoted or of a word; each
# sign once, or a word of 16,000 letters would take seconds.
_TOKEN = re.compile(rf'{_KEY}\s*=\s*{_VALUE}|"(?:[^"\\]|\\.)*+"?|[^\s"]++')
_PAIR = re.compile(rf"({_KEY})\s*=\s*({_VALUE})")
_NAME = re.compile(rf"\s*({_VALUE})(?:\s+(\d+))?\s*")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class _Result:
    """ "dkim", "pass" and what it was found of: {"header.d": "partner.example"}."""

    method: str
    word: str
    about: dict[str, str]


def prove(headers: Sequence[str], *, trusted: str, address: str, is_alone: bool = True) -> SenderProof | None:
    """``headers``: values of Authentication-Results, the topmost first; ``trusted``: names of servers, by
    commas or spaces; ``address``: of the writer; ``is_alone``: the mail names one sender. None where no
    server is trusted: then nobody asked."""
    names = {name.lower() for name in re.split(r"[\s,;]+", trusted) if name}
    if not names:
        return None
    results = next((found for name, found in map(_read, headers) if name in names), None)
    domain = _domain(address)
    if results is None or not domain or not is_alone:
        return SenderProof.UNPROVED
    dmarc = [one.word for one in results if one.method == "dmarc" and _is_about(one, domain)]
    if "fail" in dmarc:
        return SenderProof.FAILED
    if "pass" in dmarc or any(_speaks_for(one, address, domain) for one in results):
        return SenderProof.PROVED
    if any(one.method == "spf" and one.word in ("fail", "hardfail") for one in results):
        return SenderProof.FAILED
    return SenderProof.UNPROVED


def _is_about(result: _Result, domain: str) -> bool:
    """DMARC judges the domain in From, as it stands there."""
    named = result.about.get("header.from")
    return _domain(named) == domain if named else result.word == "fail"


def _speaks_for(result: _Result, address: str, domain: str) -> bool:
    if result.word != "pass":
        return False
    about = result.about
    if result.method == "dkim":
        return _aligned(_domain(about.get("header.d") or about.get("header.i", "")), domain)
    if result.method == "spf":
        return _aligned(_domain(about.get("smtp.mailfrom", "")), domain)
    # Whoever signed in at the server under this very address.
    return result.method == "auth" and about.get("smtp.auth", "").lower() == address.strip().lower()


def _aligned(signer: str, domain: str) -> bool:
    """The same domain, or one above or below it (relaxed alignment, RFC 7489, section 3.1)."""
    if not signer or "." not in signer:
        return False
    return signer == domain or domain.endswith("." + signer) or signer.endswith("." + domain)


def _domain(address: str) -> str:
    """In the form of the DNS; "" for what has none."""
    domain = address.rpartition("@")[2].strip().strip(">").rstrip(".").lower()
    try:
        return domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def _read(header: str) -> tuple[str, list[_Result]]:
    """The server's name and what it found; "" for what is no such header."""
    if len(header) > _LONGEST:
        return "", []
    parts = list(_parts(header))
    named = _NAME.fullmatch(parts[0]) if parts else None
    if named is None or named[2] not in (None, "1"):
        return "", []
    return _plain(named[1]).lower(), [found for part in parts[1:] if (found := _result(part)) is not None]


def _result(part: str) -> _Result | None:
    pairs = [_PAIR.match(token[0]) for token in _TOKEN.finditer(part)]
    if not pairs or pairs[0] is None:
        return None
    (method, word), *about = [
        (pair[1].partition("/")[0].strip().lower(), _plain(pair[2])) for pair in pairs if pair is not None
    ]
    # The first of a name counts: whatever was smuggled in stands behind it.
    return _Result(method, word.lower(), dict(reversed(about)))


def _parts(header: str) -> Iterator[str]:
    """Between semicolons, without comments. Neither counts within quotes; a comment that is never closed
    takes the rest with it."""
    part: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in header:
        if escaped:
            escaped = False
        elif sign == "\\" and (quoted or depth):
            escaped = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif not quoted and sign == "(":
            depth += 1
        elif not quoted and sign == ")" and depth:
            depth -= 1
            part.append(" ")
            continue
        elif sign == ";" and not quoted and not depth:
            yield "".join(part)
            part = []
            continue
        if not depth:
            part.append(sign)
    yield "".join(part)


def _plain(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return _ESCAPED.sub(r"\1", value[1:-1])
    return value
