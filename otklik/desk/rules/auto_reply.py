"""May a machine answer this mail? Two machines that answer each other do not stop by themselves.

Every limit here holds without the others: headers may be missing, an address may look human, a loop may
change its subject each turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from otklik.desk.rules.vocabulary import Verdict

_NOREPLY = re.compile(
    r"(?:.*[._-])?(?:no[._-]?reply|do[._-]?not[._-]?reply|don[._-]?t[._-]?reply|not[._-]?answer|no[._-]?answer"
    r"|ne[._-]?otvechat[a-z]*|mailer[._-]?daemon|postmaster|bounces?|auto[._-]?(?:reply|responder|mailer)|null"
    r"|nobody|daemon)(?:[._+=-].*)?",
    re.IGNORECASE,
)


class Refusal(StrEnum):
    NO_ADDRESS = "no_address"
    OWN_ADDRESS = "own_address"
    NOT_A_PERSON = "not_a_person"
    """The verdict says automatic reply, list, bounce or own mail."""
    NULL_SENDER = "null_sender"
    """Return-Path is <>: RFC 3834 forbids an answer."""
    SUPPRESSED = "suppressed"
    """The sender asked for none (X-Auto-Response-Suppress)."""
    NOREPLY_ADDRESS = "noreply_address"
    ALREADY_ANSWERED_SUBJECT = "already_answered_subject"
    TICKET_BUDGET = "ticket_budget"
    ADDRESS_BUDGET = "address_budget"


@dataclass(frozen=True, slots=True)
class Budget:
    """Automatic answers in 24 hours. A person with six matters misses a receipt; a loop costs thousands."""

    per_address: int = 5
    per_ticket: int = 1
    per_subject: int = 1
    """To one address about one plain subject: a loop that opens a ticket each turn keeps its subject."""


@dataclass(frozen=True, slots=True)
class AutoReplyFacts:
    """Counts are of automatic answers already promised (queued ones too) in the last 24 hours."""

    sender: str
    verdict: Verdict
    own_addresses: frozenset[str]
    null_sender: bool = False
    suppressed: bool = False
    sent_to_address: int = 0
    sent_in_ticket: int = 0
    sent_about_subject: int = 0


@dataclass(frozen=True, slots=True)
class Allowed:
    pass


@dataclass(frozen=True, slots=True)
class Refused:
    reason: Refusal


def decide(facts: AutoReplyFacts, budget: Budget | None = None) -> Allowed | Refused:
    """The first reason found, what is certain before what is counted."""
    budget = budget or Budget()
    checks = (
        (Refusal.NO_ADDRESS, "@" not in facts.sender),
        (Refusal.OWN_ADDRESS, is_system_address(facts.sender, facts.own_addresses)),
        (Refusal.NOT_A_PERSON, facts.verdict is not Verdict.PERSON),
        (Refusal.NULL_SENDER, facts.null_sender),
        (Refusal.SUPPRESSED, facts.suppressed),
        (Refusal.NOREPLY_ADDRESS, is_noreply_address(facts.sender)),
        (Refusal.TICKET_BUDGET, facts.sent_in_ticket >= budget.per_ticket),
        (Refusal.ALREADY_ANSWERED_SUBJECT, facts.sent_about_subject >= budget.per_subject),
        (Refusal.ADDRESS_BUDGET, facts.sent_to_address >= budget.per_address),
    )
    for reason, holds in checks:
        if holds:
            return Refused(reason)
    return Allowed()


def is_system_address(address: str, own_addresses: Iterable[str]) -> bool:
    """One of our mailboxes, whatever its case and tag: support+r-…@x.io is support@x.io."""
    return _untagged(address) in {_untagged(own) for own in own_addresses}


def is_noreply_address(address: str) -> bool:
    return _NOREPLY.fullmatch(address.strip().rpartition("@")[0]) is not None


def outside_addresses(addresses: Iterable[str], own_addresses: Iterable[str]) -> tuple[str, ...]:
    """Who may become a participant: our own mailboxes never do. Lower case, each once."""
    own = {_untagged(address) for address in own_addresses}
    lowered = (address.strip().lower() for address in addresses)
    return tuple(dict.fromkeys(a for a in lowered if "@" in a and _untagged(a) not in own))


def _untagged(address: str) -> str:
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
