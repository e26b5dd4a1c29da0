"""The door to reading mail without a database: plain Python, no Django behind it."""

from __future__ import annotations

from otklik.desk.rules.mail.links import links_in
from otklik.desk.rules.mail.message import (
    Bounce,
    Defect,
    MailAttachment,
    MailPerson,
    ParsedMail,
    may_answer_automatically,
    parse_mail,
)
from otklik.desk.rules.mail.reply import split_reply
from otklik.desk.rules.vocabulary import Verdict

__all__ = [
    "Bounce",
    "Defect",
    "MailAttachment",
    "MailPerson",
    "ParsedMail",
    "Verdict",
    "links_in",
    "may_answer_automatically",
    "parse_mail",
    "split_reply",
]
