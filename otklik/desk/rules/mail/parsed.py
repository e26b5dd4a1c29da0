"""What a raw mail turned out to say. Plain values; nothing here reads anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from otklik.desk.rules.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class MailPerson:
    name: str
    address: str
    """As written, but for the domain, which is in lower case; "" where nothing can be sent to it."""


@dataclass(frozen=True, slots=True)
class MailAttachment:
    filename: str
    """Safe to show and to offer: no path, no control characters, 200 characters at most, never empty."""
    content_type: str
    size: int
    """Bytes after decoding."""
    sha256: str
    content_id: str
    """Without angle brackets; "" where the part has none."""
    is_inline: bool
    """Shown inside the text: the HTML points at it, or its sender said so."""
    key: str
    """What the sink returned for it."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What became of the mail for one recipient (RFC 3464)."""

    recipient: str
    status: str
    """RFC 3463: "5.1.1"; "" where the report names none."""
    action: str
    """"failed", "delayed", "delivered", "relayed" or "expanded"."""
    diagnostic: str
    is_permanent: bool


class Defect(StrEnum):
    """What was wrong with the mail. Stored, so values never change."""

    NO_HEADERS = "no_headers"
    NO_SENDER = "no_sender"
    SEVERAL_SENDERS = "several_senders"
    NO_MESSAGE_ID = "no_message_id"
    NO_DATE = "no_date"
    BAD_DATE = "bad_date"
    BAD_ADDRESS = "bad_address"
    BAD_REFERENCE = "bad_reference"
    BAD_HEADER = "bad_header"
    HEADERS_TOO_LONG = "headers_too_long"
    BAD_CONTENT_TYPE = "bad_content_type"
    NO_BOUNDARY = "no_boundary"
    UNCLOSED_MULTIPART = "unclosed_multipart"
    TOO_DEEP = "too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    UNKNOWN_ENCODING = "unknown_encoding"
    BAD_ENCODING = "bad_encoding"
    UNKNOWN_CHARSET = "unknown_charset"
    WRONG_CHARSET = "wrong_charset"
    BODY_TOO_LONG = "body_too_long"
    ENCRYPTED = "encrypted"
    TNEF_KEPT_AS_FILE = "tnef_kept_as_file"


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """Message ids are without angle brackets and white space; times are aware and in UTC."""

    message_id: str
    """"" where the mail has none."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    """Oldest first, as written."""
    subject: str
    sender: MailPerson | None
    to: tuple[MailPerson, ...]
    cc: tuple[MailPerson, ...]
    reply_to: tuple[MailPerson, ...]
    date: datetime | None
    text: str
    """Lines end in \\n. Derived from the HTML where the mail has nothing else."""
    html: str
    """As sent, not sanitised; "" where the mail has none."""
    attachments: tuple[MailAttachment, ...]
    verdict: Verdict
    bounces: tuple[Bounce, ...]
    bounced_message_id: str
    """Message id of the original that a bounce or a complaint returned; "" where it is not there."""
    defects: tuple[str, ...]
    """Values of `Defect`, each once."""
    return_path: str | None
    """Address of the envelope's sender; "" for <> (written by a machine); None where the header is absent."""
    delivered_to: tuple[str, ...]
    own_mark: str
    """Value of the header `OWN_MARK`: the installation that wrote this mail."""
    list_id: str
    authentication: tuple[str, ...] = ()
    """Values of Authentication-Results, the topmost first; anybody can write them (`sender_proof.py`)."""
    automatic: tuple[str, ...] = ()
    """Why nobody should answer this by machine: values of `verdict.Sign`."""
    is_complaint: bool = False
    """A provider tells that somebody called a mail of ours spam (RFC 5965)."""
