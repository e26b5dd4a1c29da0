"""A server on loopback that plays a site with a feed: what it says next is what a test put there."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Says:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/rss+xml"})
    # Seconds between bytes.
    drips: float = 0.0


@dataclass
class FeedSite:
    url: str
    says: Says = field(default_factory=Says)
    asked: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def running_site() -> Iterator[FeedSite]:
    site = FeedSite("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append({"path": self.path, **headers})
            if self.path == "/moved":
                self._say(Says(b"", 301, {"Location": "/feed"}))
                return
            says = site.says
            etag = says.headers.get("ETag")
            if etag and headers.get("if-none-match") == etag:
                self._say(Says(b"", 304, {}))
                return
            self._say(says)

        def _say(self, says: Says) -> None:
            self.send_response(says.status)
            for name, value in {**says.headers, "Content-Length": str(len(says.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                if not says.drips:
                    self.wfile.write(says.body)
                    return
                for byte in says.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(says.drips)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>Forum</title>{"".join(items)}</channel></rss>'


def item(number: int, title: str = "", text: str = "", link: str = "", date: str = "") -> str:
    from html import escape

    title = title or f"Thread {number}"
    link = link or f"https://forum.example/t/{number}"
    published = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f'<item><guid isPermaLink="false">{number}</guid><title>{escape(title)}</title>'
        f"<link>{escape(link)}</link><description>{escape(text)}</description>{published}</item>"
    )
