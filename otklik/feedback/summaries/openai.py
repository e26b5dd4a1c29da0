"""Any server that speaks the chat completions of OpenAI: its own, a gateway, or a model next door."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from otklik.feedback.summaries.protocol import Made, Prompt, SummariserRefused, SummariserUnreachable
from otklik.kit.http import FetchFailed, FetchRefused, Limits, fetch

_LIMITS = Limits(seconds=120, size=1_000_000, redirects=0)
_LONGEST = 6_000


@dataclass(frozen=True, slots=True)
class OpenAiSummariser:
    """``url``: up to and with the version, such as https://api.example/v1."""

    url: str
    key: str
    model: str

    def summarise(self, prompt: Prompt) -> Made:
        asked = {
            "model": self.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": prompt.instructions},
                {"role": "user", "content": prompt.comments},
            ],
        }
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            reply = fetch(
                f"{self.url.rstrip('/')}/chat/completions",
                method="POST",
                headers=headers,
                body=json.dumps(asked).encode(),
                limits=_LIMITS,
                # Whoever runs the installation wrote the address into its settings; it is often next door.
                private=True,
            )
        except FetchFailed as error:
            raise SummariserUnreachable(str(error)) from error
        except FetchRefused as error:
            raise SummariserRefused(str(error)) from error
        if reply.status == 429 or reply.status >= 500:
            raise SummariserUnreachable(f"HTTP {reply.status}")
        if reply.status != 200:
            raise SummariserRefused(f"HTTP {reply.status}")
        return self._read(reply.body)

    def _read(self, body: bytes) -> Made:
        try:
            answer: Any = json.loads(body)
            text = answer["choices"][0]["message"]["content"]
            model = answer.get("model") or self.model
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise SummariserRefused("an answer that cannot be read") from error
        if not isinstance(text, str) or not text.strip() or not isinstance(model, str):
            raise SummariserRefused("an empty answer")
        return Made(text.replace("\0", "").strip()[:_LONGEST], model.replace("\0", "")[:120])
