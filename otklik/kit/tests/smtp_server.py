"""As much of a mail server as a test needs: takes what it is given, refuses and delays by name, knows one
password."""

from __future__ import annotations

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LOGIN = base64.b64encode(b"\0postman\0sesame").decode()


@dataclass
class SmtpServer:
    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    kept = SmtpServer()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 test")
            while line := self.rfile.readline().decode().strip():
                kept.commands.append(line)
                if not self._answer(line):
                    return

        def _answer(self, line: str) -> bool:
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                self._say("250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME")
            elif verb == "AUTH":
                self._say("235 welcome" if line.endswith(LOGIN) else "535 no")
            elif verb == "RCPT" and "<refused@" in line:
                self._say("550 no such mailbox")
            elif verb == "RCPT" and "<delayed@" in line:
                self._say("451 try again later")
            elif verb == "DATA":
                self._say("354 go on")
                lines = []
                while (line_ := self.rfile.readline()) != b".\r\n":
                    lines.append(line_)
                kept.mails.append(b"".join(lines))
                self._say("250 queued")
            else:
                self._say("250 ok" if verb != "QUIT" else "221 bye")
            return verb != "QUIT"

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
