"""Whether an account can be one, and how it is shown to who may not read it."""

from __future__ import annotations

import re
from enum import StrEnum

from otklik.payouts.rules.vocabulary import PayMethod

LONGEST_ACCOUNT, LONGEST_HOLDER = 200, 200
_SHORTEST = 4
_SHOWN = 4
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\Z")


class AccountProblem(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_AN_IBAN = "not_an_iban"
    BAD_CHECKSUM = "bad_checksum"
    """A digit is wrong or two changed places."""
    NO_HOLDER = "no_holder"


def plain_account(method: PayMethod, text: str) -> str:
    """As it is stored: an IBAN without gaps in capitals, anything else with single gaps."""
    printed = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    if method is PayMethod.IBAN:
        return "".join(printed.split()).upper()
    return " ".join(printed.split())


def account_problem(method: PayMethod, holder: str, account: str) -> AccountProblem | None:
    """``account`` as ``plain_account`` gives it."""
    if not holder.strip():
        return AccountProblem.NO_HOLDER
    if len(account) < _SHORTEST:
        return AccountProblem.MISSING
    if len(account) > LONGEST_ACCOUNT or len(holder) > LONGEST_HOLDER:
        return AccountProblem.TOO_LONG
    if method is not PayMethod.IBAN:
        return None
    if not _IBAN.match(account):
        return AccountProblem.NOT_AN_IBAN
    return None if _checksum(account) == 1 else AccountProblem.BAD_CHECKSUM


def hint_of(account: str) -> str:
    """The last four signs, and of a short account fewer: most of it stays hidden. Of an address what stands
    before its @: many end alike."""
    local, at, _domain = account.rpartition("@")
    if at:
        return local[-min(_SHOWN - 1, len(local) // 2) :] + at if len(local) > 1 else ""
    return account[-min(_SHOWN, len(account) // 3) :] if len(account) > _SHOWN else ""


def _checksum(iban: str) -> int:
    """ISO 7064, MOD 97-10: letters count from A = 10, the first four signs stand at the end."""
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97
