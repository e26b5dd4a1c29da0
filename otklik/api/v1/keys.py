"""Calls that a program may send again where no answer came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from django.db import transaction
from ninja import Header
from ninja.errors import HttpError
from pydantic import BaseModel

from otklik.api.operations.calls import KeyReused, remember_call
from otklik.kit.clock import now

# Printable ASCII, as headers are.
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=80, pattern=r"^[\x21-\x7e]*$")]
Said = TypeVar("Said")


def once(name: str | None, payload: BaseModel, act: Callable[[], Said]) -> Said:
    """``name``: of the call, where it has one (Idempotency-Key). ``act`` does nothing anew that it did before
    under this name. 409 for another body under the same name."""
    if name is None:
        return act()
    try:
        with transaction.atomic():
            remember_call(name=name, body=payload.model_dump(mode="json"), at=now())
            return act()
    except KeyReused:
        text = "Idempotency-Key: was used for a call with another body. Use a new key for a new call."
        raise HttpError(409, text) from None
