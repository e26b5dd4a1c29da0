"""What `otklik mail parse` tells a person."""

from __future__ import annotations

import re

from otklik.desk.rules.mail.public import Defect, MailPerson, ParsedMail, Verdict
from otklik.kit.phrases import Phrases

# A message must not be able to steer the terminal it is shown on.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def as_text(parsed: ParsedMail, reply: str, say: Phrases) -> str:
    """Plain lines, ending with a line break."""
    rows = [
        (say.gettext("Sender"), _people((parsed.sender,) if parsed.sender else ())),
        (say.gettext("Recipients"), _people(parsed.to)),
        (say.gettext("Copies to"), _people(parsed.cc)),
        (say.gettext("Replies go to"), _people(parsed.reply_to)),
        (say.gettext("Subject"), parsed.subject),
        (say.gettext("Sent at"), parsed.date.strftime("%Y-%m-%d %H:%M:%S UTC") if parsed.date else ""),
        (say.gettext("Message ID"), parsed.message_id),
        (say.gettext("In reply to"), ", ".join(parsed.in_reply_to)),
        (say.gettext("Kind of mail"), _kind(parsed.verdict, say)),
    ]
    width = max(len(label) for label, _ in rows) + 1
    parts = ["\n".join(f"{label + ':':<{width}} {_one_line(value)}" for label, value in rows if value)]
    parts += _listed(say.gettext("Attachments"), _attachments(parsed, say))
    parts += _listed(say.gettext("Not delivered to"), _bounces(parsed, say))
    parts += _listed(say.gettext("What was wrong with it"), [defect(name, say) for name in parsed.defects])
    shown = reply.strip("\n") or say.gettext("(no new text)")
    parts.append(say.gettext("New text") + "\n" + "\n".join(f"  {line}" for line in shown.split("\n")))
    return _CONTROL.sub("", "\n\n".join(parts) + "\n")


def _listed(title: str, lines: list[str]) -> list[str]:
    return [title + "\n" + "\n".join(f"  {_one_line(line)}" for line in lines)] if lines else []


def _people(people: tuple[MailPerson, ...]) -> str:
    return ", ".join(
        f"{person.name} <{person.address}>" if person.name else person.address for person in people
    )


def _attachments(parsed: ParsedMail, say: Phrases) -> list[str]:
    lines = []
    for one in parsed.attachments:
        size = say.ngettext("%(n)s byte", "%(n)s bytes", one.size)
        lines.append(f"{one.filename} ({one.content_type}, {size})")
    return lines


def _bounces(parsed: ParsedMail, say: Phrases) -> list[str]:
    return [
        f"{bounce.recipient}: {bounce.status or '–'}, "
        + (say.gettext("for good") if bounce.is_permanent else say.gettext("for now"))
        + (f" ({bounce.diagnostic})" if bounce.diagnostic else "")
        for bounce in parsed.bounces
    ]


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _kind(verdict: Verdict, say: Phrases) -> str:
    return {
        Verdict.PERSON: say.gettext("written by a person"),
        Verdict.AUTO_REPLY: say.gettext("sent by a program"),
        Verdict.BULK: say.gettext("mailing to many"),
        Verdict.BOUNCE: say.gettext("report of a failed delivery"),
        Verdict.OWN: say.gettext("our own mail come back"),
    }[verdict]


def defect(name: str, say: Phrases) -> str:
    """One thing that was wrong, in words."""
    return {
        Defect.NO_HEADERS: say.gettext("It begins without any header."),
        Defect.NO_SENDER: say.gettext("It names no sender that can be answered."),
        Defect.SEVERAL_SENDERS: say.gettext("It names several senders; the first was taken."),
        Defect.NO_MESSAGE_ID: say.gettext("It has no message ID."),
        Defect.NO_DATE: say.gettext("It has no date."),
        Defect.BAD_DATE: say.gettext("Its date cannot be read."),
        Defect.BAD_ADDRESS: say.gettext("An address in it cannot be used."),
        Defect.BAD_REFERENCE: say.gettext("It refers to a message by an impossible ID."),
        Defect.BAD_HEADER: say.gettext("A header line in it is broken."),
        Defect.HEADERS_TOO_LONG: say.gettext("Its headers are too long; the rest of them was left out."),
        Defect.BAD_CONTENT_TYPE: say.gettext("It names an impossible content type."),
        Defect.NO_BOUNDARY: say.gettext("Its parts are not set apart as announced."),
        Defect.UNCLOSED_MULTIPART: say.gettext("It was cut off: the end of its parts is missing."),
        Defect.TOO_DEEP: say.gettext("Its parts are nested too deep; the innermost are kept as one file."),
        Defect.TOO_MANY_PARTS: say.gettext("It has too many parts; the last of them are kept as one file."),
        Defect.UNKNOWN_ENCODING: say.gettext("It names an unknown encoding; content was taken as it stands."),
        Defect.BAD_ENCODING: say.gettext("Encoded content in it is damaged."),
        Defect.UNKNOWN_CHARSET: say.gettext("It names an unknown character set; the right one was guessed."),
        Defect.WRONG_CHARSET: say.gettext("It names the wrong character set; the right one was guessed."),
        Defect.BODY_TOO_LONG: say.gettext("Its text is too long; all of it is kept as a file."),
        Defect.ENCRYPTED: say.gettext("It is encrypted; its content is kept as a file."),
        Defect.TNEF_KEPT_AS_FILE: say.gettext("Its winmail.dat could not be unpacked and is kept as a file."),
    }[Defect(name)]
