"""`otklik mail parse`: how a raw message is understood. Needs no database and no server."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from otklik.cli.answering import answer, as_json
from otklik.cli.languages import LANGUAGES, asked_language
from otklik.cli.mail_text import as_text
from otklik.cli.manage import manage
from otklik.desk.rules.mail.public import MailPerson, ParsedMail, parse_mail, split_reply
from otklik.kit.phrases import Phrases, phrases
from otklik.kit.tabular import obstacle

COMMAND = "otklik mail"
BAD_INPUT = 2
LOCALE = Path(__file__).parent / "locale"


def mail(arguments: Sequence[str]) -> int:
    """Exit status: 0, or 2 where the file cannot be read. A damaged message is still a message: 0."""
    if arguments and arguments[0] in ("fetch", "listen", "watch"):
        return manage([f"mail_{arguments[0]}", *arguments[1:]])
    say = phrases(asked_language(arguments), LOCALE)
    options = _parser(say).parse_args(arguments)
    try:
        parsed = _read(options.file)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        print(f"{COMMAND}: {options.file}: {obstacle(reason, say.gettext)}", file=sys.stderr)
        return BAD_INPUT
    reply = split_reply(parsed.text, parsed.html).reply
    if options.json:
        return answer(as_json(as_object(parsed, reply)), command=COMMAND, say=say)
    return answer(as_text(parsed, reply, say), command=COMMAND, say=say)


def as_object(parsed: ParsedMail, reply: str) -> dict[str, object]:
    return {
        "message_id": parsed.message_id,
        "in_reply_to": next(iter(parsed.in_reply_to), ""),
        "references": list(parsed.references),
        "subject": parsed.subject,
        "from": _person(parsed.sender or MailPerson("", "")),
        "to": [_person(person) for person in parsed.to],
        "date": parsed.date.isoformat() if parsed.date else None,
        "text": parsed.text,
        "reply": reply,
        "html": parsed.html,
        "attachments": [
            {"filename": one.filename, "type": one.content_type, "size": one.size, "sha256": one.sha256}
            for one in parsed.attachments
        ],
        "verdict": parsed.verdict.value,
        "bounces": [
            {
                "recipient": bounce.recipient,
                "status": bounce.status,
                "action": bounce.action,
                "diagnostic": bounce.diagnostic,
                "is_permanent": bounce.is_permanent,
            }
            for bounce in parsed.bounces
        ],
        "defects": list(parsed.defects),
    }


def _person(person: MailPerson) -> dict[str, str]:
    return {"name": person.name, "address": person.address}


def _read(name: str) -> ParsedMail:
    if name != "-":
        with Path(name).open("rb") as file:
            return parse_mail(file)
    if sys.stdin is None:
        raise OSError(errno.EBADF, "Standard input is closed")
    source: BinaryIO = sys.stdin.buffer
    return parse_mail(source)


def _parser(say: Phrases) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description=say.gettext("Raw messages, the desk's mailboxes, and mail that servers hand over."),
    )
    actions = parser.add_subparsers(required=True, metavar="parse|fetch|listen|watch")
    parse = actions.add_parser(
        "parse", help=say.gettext("show sender, text, attachments and what kind of mail it is")
    )
    parse.add_argument(
        "file", metavar="FILE", help=say.gettext("the message as it was received; - reads standard input")
    )
    parse.add_argument("--json", action="store_true", help=say.gettext("print one JSON object"))
    parse.add_argument(
        "--lang",
        choices=LANGUAGES,
        help=say.gettext("language of the answer (otherwise that of the environment)"),
    )
    # All need the database and are commands of Django; they stand here to be listed.
    actions.add_parser("fetch", help=say.gettext("read the desk's mailboxes now"))
    actions.add_parser("listen", help=say.gettext("take mail that servers hand over (OTKLIK_MAIL_LISTEN)"))
    actions.add_parser("watch", help=say.gettext("fetch mail as soon as it arrives (IMAP IDLE)"))
    return parser
