"""How a raw mail is understood: one pass over the bytes, whatever their size.

Import from here: the shapes of `parsed` and the sinks of `sinks` are part of this door.
"""

from __future__ import annotations

from typing import BinaryIO

from otklik.desk.rules.mail.parsed import Bounce, Defect, MailAttachment, MailPerson, ParsedMail
from otklik.desk.rules.mail.sinks import NULL, AttachmentSink, AttachmentWriter, MemorySink, NullSink

__all__ = [
    "NULL",
    "OWN_MARK",
    "AttachmentSink",
    "AttachmentWriter",
    "Bounce",
    "Defect",
    "MailAttachment",
    "MailPerson",
    "MemorySink",
    "NullSink",
    "ParsedMail",
    "parse_mail",
]

OWN_MARK = "X-Otklik-Installation"


def parse_mail(source: BinaryIO, sink: AttachmentSink = NULL, *, installation: str = "") -> ParsedMail:
    """Reads `source` from where it stands to its end, in bounded memory.

    Never raises for what the bytes say: what was wrong with them is in `defects`. Errors of `source` and of
    `sink` (a full disk) do come through. A mail marked with `installation` gets the verdict "own".
    """
    raise NotImplementedError
