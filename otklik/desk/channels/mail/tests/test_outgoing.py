"""One contract for every way out: a mail server (aiosmtpd), an API (a small HTTP server), the fake."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from otklik.desk.channels.mail.compose import Attached, Person, compose, recipients_of
from otklik.desk.channels.mail.outgoing import (
    DeliveryUnknown,
    MemoryTransport,
    NoWayOut,
    Receipt,
    SmtpTransport,
    Transport,
    transport_for,
)
from otklik.desk.channels.mail.provider import ProviderTransport
from otklik.desk.channels.mail.tests.test_compose import REPLY
from otklik.kit.mail import BadMailAddress, MailDelayed, MailRefused


@dataclass
class Server:
    """Refuses, delays and hangs up by name; keeps what it took, also what it took and did not answer."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    goodbye: str = "221 Bye"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("refused@"):
            return "550 no such mailbox"
        if address.startswith("delayed@"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if envelope.rcpt_tos[0].startswith("spam@"):
            return "554 this looks like spam"
        if envelope.rcpt_tos[0].startswith("full@"):
            return "452 no room"
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        if envelope.rcpt_tos[0].startswith("unknown@") and len(self.mails) == 1:
            assert server.transport is not None
            server.transport.close()
        return "250 queued as 4711"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return self.goodbye


@pytest.fixture
def server() -> Iterator[Server]:
    kept = Server()
    ready = Event()
    ends: list[Callable[[], object]] = []

    async def serve() -> None:  # the library's own Controller leaves its event loop open
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        ends.append(lambda: loop.call_soon_threadsafe(stop.set))
        smtp = await loop.create_server(
            lambda: SMTP(kept, enable_SMTPUTF8=True, hostname="test", loop=loop), "127.0.0.1", 0
        )
        kept.port = smtp.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        smtp.close()

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    try:
        yield kept
    finally:
        ends[0]()
        thread.join()


@dataclass
class Provider:
    port: int = 0
    posts: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Answers as Postmark does (error codes 300 and 406 of its API reference)."""
    kept = Provider()

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            post = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            to = post["To"].partition("<")[2] or post["To"]
            if to.startswith("unknown@"):
                kept.posts.append(post)
                self.connection.close()
                return
            if to.startswith("delayed@"):
                self._answer(429, {"ErrorCode": 429, "Message": "Rate limit exceeded"})
            elif to.startswith("refused@"):
                self._answer(
                    422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'refused@example.com'."}
                )
            else:
                kept.posts.append(post)
                self._answer(
                    200, {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a-e38e", "To": post["To"]}
                )

        def _answer(self, status: int, body: dict[str, object]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as http:
        http.handle_error = lambda *_: None  # type: ignore[method-assign, assignment]
        kept.port = http.server_address[1]
        thread = Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield kept
        finally:
            http.shutdown()
            thread.join()


@pytest.fixture(params=["smtp", "provider", "memory"])
def transport(request: pytest.FixtureRequest) -> Transport:
    if request.param == "smtp":
        return SmtpTransport(f"smtp://127.0.0.1:{request.getfixturevalue('server').port}")
    if request.param == "provider":
        url = f"http://127.0.0.1:{request.getfixturevalue('provider').port}"
        return ProviderTransport("postmark", server_token="token", api_url=url)
    return MemoryTransport()


def send(transport: Transport, *to: str) -> Receipt:
    mail = compose(replace(REPLY, to=tuple(Person(address) for address in to)))
    return transport.send(mail, envelope_from="help@desk.example", recipients=recipients_of(mail))


def test_a_mail_gets_a_receipt_with_its_id(transport: Transport) -> None:
    receipt = send(transport, "vera@example.com")
    assert receipt.message_id == "<7.abc@desk.example>"
    assert receipt.answer
    assert receipt.refused == {}


def test_never_and_not_now_and_nobody_knows_are_three_answers(transport: Transport) -> None:
    with pytest.raises(MailRefused):
        send(transport, "refused@example.com")
    with pytest.raises(MailDelayed) as later:
        send(transport, "delayed@example.com")
    assert not isinstance(later.value, DeliveryUnknown)
    with pytest.raises(DeliveryUnknown):
        send(transport, "unknown@example.com")


def test_case_56_a_mail_sent_again_after_an_unknown_result_is_the_same_mail(server: Server) -> None:
    transport = SmtpTransport(f"smtp://127.0.0.1:{server.port}")
    with pytest.raises(DeliveryUnknown):
        send(transport, "unknown@example.com")
    send(transport, "unknown@example.com")
    assert len(server.mails) == 2
    assert len(set(server.mails)) == 1
    assert b"Message-ID: <7.abc@desk.example>" in server.mails[0]


def test_case_20_the_id_a_provider_puts_in_the_place_of_ours_is_kept(provider: Provider) -> None:
    transport = ProviderTransport(
        "postmark", server_token="token", api_url=f"http://127.0.0.1:{provider.port}"
    )
    receipt = send(transport, "vera@example.com")
    assert (receipt.message_id, receipt.provider_id) == ("<7.abc@desk.example>", "b7bc2f4a-e38e")


def test_a_provider_gets_the_whole_mail(provider: Provider) -> None:
    transport = ProviderTransport(
        "postmark", server_token="token", api_url=f"http://127.0.0.1:{provider.port}"
    )
    files = (
        Attached("отчёт.pdf", "application/pdf", io.BytesIO(b"%PDF")),
        Attached("logo.png", "image/png", io.BytesIO(b"\x89PNG"), content_id="logo@desk"),
    )
    mail = compose(
        replace(REPLY, html="<p>Да</p>", cc=(Person("gleb@example.com"),), attachments=files, automatic=True)
    )
    transport.send(mail, envelope_from="", recipients=(*recipients_of(mail), "hidden@example.com"))
    (post,) = provider.posts
    assert post["Subject"] == REPLY.subject
    assert post["TextBody"].strip().splitlines()[0] == "Добрый день!"
    assert post["HtmlBody"].strip() == "<p>Да</p>"
    assert (post["Cc"], post["Bcc"]) == ("gleb@example.com", "hidden@example.com")
    assert [one["Name"] for one in post["Attachments"]] == ["logo.png", "отчёт.pdf"]
    assert post["Attachments"][0]["ContentID"] == "cid:logo@desk"
    headers = {one["Name"]: one["Value"] for one in post["Headers"]}
    assert headers["Message-ID"] == "<7.abc@desk.example>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Otklik-Installation"] == "house-1"


def test_a_provider_that_is_not_there_or_not_set_up_is_a_delay(unused_port: int) -> None:
    nowhere = ProviderTransport("postmark", server_token="t", api_url=f"http://127.0.0.1:{unused_port}")
    with pytest.raises(MailDelayed) as later:
        send(nowhere, "vera@example.com")
    assert not isinstance(later.value, DeliveryUnknown)
    with pytest.raises(MailDelayed, match="POSTMARK_SERVER_TOKEN"):
        send(ProviderTransport("postmark"), "vera@example.com")
    with pytest.raises(MailDelayed, match="nosuch"):
        send(ProviderTransport("nosuch"), "vera@example.com")


@pytest.mark.parametrize("transport", ["smtp", "memory"], indirect=True)
def test_one_refused_recipient_does_not_keep_the_mail_from_the_others(transport: Transport) -> None:
    receipt = send(transport, "vera@example.com", "refused@example.com")
    assert receipt.refused == {"refused@example.com": "550 no such mailbox"}


def test_where_all_are_refused_one_later_is_worth_another_attempt(server: Server) -> None:
    with pytest.raises(MailDelayed):
        send(SmtpTransport(f"smtp://127.0.0.1:{server.port}"), "refused@example.com", "delayed@example.com")
    assert server.mails == []


def test_what_a_server_says_after_the_mail_counts(server: Server) -> None:
    transport = SmtpTransport(f"smtp://127.0.0.1:{server.port}")
    with pytest.raises(MailRefused, match="spam"):
        send(transport, "spam@example.com")
    with pytest.raises(MailDelayed, match="no room"):
        send(transport, "full@example.com")
    assert send(transport, "vera@example.com").answer == "250 queued as 4711"


def test_a_quarrel_about_saying_goodbye_is_no_reason_to_send_twice(server: Server) -> None:
    server.goodbye = "421 too busy for manners"
    assert send(SmtpTransport(f"smtp://127.0.0.1:{server.port}"), "vera@example.com").answer


def test_lines_that_begin_with_a_dot_arrive_with_it(server: Server) -> None:
    mail = compose(replace(REPLY, text=".first\n..second\n.\nlast"))
    SmtpTransport(f"smtp://127.0.0.1:{server.port}").send(
        mail, envelope_from="help@desk.example", recipients=["vera@example.com"]
    )
    got = message_from_bytes(server.mails[0], policy=policy.default)
    assert got.get_content().replace("\r\n", "\n").strip() == ".first\n..second\n.\nlast"  # type: ignore[attr-defined]


def test_letters_before_the_at_sign_need_a_server_that_knows_them(server: Server) -> None:
    send(SmtpTransport(f"smtp://127.0.0.1:{server.port}"), "вера@почта.рф")
    assert server.recipients == [["вера@xn--80a1acny.xn--p1ai"]]


def test_a_server_that_is_not_there_is_a_delay(unused_port: int) -> None:
    with pytest.raises(MailDelayed) as later:
        send(SmtpTransport(f"smtp://127.0.0.1:{unused_port}"), "vera@example.com")
    assert not isinstance(later.value, DeliveryUnknown)


def test_a_mailbox_goes_its_own_way_and_else_the_installations(settings: Any) -> None:
    assert "mail.example.com" in repr(transport_for("smtp://a:sesame@mail.example.com"))
    assert "sesame" not in repr(transport_for("smtp://a:sesame@mail.example.com"))
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="", anymail_backend="")
    with pytest.raises(NoWayOut):
        transport_for()
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="memory:")
    assert transport_for() is transport_for()
    settings.OTKLIK = replace(settings.OTKLIK, anymail_backend="postmark")
    assert isinstance(transport_for(), ProviderTransport)
    with pytest.raises(BadMailAddress):
        transport_for("mail.example.com")
