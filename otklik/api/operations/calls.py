"""Calls that name themselves, so that they may be repeated where no answer came."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from otklik.api.models import KeyedCall


class KeyReused(Exception):
    """This name was another call's: its body was a different one."""


@transaction.atomic
def remember_call(*, name: str, body: dict[str, Any], at: datetime) -> None:
    """In the transaction of what the call does: a call that failed has used up no name. Raises KeyReused."""
    digest = salted_hmac("otklik.api.call", json.dumps(body, sort_keys=True), algorithm="sha256").hexdigest()
    call, _ = KeyedCall.objects.get_or_create(name=name, defaults={"digest": digest, "at": at})
    if call.digest != digest:
        raise KeyReused(name)
