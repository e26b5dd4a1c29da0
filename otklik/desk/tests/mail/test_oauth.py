"""Mailboxes of servers that take no passwords: signed in to with a token, by IMAP and SMTP."""

from __future__ import annotations

import base64
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from django.test import Client
from django.urls import reverse

from otklik.desk.channels.mail.imap import ImapSettings, ImapSource, Security
from otklik.desk.channels.mail.outgoing import SmtpTransport
from otklik.desk.channels.mail.protocol import GrantRefused, MailboxUnreachable, SignInRefused
from otklik.desk.models import InboundMail, Mailbox, MailboxGrant
from otklik.desk.operations.grants import access_token, smtp_token
from otklik.desk.operations.mailboxes import fetch_mailbox, imap_source
from otklik.desk.operations.trying import Trouble, try_mailbox
from otklik.desk.tests.mail.letters import later, raw
from otklik.kit.mail import MailDelayed
from tests.servers.dovecot import Dovecot
from tests.servers.dovecot import access_token as dovecot_token
from tests.servers.ports import free_port
from tests.world import NOW, World

REFRESH, SECRET = "refresh-of-the-mailbox", "secret-of-the-client"


@dataclass
class TokenServer:
    """Gives ``tokens`` one after another, the last one for ever; afterwards says ``refusal``."""

    url: str = ""
    tokens: list[str] = field(default_factory=lambda: ["good"])
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=lambda: {"expires_in": 3600})
    status: int = 200
    location: str = ""


@pytest.fixture
def tokens(settings: Any) -> Iterator[TokenServer]:
    told = TokenServer()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.asked.append(parse_qs(body))
            said = dict(told.answer)
            if told.status == 200:
                said["access_token"] = told.tokens[min(len(told.asked), len(told.tokens)) - 1]
            data = json.dumps(said).encode()
            self.send_response(told.status)
            if told.location:
                self.send_header("Location", told.location)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    settings.OTKLIK = replace(settings.OTKLIK, fetch_private=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/token"
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def grant(mailbox: Mailbox, tokens: TokenServer) -> MailboxGrant:
    return MailboxGrant.objects.create(
        mailbox=mailbox,
        client_id="otklik",
        client_secret=SECRET,
        token_url=tokens.url,
        scope="mail.read offline_access",
        refresh_token=REFRESH,
    )


def test_a_token_is_fetched_once_and_kept_until_shortly_before_its_end(
    mailbox: Mailbox, grant: MailboxGrant, tokens: TokenServer
) -> None:
    tokens.tokens = ["first", "second"]
    assert [access_token(mailbox_id=mailbox.pk, at=later(minutes=m)) for m in (0, 30)] == ["first", "first"]
    assert tokens.asked == [
        {
            "grant_type": ["refresh_token"],
            "client_id": ["otklik"],
            "client_secret": [SECRET],
            "refresh_token": [REFRESH],
            "scope": ["mail.read offline_access"],
        }
    ]
    tokens.answer["refresh_token"] = "renewed"
    assert access_token(mailbox_id=mailbox.pk, at=later(minutes=59)) == "second"
    access_token(mailbox_id=mailbox.pk, at=later(hours=3))
    assert tokens.asked[-1]["refresh_token"] == ["renewed"], "the server had changed it"


@pytest.mark.parametrize("life", [10**15, "9" * 5000, "\u00b2"])
def test_an_odd_length_of_life_stops_no_mailbox(
    mailbox: Mailbox, grant: MailboxGrant, tokens: TokenServer, life: object
) -> None:
    tokens.answer = {"expires_in": life}
    assert access_token(mailbox_id=mailbox.pk, at=NOW) == "good"
    assert access_token(mailbox_id=mailbox.pk, at=later(hours=25)) == "good"
    assert len(tokens.asked) == 2, "nothing is good for longer than a day"


def test_no_token_is_a_refusal_and_no_sign_in_without_a_password(
    mailbox: Mailbox, grant: MailboxGrant, tokens: TokenServer
) -> None:
    tokens.tokens = [""]
    with pytest.raises(GrantRefused):
        access_token(mailbox_id=mailbox.pk, at=NOW)


def test_secrets_lie_encrypted(mailbox: Mailbox, grant: MailboxGrant, tokens: TokenServer) -> None:
    from django.db import connection

    access_token(mailbox_id=mailbox.pk, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret, refresh_token, access_token FROM desk_mailboxgrant")
        stored = cursor.fetchone()
    assert all(value.startswith("v1:") for value in stored)


def test_a_refusal_is_one_clear_line_on_the_pages_and_holds_no_secret(
    world: World, mailbox: Mailbox, grant: MailboxGrant, tokens: TokenServer, client: Client
) -> None:
    tokens.status = 400
    tokens.answer = {"error": "invalid_grant", "error_description": "The leave\r\nhas ended."}
    assert fetch_mailbox(mailbox_id=mailbox.pk, at=later()) == 0
    mailbox.refresh_from_db()
    assert mailbox.failure == "GrantRefused: 127.0.0.1: invalid_grant: The leave has ended."
    assert try_mailbox(mailbox)["incoming"] is Trouble.GRANT
    client.force_login(world.root)
    operations = client.get(reverse("operations")).content.decode()
    assert "invalid_grant" in operations
    page = client.get(reverse("mailbox", args=[mailbox.pk])).content.decode()
    assert "enter the new refresh token" in page
    assert REFRESH not in operations + page
    assert SECRET not in operations + page


def test_a_token_server_that_is_away_is_asked_again_later(
    mailbox: Mailbox, grant: MailboxGrant, tokens: TokenServer
) -> None:
    tokens.status = 503
    with pytest.raises(MailboxUnreachable):
        access_token(mailbox_id=mailbox.pk, at=NOW)
    with pytest.raises(MailDelayed):
        smtp_token(mailbox_id=mailbox.pk, url="smtp://help@smtp.example:587", at=NOW)
    assert smtp_token(mailbox_id=mailbox.pk, url="smtp://help:word@smtp.example:587", at=NOW) == ""


def test_secrets_follow_no_redirect_and_go_to_no_private_address(
    mailbox: Mailbox, grant: MailboxGrant, tokens: TokenServer, settings: Any
) -> None:
    tokens.status, tokens.location = 307, tokens.url + "/elsewhere"
    with pytest.raises(GrantRefused):
        access_token(mailbox_id=mailbox.pk, at=NOW)
    assert len(tokens.asked) == 1
    settings.OTKLIK = replace(settings.OTKLIK, fetch_private=False)
    with pytest.raises(GrantRefused, match=r"not a public address|not fetched"):
        access_token(mailbox_id=mailbox.pk, at=NOW)
    assert len(tokens.asked) == 1


class _Imap(socketserver.StreamRequestHandler):
    """As much of a server as signing in and looking takes."""

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline().decode():
            tag, command, *_ = line.split()
            match command.upper():
                case "CAPABILITY":
                    self._say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
                case "AUTHENTICATE":
                    if not self._knows():
                        self._say(f"{tag} NO [AUTHENTICATIONFAILED] Authentication failed.")
                        continue
                case "LOGIN":
                    self._say(f"{tag} NO Basic authentication is switched off.")
                    continue
                case "SELECT":
                    self._say("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] valid")
                case "LOGOUT":
                    self._say("* BYE")
                case "STATUS":
                    self._say("* STATUS INBOX (UIDNEXT 5)")
            self._say(f"{tag} OK done")

    def _knows(self) -> bool:
        self._say("+ ")
        said = base64.b64decode(self.rfile.readline())
        if said == b"user=help\1auth=Bearer good\1\1":
            return True
        self._say("+ " + base64.b64encode(b'{"status":"401"}').decode())
        assert self.rfile.readline() == b"\r\n", "an empty answer asks for the refusal itself"
        return False

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def imap(mailbox: Mailbox) -> Iterator[int]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Imap)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    port = server.server_address[1]
    Mailbox.objects.update(host="127.0.0.1", port=port, security="plain", user_name="help")
    yield port
    server.shutdown()
    server.server_close()
    thread.join()


def test_imap_is_signed_in_to_with_the_token_and_a_refused_one_is_not_tried_again(
    mailbox: Mailbox, grant: MailboxGrant, tokens: TokenServer, imap: int
) -> None:
    tokens.tokens = ["stale", "good"]
    at = later()
    assert fetch_mailbox(mailbox_id=mailbox.pk, at=at) == 0
    mailbox.refresh_from_db()
    assert mailbox.failure == "SignInRefused: help at 127.0.0.1"
    source = imap_source(mailbox)
    try:
        assert source.newest().last_uid == 4
    finally:
        source.close()
    assert len(tokens.asked) == 2, "however long the first one was said to be good"


def test_without_leave_a_password_is_what_is_tried(imap: int) -> None:
    source = ImapSource(ImapSettings("127.0.0.1", "help", "word", port=imap, security=Security.PLAIN))
    with pytest.raises(SignInRefused):
        source.newest()


def test_smtp_is_signed_in_to_with_the_token() -> None:
    taken: list[str] = []

    class Server:
        async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:  # noqa: N802
            said = base64.b64decode(arguments[1])
            if said == b"user=help@north.example\1auth=Bearer good\1\1":
                taken.append("signed in")
                return AuthResult(success=True)
            await server.challenge_auth("eyJzdGF0dXMiOiI0MDEifQ==", encode_to_b64=False)
            return AuthResult(success=False, handled=False)

        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            taken.append(str(envelope.mail_from))
            return "250 taken"

    controller = Controller(Server(), hostname="127.0.0.1", port=free_port(), auth_require_tls=False)
    controller.start()
    try:
        port = controller.port
        url = f"smtp://help%40north.example@127.0.0.1:{port}"
        send(SmtpTransport(url, "good"))
        assert taken == ["signed in", "help@north.example"]
        with pytest.raises(MailDelayed):
            send(SmtpTransport(url, "stale"))
    finally:
        controller.stop()


def send(transport: SmtpTransport) -> None:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["Subject"] = "help@north.example", "Payout"
    mail.set_content("It left today.")
    transport.send(mail, envelope_from="help@north.example", recipients=["vera@aurora.example"])


@pytest.mark.slow
def test_a_real_server_gives_its_mail_for_a_token(
    mailbox: Mailbox, grant: MailboxGrant, tokens: TokenServer, dovecot: Dovecot
) -> None:
    tokens.tokens = [dovecot_token("token-user", seconds=-1), dovecot_token("token-user")]
    Mailbox.objects.update(
        host="127.0.0.1", port=dovecot.port, security="plain", user_name="token-user", takes_old=True
    )
    put = imap_source(Mailbox.objects.get())
    with pytest.raises(SignInRefused):
        put.newest()
    MailboxGrant.objects.update(expires_at=NOW - timedelta(days=9000))
    with put._talking() as box:
        box.client.append("INBOX", None, None, raw())  # type: ignore[arg-type]
    put.close()
    assert fetch_mailbox(mailbox_id=mailbox.pk, at=later()) == 1
    assert InboundMail.objects.count() == 1
