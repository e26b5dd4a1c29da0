"""Ways to reach a person, in the one form that look-ups compare."""

from __future__ import annotations

import re

from otklik.partners.rules.vocabulary import AddressKind

_EMAIL = re.compile(r"[^@\s<>(),;:\"\[\]]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]", re.UNICODE)
_PHONE_SIGNS = re.compile(r"[\d\s()+.\-/\u00a0]+")
_TELEGRAM = re.compile(r"[a-z][a-z0-9_]{3,31}")
LONGEST = 254


class BadAddress(ValueError):
    """Not an address of this kind."""


def normalise_address(kind: AddressKind, value: str) -> str:
    """E-mail and Telegram in lower case, a phone as its digits. Raises BadAddress.

    E.164 allows 15 digits; an extension ("доб. 12") is not part of a number and is refused.
    """
    text = value.strip()
    if len(text) > LONGEST:
        raise BadAddress(value)
    match kind:
        case AddressKind.EMAIL:
            return _email(text)
        case AddressKind.PHONE:
            return _phone(text)
        case AddressKind.TELEGRAM:
            return _telegram(text)


def _email(text: str) -> str:
    lowered = text.removeprefix("mailto:").lower()
    if not _EMAIL.fullmatch(lowered) or ".." in lowered:
        raise BadAddress(text)
    return lowered


def _phone(text: str) -> str:
    digits = "".join(sign for sign in text if sign.isdigit())
    if not _PHONE_SIGNS.fullmatch(text) or not 5 <= len(digits) <= 15:
        raise BadAddress(text)
    # Inside Russia and Kazakhstan people write 8 where the country code is 7.
    if len(digits) == 11 and digits.startswith("8") and not text.lstrip().startswith("+"):
        return "7" + digits[1:]
    return digits


def _telegram(text: str) -> str:
    lowered = text.lower()
    for prefix in ("https://", "http://", "t.me/", "@"):
        lowered = lowered.removeprefix(prefix)
    if not _TELEGRAM.fullmatch(lowered):
        raise BadAddress(text)
    return lowered
