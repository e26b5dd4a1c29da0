"""One question to a language model that speaks the chat completions of OpenAI: its own, a gateway, or a model
next door."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from otklik.kit.http import FetchFailed, FetchRefused, Limits, fetch

_LIMITS = Limits(seconds=120, size=1_000_000, redirects=0)


@dataclass(frozen=True, slots=True)
class ChatServer:
    """``url``: up to and with the version, such as https://api.example/v1. ``private``: as for ``fetch``."""

    url: str
    key: str
    model: str
    private: bool | None = None
    limits: Limits = _LIMITS


@dataclass(frozen=True, slots=True)
class Said:
    """``model``: the name the other side gives itself."""

    text: str
    model: str


class ChatUnreachable(Exception):
    """Nobody answered, or not in time: another try may help."""


class ChatRefused(Exception):
    """The other side did not accept the key, the model or the text, or answered what cannot be read."""


def ask(server: ChatServer, *, instructions: str, material: str) -> Said:
    """``instructions`` are ours; ``material`` is what strangers wrote. Blocks, up to minutes: jobs only.
    Raises ChatUnreachable, ChatRefused."""
    asked = {
        "model": server.model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": instructions},
            {"role": "user", "content": material},
        ],
    }
    headers = {"Content-Type": "application/json"}
    if server.key:
        headers["Authorization"] = f"Bearer {server.key}"
    try:
        reply = fetch(
            f"{server.url.rstrip('/')}/chat/completions",
            method="POST",
            headers=headers,
            body=json.dumps(asked).encode(),
            limits=server.limits,
            private=server.private,
        )
    except FetchFailed as error:
        raise ChatUnreachable(str(error)) from error
    except FetchRefused as error:
        raise ChatRefused(str(error)) from error
    if reply.status == 429 or reply.status >= 500:
        raise ChatUnreachable(f"HTTP {reply.status}")
    if reply.status != 200:
        raise ChatRefused(f"HTTP {reply.status}")
    return _read(reply.body, server.model)


def _read(body: bytes, model: str) -> Said:
    try:
        answer: Any = json.loads(body)
        text = answer["choices"][0]["message"]["content"]
        named = answer.get("model") or model
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ChatRefused("an answer that cannot be read") from error
    if not isinstance(text, str) or not text.strip() or not isinstance(named, str):
        raise ChatRefused("an empty answer")
    return Said(text.replace("\0", "").strip(), named.replace("\0", "")[:120])
