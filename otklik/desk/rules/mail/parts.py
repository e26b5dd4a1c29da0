"""The tree of a mail walked once, as it streams by: what is text, what is a file, what is a report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from otklik.desk.rules.mail.headers import Headers, read_headers
from otklik.desk.rules.mail.leaf import File, Pieces, collect, store
from otklik.desk.rules.mail.parsed import Defect, MailAttachment
from otklik.desk.rules.mail.reader import Reader
from otklik.desk.rules.mail.sinks import AttachmentSink
from otklik.desk.rules.mail.tnef import TNEF_LIMIT, TNEF_TYPES, Unpacked, unpack
from otklik.desk.rules.mail.transfer import decoder_of
from otklik.desk.rules.mail.words import Parameters, decode_words, parse_parameters, safe_filename

TEXT_LIMIT = 2 * 1024 * 1024
"""Of all texts of a mail together; what goes beyond becomes a file, and its beginning stays as text."""
EXCERPT = 64 * 1024
REPORT_LIMIT = 256 * 1024
REPORTS_LIMIT = 1024 * 1024
DEPTH_LIMIT = 50
PARTS_LIMIT = 1_000

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}\Z")
_TEXTS = {
    "text/plain": "plain",
    "text/html": "html",
    "text": "plain",
    "text/enriched": "other",
    "text/richtext": "other",
}
_TWINS = frozenset(
    {"text/x-amp-html", "text/watch-html"}
)  # shown by two mail programs, beside the same as HTML
_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_NOTICES = frozenset({"message/disposition-notification", "message/feedback-report"})
_RETURNED = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/partial"})
_ENCRYPTED = frozenset({"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_ENDINGS = {
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "text/csv": "csv",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/json": "json",
    "application/xml": "xml",
    "application/pgp-signature": "asc",
    "application/pkcs7-mime": "p7m",
    "application/x-pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "application/ms-tnef": "dat",
    "message/rfc822": "eml",
    "message/global": "eml",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}


@dataclass(frozen=True, slots=True)
class Text:
    kind: str
    """"plain", "html" or "other"."""
    data: bytes
    charset: str
    group: int
    """Pieces of one multipart/alternative share a number."""


@dataclass(slots=True)
class Found:
    texts: list[Text] = field(default_factory=list)
    attachments: list[MailAttachment] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)
    returned: bytes = b""
    """Beginning of the first message that was attached or returned."""
    is_delivery_report: bool = False
    is_notice: bool = False
    """A read receipt or a complaint: written by a program, about a mail of ours."""
    is_complaint: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    depth: int = 0
    group: int = 0
    parent: str = ""


class Walker:
    def __init__(self, source: BinaryIO, sink: AttachmentSink, defects: set[Defect]) -> None:
        self.found = Found()
        self._reader = Reader(source)
        self._sink = sink
        self._defects = defects
        self._text_room = TEXT_LIMIT
        self._parts = 0
        self._groups = 0

    def walk(self) -> Headers:
        """The whole mail; returns its own headers."""
        headers = read_headers(self._reader, self._defects, is_root=True)
        self._entity(headers, _Place())
        return headers

    def _entity(self, headers: Headers, place: _Place) -> None:
        content = self._content_type(headers, place)
        if content.value.startswith("multipart/"):
            if place.depth < DEPTH_LIMIT:
                self._multipart(content, place)
                return
            self._defects.add(Defect.TOO_DEEP)
        self._leaf(headers, content, place)

    def _content_type(self, headers: Headers, place: _Place) -> Parameters:
        default = "message/rfc822" if place.parent == "multipart/digest" else "text/plain"
        given = [parse_parameters(value) for value in headers.all("content-type") if value]
        usable = [content for content in given if _TYPE.match(content.value) or content.value == "text"]
        if given and len(usable) < len(given):
            self._defects.add(Defect.BAD_CONTENT_TYPE)
        for content in usable:  # of several, the one that gives the mail its structure
            if content.value.startswith("multipart/") and content.token("boundary"):
                return content
        if usable:
            return usable[0]
        return Parameters(default, given[0].given if given else {})

    # Several parts

    def _multipart(self, content: Parameters, place: _Place) -> None:
        reader = self._reader
        self._note_kind(content)
        boundary = content.token("boundary").encode("latin-1").rstrip()
        level = reader.push(boundary or b"\x00")
        preamble = self._preamble(level)
        if reader.hit is None or reader.hit.level != level:
            self._defects.add(Defect.NO_BOUNDARY)
            self._keep(Text("plain", preamble, content.token("charset"), self._group(place)))
        group = self._group(place) if content.value == "multipart/alternative" else place.group
        inner = _Place(place.depth + 1, group, content.value)
        while reader.hit is not None and reader.hit.level == level:
            is_last = reader.hit.is_last
            reader.pass_boundary()
            if is_last:
                break
            self._part(inner)
        else:
            self._defects.add(Defect.UNCLOSED_MULTIPART)
        reader.pop()
        while reader.next_run():
            pass  # what follows the last part is for programs that know no MIME

    def _part(self, place: _Place) -> None:
        self._parts += 1
        if self._parts > PARTS_LIMIT:
            self._defects.add(Defect.TOO_MANY_PARTS)
            self._reader.ignore_boundaries()
            self._store(
                Parameters("text/plain", {}), File("rest-of-the-mail.txt", "text/plain", "", False), ""
            )
            return
        headers = read_headers(self._reader, self._defects)
        self._entity(headers, place)

    def _preamble(self, level: int) -> bytes:
        """Up to the first boundary. Where the declared one is missing, two dashes with a header below are
        taken for what the sender meant.
        """
        reader, kept, size = self._reader, [], 0
        while size < EXCERPT and (line := reader.peek_line()):
            if line.startswith(b"--") and reader.peek_after(line)[:8].lower() == b"content-":
                self._defects.add(Defect.NO_BOUNDARY)
                reader.replace(level, line[2:].rstrip())
                reader.peek_line()
                break
            kept.append(line)
            size += len(line)
            reader.skip(line)
        while reader.next_run():
            pass
        return b"".join(kept)

    def _note_kind(self, content: Parameters) -> None:
        if content.value == "multipart/encrypted":
            self._defects.add(Defect.ENCRYPTED)
        elif content.value == "multipart/report":
            kind = content.token("report-type").lower()
            self.found.is_delivery_report |= kind in ("", "delivery-status")
            self.found.is_notice |= kind not in ("", "delivery-status")

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups

    def _group(self, place: _Place) -> int:
        return place.group or self._new_group()

    # One part

    def _leaf(self, headers: Headers, content: Parameters, place: _Place) -> None:
        kind = content.value
        disposition = parse_parameters(headers.first("content-disposition"))
        name = disposition.text("filename") or content.text("name")
        encoding = decode_words(headers.first("content-transfer-encoding"))
        is_attached = disposition.value == "attachment" or bool(name and place.depth)
        if kind in _TEXTS and not is_attached:
            self._text(content, encoding, place)
        elif kind in _REPORTS or kind in _NOTICES or (kind in _RETURNED and not is_attached):
            self._report(content, encoding, place)
        elif kind in _TWINS and place.parent == "multipart/alternative":
            while self._reader.next_run():
                pass
        else:
            self._file(headers, content, disposition, name, encoding, place)

    def _pieces(self, encoding: str) -> Pieces:
        decoder, is_known = decoder_of(encoding)
        if not is_known:
            self._defects.add(Defect.UNKNOWN_ENCODING)
        return Pieces(self._reader, decoder, self._defects)

    def _text(self, content: Parameters, encoding: str, place: _Place) -> None:
        pieces = self._pieces(encoding)
        data, is_whole = collect(pieces, self._text_room)
        text = Text(_TEXTS[content.value], data, content.token("charset"), self._group(place))
        if not is_whole:
            self._defects.add(Defect.BODY_TOO_LONG)
            file = File(f"text.{_ENDINGS.get(content.value, 'txt')}", content.value, "", False)
            attachment, _ = store(pieces, data, self._sink, file)
            self.found.attachments.append(attachment)
            excerpt = data[:EXCERPT]
            text = Text(text.kind, excerpt[: excerpt.rfind(b"\n") + 1] or excerpt, text.charset, text.group)
        self._keep(text)

    def _keep(self, text: Text) -> None:
        self._text_room = max(0, self._text_room - len(text.data))
        if text.data.strip():
            self.found.texts.append(text)

    def _report(self, content: Parameters, encoding: str, place: _Place) -> None:
        pieces = self._pieces(encoding)
        data, _ = collect(pieces, REPORT_LIMIT)
        while pieces.next():
            pass
        if content.value in _RETURNED:
            self.found.returned = self.found.returned or data
        elif content.value in _NOTICES:
            self.found.is_notice = True
            self.found.is_complaint |= content.value == "message/feedback-report"
        elif sum(map(len, self.found.reports)) > REPORTS_LIMIT:
            self._defects.add(Defect.TOO_MANY_PARTS)
        elif b"recipient" in data.lower() or b"reporting-mta" in data.lower():
            self.found.reports.append(data)
            self.found.is_delivery_report = True
        else:  # some servers label their explanation as the report itself
            self._keep(Text("plain", data, content.token("charset"), self._group(place)))

    def _file(
        self,
        headers: Headers,
        content: Parameters,
        disposition: Parameters,
        name: str,
        encoding: str,
        place: _Place,
    ) -> None:
        kind = content.value
        if kind in _ENCRYPTED and content.token("smime-type").lower() != "signed-data":
            self._defects.add(Defect.ENCRYPTED)
        content_id = "".join(decode_words(headers.first("content-id")).strip("<> ").split())[:500]
        is_shown = disposition.value == "inline" or (disposition.value != "attachment" and bool(content_id))
        location = decode_words(headers.first("content-location"))
        name = name or ("" if "?" in location else location)
        file = File(
            safe_filename(name, self._default_name(kind)),
            kind,
            content_id,
            is_shown and kind.startswith("image/"),
        )
        self._store(content, file, encoding)

    def _store(self, content: Parameters, file: File, encoding: str) -> None:
        pieces = self._pieces(encoding)
        begun, is_whole = b"", False
        if content.value in TNEF_TYPES or file.filename.lower() == "winmail.dat":
            begun, is_whole = collect(pieces, TNEF_LIMIT)
            if is_whole and (inside := unpack(begun, self._sink)):
                self._take(inside)
                return
            self._defects.add(Defect.TNEF_KEPT_AS_FILE)
        attachment, preview = store(pieces, begun, self._sink, file)
        if content.value in _MESSAGES and not self.found.returned:
            self.found.returned = preview
        self.found.attachments.append(attachment)

    def _take(self, inside: Unpacked) -> None:
        self.found.attachments += inside.attachments
        self._parts += len(inside.attachments)
        group = self._new_group()
        for kind, data in inside.texts:
            if len(data) <= self._text_room:
                self._keep(Text(kind, data, "utf-8", group))
            else:
                self._defects.add(Defect.BODY_TOO_LONG)

    def _default_name(self, kind: str) -> str:
        stem = {"text": "text", "image": "image", "message": "message"}.get(kind.partition("/")[0], "file")
        number = len(self.found.attachments) + 1
        return f"{stem}-{number}.{_ENDINGS.get(kind, 'bin')}"
