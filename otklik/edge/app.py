"""The edge process: ``granian --interface asgi otklik.edge.app:application``. Knows two addresses."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otklik.config.settings")
django.setup()

from urllib.parse import urlsplit  # noqa: E402

from django.conf import settings  # noqa: E402

from otklik.edge.live import Live, Receive, Scope, Send, answer  # noqa: E402


def origin_of(url: str) -> str:
    """As a browser writes it in the Origin header: no path, and no port where it is the usual one."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, usual) else "")


class Edge:
    def __init__(self) -> None:
        self._live: Live | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            return
        elif scope["method"] != "GET":
            await answer(send, 405, [(b"allow", b"GET")])
        elif scope["path"] == "/health":
            await answer(send, 200, body=b"ok")
        elif scope["path"] == "/live":
            await self.live(scope, receive, send)
        else:
            await answer(send, 404)

    @property
    def live(self) -> Live:
        if self._live is None:  # made on the loop it runs on
            self._live = Live(origin_of(settings.OTKLIK.public_url))
        return self._live

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._live is not None:
            await self._live.close()
        await send({"type": "lifespan.shutdown.complete"})


application = Edge()
