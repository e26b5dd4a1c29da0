"""One call of a provider's API: JSON there, JSON back, every way it can fail named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpcore

from otklik.kit.http import FetchFailed, FetchRefused, Limits, fetch
from otklik.kit.translation.protocol import (
    TranslatorDown,
    TranslatorRefused,
    TranslatorSlow,
    Wrong,
    WrongAnswer,
)

LIMITS = Limits(seconds=30, size=2_000_000, redirects=0)


def call(
    url: str, asked: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, limits: Limits = LIMITS
) -> Any:
    try:
        reply = fetch(
            url,
            method="POST",
            headers={"Content-Type": "application/json", **(headers or {})},
            body=json.dumps(asked).encode(),
            limits=limits,
        )
    except FetchFailed as error:
        raise failure_of(error) from error
    except FetchRefused as error:
        raise TranslatorRefused(str(error)) from error
    if reply.status == 429 or reply.status >= 500:
        raise TranslatorDown(f"HTTP {reply.status}")
    if reply.status != 200:
        # 456 is DeepL's "quota used up"; the body may repeat the text and is told to nobody.
        raise TranslatorRefused(f"HTTP {reply.status}")
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise WrongAnswer(Wrong.UNREADABLE) from error


def failure_of(error: BaseException) -> TranslatorDown:
    """Slow is told from down: the first is worth a second try at once, the second is not."""
    if isinstance(error.__cause__, httpcore.TimeoutException):
        return TranslatorSlow(str(error))
    return TranslatorDown(str(error))
