"""Where answers came from: to tell a second answer from the same device, and for the page of signs.

What is kept are keyed hashes. Their key is another one every 30 days, and rows are deleted after 30 days:
two answers are known to be from one device for that long, and nobody finds a person or an address by them.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

from otklik.feedback.models import AnswerTrace
from otklik.kit.bulk import delete_rows

KEPT_FOR = timedelta(days=30)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_CHUNK = 500


def scrambled(value: str, at: datetime) -> str:
    """Empty for nothing known."""
    return _hashed(value, _period(at)) if value else ""


def scrambled_lately(value: str, at: datetime) -> tuple[str, ...]:
    """As it may stand in rows that are still kept: under the key of now and the one before."""
    return (_hashed(value, _period(at)), _hashed(value, _period(at) - 1)) if value else ()


def is_inside(network: str, own: Iterable[str]) -> bool:
    """``own``: "10.0.0.0/8", or one address. What is no network is none of ours."""
    try:
        address = ipaddress.ip_address(network)
    except ValueError:
        return False
    return any(address in found for found in _networks(tuple(own)))


def forget_traces(*, at: datetime) -> int:
    """Deletes what is older than it is kept for; how many there were. A chunk in each transaction."""
    gone = 0
    while ids := list(AnswerTrace.objects.filter(at__lt=at - KEPT_FOR).values_list("pk", flat=True)[:_CHUNK]):
        delete_rows(AnswerTrace, ids)
        gone += len(ids)
    return gone


def _period(at: datetime) -> int:
    return (at - _EPOCH) // KEPT_FOR


def _hashed(value: str, period: int) -> str:
    return hmac.digest(_key(settings.SECRET_KEY, period), value.encode("utf-8", "replace"), "sha256")[
        :16
    ].hex()


@lru_cache(maxsize=8)
def _key(secret: str, period: int) -> bytes:
    return sha256(f"otklik.feedback.trace:{period}:{secret}".encode()).digest()


@lru_cache(maxsize=64)
def _networks(own: Sequence[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    found = []
    for text in own:
        try:
            found.append(ipaddress.ip_network(text.strip(), strict=False))
        except ValueError:
            continue
    return found
