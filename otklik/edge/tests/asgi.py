"""A small ASGI client for streams."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlencode

from otklik.edge.live import Live


class Call:
    """One request to ``/live``; what came back is in ``status``, ``headers`` and ``text``."""

    def __init__(self, ticket: str, origin: str = "") -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.text = ""
        self.blocked = asyncio.Event()
        self.reads = True
        self._gone = asyncio.Event()
        self._more = asyncio.Event()
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/live",
            "query_string": urlencode({"ticket": ticket}).encode(),
            "headers": [(b"origin", origin.encode())] if origin else [],
        }

    async def receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if not self.reads:
            self.blocked.set()
            await asyncio.Event().wait()
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.text += message["body"].decode()
        self._more.set()

    def go_away(self) -> None:
        self._gone.set()

    async def until(self, text: str, seconds: float = 5.0) -> None:
        async with asyncio.timeout(seconds):
            while text not in self.text:
                self._more.clear()
                await self._more.wait()

    def start(self, live: Live) -> asyncio.Task[None]:
        return asyncio.create_task(live(self.scope, self.receive, self.send))
