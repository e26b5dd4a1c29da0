"""What a returned mail says: RFC 3464 reports, and the free texts of servers that write none."""

from __future__ import annotations

import io
import re

from otklik.desk.rules.mail.headers import Headers, read_headers
from otklik.desk.rules.mail.identity import parse_address, parse_ids
from otklik.desk.rules.mail.parsed import Bounce, Defect
from otklik.desk.rules.mail.reader import Reader
from otklik.desk.rules.mail.words import decode_words

RECIPIENTS_KEPT = 500
DIAGNOSTIC_LIMIT = 500

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ENHANCED = re.compile(r"(?<![\d.])([45]\.\d{1,2}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.:-])([45])\d\d[ -]")
_BRACKETED = re.compile(r"<(?:mailto:)?([^\s<>@]{1,128}@[^\s<>@]{1,255})>")
_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+=-]{1,128}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})")
_MESSAGE_ID = re.compile(r"^[> \t]*message-id:\s*(<[^<>\s]{3,400}>)", re.IGNORECASE | re.MULTILINE)

# Where the text of a bounce ends and the mail it returns begins.
_ORIGINAL = re.compile(
    r"^[ \t]*(?:-{2,}.{0,20}(?:original message|returned message|copy of (?:the|your) message"
    r"|message header|below this line|исходное сообщение|исходное письмо|оригинал).*|"
    r"------ This is a copy of.*|Original message headers:|Исходные заголовки сообщения:?|"
    r"Заголовки исходного сообщения:?)$",
    re.IGNORECASE | re.MULTILINE,
)
_FAILED = re.compile(
    r"could not be delivered to (?:one|the following|all)|could\s+not\s+be\s+delivered"
    r"|couldn't be delivered|wasn't delivered|was not delivered|undeliver(?:able|ed)"
    r"|delivery to the following recipients? (?:has )?failed|delivery has failed to these recipients"
    r"|unable to deliver (?:your|the) message|wasn't able to deliver your message"
    r"|permanent (?:fatal )?error|this is a permanent error|giving up on it"
    r"|(?:user|mailbox|recipient|address)(?: \S+)? (?:is )?(?:unknown|unavailable|disabled)"
    r"|(?:user|mailbox|recipient|address)(?: \S+)? (?:not found|does not exist)"
    r"|no such user|unrouteable address|delivery status notification \(failure\)"
    r"|returned mail|mail delivery failed"
    r"|returning message to sender|failure notice"
    r"|не (?:может быть|могло быть|было|удалось) доставлен\w*|не удалось доставить"
    r"|недоставленное сообщение"
    r"|сообщение не доставлено|письмо не доставлено|невозможно доставить|возвращено отправителю"
    r"|(?:адресат|пользователь|ящик) (?:\S+ )?(?:не (?:найден|существует)|заблокирован|переполнен)"
    r"|unzustellbar|konnte nicht zugestellt werden|n'a pas pu être (?:remis|livré|distribué)"
    r"|no se pudo entregar"
    r"|não foi possível entregar|не вдалося доставити",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delivery (?:is |has been |status notification \()delay|has not yet been delivered|still undelivered"
    r"|warning: (?:could not send|message)|will (?:keep trying|be retried|continue to)"
    r"|you do not need to resend"
    r"|delayed \d+ hours|доставка (?:сообщения|письма)? ?(?:задержана|отложена|откладывается)"
    r"|попытки доставки будут продолж",
    re.IGNORECASE,
)
_PERMANENT = re.compile(
    r"permanent|no such user|unknown user|user unknown|does not exist|unrouteable|not found|disabled|invalid"
    r"|не существует|не найден|заблокирован|постоянн",
    re.IGNORECASE,
)
_DAEMON = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|mail-?delivery(?:-?subsystem)?|mailerdaemon|microsoftexchange\w*)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|delayed|report)"
    r"|mail delivery (?:failed|failure|system)"
    r"|returned (?:mail|to sender)|failure notice|mail system error|could not send message|delivery problem"
    r"|не ?доставлен|недоставлен|не удалось доставить|возврат (?:письма|почты|сообщения)|ошибка доставки"
    r"|unzustellbar|nicht zugestellt|non remis|no se pudo entregar|não entregue|не вдалося доставити",
    re.IGNORECASE,
)


def is_daemon(address: str) -> bool:
    return _DAEMON.match(address) is not None


def sounds_like_bounce(subject: str) -> bool:
    return _SUBJECT.search(subject[:300]) is not None


def read_report(data: bytes) -> list[Bounce]:
    """Recipients of a message/delivery-status part. Blank lines part the recipients; the first block is the
    server's own, unless a careless one put everything together.
    """
    bounces = []
    for block in re.split(rb"\r?\n(?:[ \t]*\r?\n)+", data.strip() + b"\n")[: RECIPIENTS_KEPT + 1]:
        fields = read_headers(Reader(io.BytesIO(block + b"\n")), set())
        if "final-recipient" in fields or "original-recipient" in fields:
            bounces.append(_recipient(fields))
    return bounces


def _recipient(fields: Headers) -> Bounce:
    recipient = _report_address(fields.first("original-recipient")) or _report_address(
        fields.first("final-recipient")
    )
    kind, mark, said = decode_words(fields.first("diagnostic-code")).partition(";")
    why = (said if mark else kind).strip()[:DIAGNOSTIC_LIMIT]
    action = decode_words(fields.first("action")).lower().split(" ")[0]
    match = _STATUS.search(decode_words(fields.first("status"))) or _STATUS.search(why)
    status = match[0] if match else ""
    if not action:
        action = {"2": "delivered", "4": "delayed"}.get(status[:1], "failed")
    return Bounce(recipient, status, action, why, _is_permanent(action, status))


def _is_permanent(action: str, status: str) -> bool:
    """A server may give up ("failed") over something temporary: a full mailbox (4.x.x) says nothing against
    the address.
    """
    if action in ("delayed", "delivered", "relayed", "expanded"):
        return False
    return not status.startswith(("2", "4"))


def _report_address(raw: bytes) -> str:
    kind, mark, value = raw.partition(b";")
    return parse_address(value if mark else kind)


def returned_message_id(data: bytes) -> str:
    """From the beginning of the returned original, or of its headers alone."""
    headers = read_headers(Reader(io.BytesIO(data)), set(), is_root=True)
    found = parse_ids([headers.first("message-id")], set[Defect]())
    return found[0] if found else ""


def read_text(text: str, own_addresses: frozenset[str]) -> tuple[list[Bounce], str]:
    """Recipients and the original's message id from a bounce that is plain prose; nothing where it is none.

    `own_addresses`: whoever the bounce was sent from or to, who is therefore not its subject.
    """
    text = text[:100_000]
    match = _MESSAGE_ID.search(text)
    original = match[1].strip("<>") if match else ""
    border = _ORIGINAL.search(text)
    said = text[: border.start()] if border else text[: match.start()] if match else text
    is_delay = _DELAYED.search(said) is not None
    if not is_delay and not _FAILED.search(said):
        return [], ""
    addresses = _named(said, own_addresses)
    return [_in_prose(said, address, at, is_delay) for address, at in addresses], original


def _named(said: str, own_addresses: frozenset[str]) -> list[tuple[str, int]]:
    """Servers put the address that failed in angle brackets or first in a line; others are advice."""
    found: dict[str, int] = {}
    for pattern in (_BRACKETED, re.compile(r"^[ \t]*" + _ADDRESS.pattern, re.MULTILINE), _ADDRESS):
        for match in pattern.finditer(said):
            address = match[1].strip(".")
            if address.lower() not in own_addresses and not is_daemon(address):
                found.setdefault(address, match.start())
                if len(found) >= RECIPIENTS_KEPT:
                    break
        if found:
            break
    return list(found.items())


def _in_prose(said: str, address: str, at: int, is_delay: bool) -> Bounce:
    about = said[at : at + 1_000]
    following = _BRACKETED.search(about, len(address) + 2)
    if following and following[1] != address:
        about = about[: following.start()]
    match = _ENHANCED.search(about)
    code = _REPLY_CODE.search(about)
    status = match[1] if match else f"{code[1]}.0.0" if code else ""
    if is_delay:
        is_permanent = False
    else:
        is_permanent = not status.startswith("4") if status else _PERMANENT.search(about) is not None
    why = re.sub(r"\s+", " ", about.partition(address)[2]).strip(" >:")[:DIAGNOSTIC_LIMIT]
    return Bounce(address, status, "delayed" if is_delay else "failed", why, is_permanent)
