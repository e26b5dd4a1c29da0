"""Mails made for a test."""

from __future__ import annotations

import io

from otklik.desk.rules.mail.message import NULL, AttachmentSink, ParsedMail, parse_mail


def read(raw: bytes | str, sink: AttachmentSink = NULL, *, installation: str = "") -> ParsedMail:
    data = raw.encode() if isinstance(raw, str) else raw
    return parse_mail(io.BytesIO(data), sink, installation=installation)


def letter(*headers: str, body: str | bytes = "Hello\n", sender: str = "Vera <vera@aurora.example>") -> bytes:
    lines = [
        f"From: {sender}",
        "To: support@desk.example",
        "Message-ID: <1@aurora.example>",
        "Date: Mon, 2 Jun 2025 10:00:00 +0300",
        *headers,
    ]
    content = body.encode() if isinstance(body, str) else body
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def parts(*contents: str | bytes, kind: str = "mixed", end: bool = True) -> tuple[str, bytes]:
    """Content-Type header and body of a multipart; each content is headers, an empty line and a body."""
    body = b"".join(
        b"--b1\r\n" + (content.encode() if isinstance(content, str) else content) + b"\r\n"
        for content in contents
    )
    return f'Content-Type: multipart/{kind}; boundary="b1"', body + (b"--b1--\r\n" if end else b"")


def multipart(*contents: str | bytes, kind: str = "mixed", end: bool = True) -> bytes:
    header, body = parts(*contents, kind=kind, end=end)
    return letter(header, body=body)
