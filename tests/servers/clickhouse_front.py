"""A door in front of chdb, the ClickHouse engine as a library: what clickhouse-connect needs of a server.

``python clickhouse_front.py PORT FOLDER [CERTIFICATE KEY]`` listens on loopback until it is stopped, by https
where a certificate is given.
"""

from __future__ import annotations

import re
import ssl
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chdb.session import Session

NOT_SETTINGS = {
    "query",
    "database",
    "default_format",
    "session_id",
    "query_id",
    "wait_end_of_query",
    "client_protocol_version",
}
INSERT = re.compile(r"\s*INSERT\s+INTO\s+(\S+)\s*(\(.*?\))?\s*FORMAT\s+(\w+)\s*$", re.IGNORECASE | re.DOTALL)
session: Session
# A thread for every connection, because clients keep theirs open; the engine does one thing at a time.
alone = threading.Lock()


class Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._run(dict(parse_qsl(urlsplit(self.path).query)), b"")

    def do_POST(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        self._run(asked, _unpacked(self._body(), self.headers.get("Content-Encoding", "")))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _run(self, asked: dict[str, str], body: bytes) -> None:
        try:
            with alone:
                content = _answer(asked, body)
            self._answer(200, content)
        except Exception as error:  # whatever the engine says is the client's to read
            found = re.search(r"Code: (\d+)", str(error))
            self._answer(
                500, str(error).encode(), {"X-ClickHouse-Exception-Code": found[1] if found else "0"}
            )

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        more = {"X-ClickHouse-Summary": "{}", "X-ClickHouse-Timezone": "UTC", **(headers or {})}
        for name, value in {**more, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *parts: Any) -> None:
        pass


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "lz4":
        import lz4.frame

        return bytes(lz4.frame.decompress(body))
    if encoding == "zstd":
        from backports import zstd

        return bytes(zstd.decompress(body))
    return body


def _answer(asked: dict[str, str], body: bytes) -> bytes:
    for name, value in asked.items():
        if name not in NOT_SETTINGS and not name.startswith("param_"):
            session.query(f"SET {name} = '{value}'")
    if insert := INSERT.match(asked.get("query", "")):
        table, columns, form = insert.groups()
        with tempfile.NamedTemporaryFile() as file:
            file.write(body)
            file.flush()
            names = columns.strip("()") if columns else "*"
            session.query(
                f"INSERT INTO {table} {columns or ''} SELECT {names} FROM file('{file.name}', '{form}')"
            )
        return b""
    query = "\n".join(part for part in (asked.get("query", ""), body.decode()) if part)
    if not query:
        return b"Ok.\n"
    done = session.query(query, asked.get("default_format", "TabSeparated"))
    return bytes(done.bytes() or b"")


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Front)
    if sys.argv[3:]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*sys.argv[3:])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    session = Session(sys.argv[2])
    server.serve_forever()
