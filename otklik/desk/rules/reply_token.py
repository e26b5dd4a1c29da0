"""Signed reply addresses: support+r-<token>@x.io says which ticket an answer belongs to and who was given it.

The token carries the ticket and the recipient, so that it is read without a table of issued tokens, and a
signature over both. It never opens a ticket alone: who writes is checked as well (``threading.py``).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

from otklik.desk.rules.vocabulary import Side

_SIZE = 16
"""Bytes of a token: 26 letters of base32, so that "support+r-…" stays far below the 64 of a mail server."""
_FEWEST_SIGNATURE_BYTES = 6
_LONGEST_LOCAL_PART = 64
_PURPOSE = b"otklik reply address\0"
_SIDES = (Side.PARTNER, Side.CUSTOMER, Side.STAFF)
# Shorter things after "+r-" are somebody's own tag (support+r-us@…), not a broken token.
_LOOKS_LIKE_TOKEN = re.compile(r"(?:r-)?([a-z2-7]{16,64})", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"\+r-([a-z2-7]{16,64})@", re.IGNORECASE)


class IdTooLarge(ValueError):
    """Ids so large that no room is left for an honest signature."""


class AddressTooLong(ValueError):
    """With the token the part before @ would be over 64 characters (RFC 5321)."""


@dataclass(frozen=True, slots=True)
class RecipientKey:
    """To whom the address was given: a contact of the partner, an end customer or a colleague, by id; 0 where
    nobody is known by the address.

    Part of the signature: what leaks from one side to the other still says whose it was."""

    side: Side
    id: int


@dataclass(frozen=True, slots=True)
class GoodToken:
    ticket_id: int
    recipient: RecipientKey


@dataclass(frozen=True, slots=True)
class Forged:
    """Looks like a token and was not signed by this key."""


def make_token(ticket_id: int, recipient_key: RecipientKey, key: bytes) -> str:
    """26 small letters and digits; the same for the same input. Raises IdTooLarge."""
    body = _varint(ticket_id) + _varint(recipient_key.id * len(_SIDES) + _SIDES.index(recipient_key.side))
    room = _SIZE - len(body)
    if room < _FEWEST_SIGNATURE_BYTES:
        raise IdTooLarge(ticket_id, recipient_key.id)
    return base64.b32encode(body + _signature(body, key)[:room]).decode().rstrip("=").lower()


def read_token(text: str, key: bytes) -> GoodToken | Forged | None:
    """None where the text does not look like a token at all. Case does not matter: mail servers change it."""
    found = _LOOKS_LIKE_TOKEN.fullmatch(text.strip())
    if found is None:
        return None
    letters = found[1].upper()
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
        ticket_id, rest = _read_varint(raw)
        packed, signature = _read_varint(rest)
    except (ValueError, IndexError):
        return Forged()
    body = raw[: len(raw) - len(signature)]
    if len(raw) != _SIZE or len(signature) < _FEWEST_SIGNATURE_BYTES:
        return Forged()
    if not hmac.compare_digest(signature, _signature(body, key)[: len(signature)]):
        return Forged()
    return GoodToken(ticket_id, RecipientKey(_SIDES[packed % len(_SIDES)], packed // len(_SIDES)))


def tagged_address(address: str, token: str) -> str:
    """support@x.io -> support+r-<token>@x.io. Raises AddressTooLong."""
    local, _, domain = address.rpartition("@")
    tagged = f"{local}+r-{token}"
    if len(tagged) > _LONGEST_LOCAL_PART:
        raise AddressTooLong(address)
    return f"{tagged}@{domain}"


def tokens_in(addresses: Iterable[str]) -> tuple[str, ...]:
    """Texts of tokens in the order met, each once, not yet checked. Give To, Cc and Delivered-To."""
    found = (match[1].lower() for address in addresses for match in _IN_ADDRESS.finditer(address))
    return tuple(dict.fromkeys(found))


def _signature(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + body, hashlib.sha256)


def _varint(number: int) -> bytes:
    if number < 0:
        raise IdTooLarge(number)
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def _read_varint(raw: bytes) -> tuple[int, bytes]:
    number = shift = 0
    for position, byte in enumerate(raw):
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, raw[position + 1 :]
    raise IndexError
