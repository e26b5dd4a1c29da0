"""How often somebody may try, counted in the database for all processes together."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from allauth.core.internal import ratelimit
from django.db import transaction
from django.http import HttpRequest

from otklik.kit.limits import count

# By the visitor's network (an office may share one), and by the address they name. What is named is never
# shut out for long: its owner would pay for the attempts of others.
LIMITS = {
    "link": "40/h/ip,4/15m/key,20/d/key",
    "open": "120/h/ip",
    "password": "60/h/ip,10/15m/key",
    "passkey": "60/h/ip",
    "company": "60/h/ip",
    "write": "60/h/key",
    "answer": "120/h/key",
    "export": "20/h/key",
    "erasure": "10/h/key",
}


def is_too_often(request: HttpRequest, action: str, key: str = "", *, at: datetime) -> bool:
    """Counts this time. Who comes too often from one network is not counted against what they name."""
    rates = [
        (rate, ratelimit.get_cache_key(request, app="otklik.portal", action=action, rate=rate, key=key))
        for rate in _rates(LIMITS[action])
    ]
    with transaction.atomic():
        return any(
            count(name, span=timedelta(seconds=rate.duration), at=at) > rate.amount for rate, name in rates
        )


def used_before(challenge: str, *, span: timedelta, at: datetime) -> bool:
    """Whether this was handed in before; counts this time."""
    with transaction.atomic():
        return count(f"otklik.portal:once:{challenge}", span=span, at=at) > 1


@lru_cache(maxsize=8)
def _rates(limits: str) -> list[Any]:
    return list(ratelimit.parse_rates(limits))
