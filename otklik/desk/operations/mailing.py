"""The mail that one side of a ticket gets: only what that side may read, only to that side's people."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from otklik.desk.channels.mail.compose import Attached, Outgoing, Person, compose
from otklik.desk.languages import language_name
from otklik.desk.models import Mailbox, MailCopy, Message, Participant, Ticket
from otklik.desk.operations.translating import original_of
from otklik.desk.queries.installation import installation_marks, reply_keys
from otklik.desk.queries.sides import addresses_for, history_for, references_for, subject_for
from otklik.desk.rules.reply_token import AddressTooLong, RecipientKey, make_token, tagged_address
from otklik.desk.rules.visibility import OUTSIDE, Audience
from otklik.desk.rules.vocabulary import MessageKind, Side

_QUOTED_LINES = 60


def recipients_of(message: Message) -> dict[Side, tuple[Person, ...]]:
    """By side; sides that nobody has an address of are left out. Whoever wrote last is the first."""
    audience = Audience(message.visible_to_partner, message.visible_to_customer)
    if message.kind == MessageKind.NOTICE:
        # A notice is for one person; the others of the side did not ask.
        people = tuple(Person(p["address"], p.get("name", "")) for p in message.to if p.get("address"))
        return {side: people for side in OUTSIDE if side in audience.sides and people}
    names = dict(Participant.objects.filter(ticket=message.ticket_id).values_list("address", "name"))
    found = {}
    for side, addresses in addresses_for(audience, message.ticket).items():
        last = _last_writer(message, side)
        ordered = sorted(addresses, key=lambda address: address != last)
        found[side] = tuple(Person(address, names.get(address, "")) for address in ordered)
    return found


def mailbox_of(ticket: Ticket) -> Mailbox | None:
    """Answers leave from where the question came; matters without a mailbox from one of their program."""
    if ticket.mailbox is not None and ticket.mailbox.is_active:
        return ticket.mailbox
    return Mailbox.objects.filter(program_id=ticket.program_id, is_active=True).order_by("pk").first()


def new_message_id(message: Message, side: Side, mailbox: Mailbox | None) -> str:
    domain = _sender_address(mailbox).rpartition("@")[2] or "localhost"
    return f"otklik.{message.pk}.{side[0]}.{secrets.token_hex(12)}@{domain}"


@contextmanager
def mail_for(copy: MailCopy, people: Sequence[Person], *, at: datetime) -> Iterator[EmailMessage]:
    """Built and checked; its attachments are read from the disk. Raises BadMessage, OSError."""
    with ExitStack() as files:
        yield compose(_outgoing(copy, people, at, files))


def _outgoing(copy: MailCopy, people: Sequence[Person], at: datetime, files: ExitStack) -> Outgoing:
    message, ticket, side = copy.message, copy.message.ticket, Side(copy.side)
    references = [i for i in references_for(side, ticket) if i not in (copy.sent_id, copy.provider_id)]
    automatic = message.kind == MessageKind.NOTICE
    address = _sender_address(copy.mailbox)
    return Outgoing(
        mailbox=address,
        name=_sender_name(message, copy.mailbox),
        to=tuple(people[:1]),
        cc=tuple(people[1:]),
        subject=message.subject if automatic else _subject(side, ticket, is_answer=bool(references)),
        text=message.text if automatic else _text(message, side, copy.mailbox),
        html=message.html if automatic else "",
        message_id=copy.sent_id,
        installation=installation_marks()[0],
        at=at,
        reply_to=_reply_address(address, ticket, side, people[0]) if copy.mailbox else "",
        in_reply_to=references[-1] if references else "",
        references=tuple(references[:-1]),
        automatic=automatic,
        attachments=tuple(_attached(message, files)),
    )


def _sender_address(mailbox: Mailbox | None) -> str:
    return mailbox.address if mailbox else parseaddr(settings.OTKLIK.mail_from)[1]


def _sender_name(message: Message, mailbox: Mailbox | None) -> str:
    """The partner is answered by a person, whose name they are told."""
    author = message.author.name if message.author else ""
    ours = mailbox.name if mailbox else parseaddr(settings.OTKLIK.mail_from)[0]
    return f"{author} ({ours})" if author and ours else author or ours


def _subject(side: Side, ticket: Ticket, *, is_answer: bool) -> str:
    subject = f"{subject_for(side, ticket)} [#{ticket.pk}]".strip()
    return f"Re: {subject}" if is_answer else subject


def _text(message: Message, side: Side, mailbox: Mailbox | None) -> str:
    parts = [message.text.rstrip()]
    if mailbox is not None and mailbox.signature.strip():
        parts.append(f"-- \n{mailbox.signature.strip()}")
    if original := _original(message):
        parts.append(original)
    if quote := _quote(message, side):
        parts.append(quote)
    return "\n\n".join(parts) + "\n"


def _original(message: Message) -> str:
    """What its writer wrote, below the translation that was sent: whoever reads both sees what was meant."""
    kept = original_of(message)
    if kept is None:
        return ""
    with translation.override(message.language or "en"):
        told = {"language": language_name(kept.language)}
        line = _("Translated by a machine, read by its writer. Original (%(language)s):") % told
    return "\n".join([line, "", kept.text.rstrip()])


def _quote(message: Message, side: Side) -> str:
    """What is being answered, as this side may read it. An answer to both sides quotes what both know."""
    audience = Audience(message.visible_to_partner, message.visible_to_customer)
    earlier = (said for said in history_for(audience, message.ticket) if said.id < message.pk)
    answered = next((said for said in earlier if said.side is side), None)
    if answered is None or not answered.text.strip():
        return ""
    with translation.override(message.language or "en"):
        when = date_format(timezone.localtime(answered.at), "DATETIME_FORMAT")
        line = _("%(when)s, %(name)s wrote:") % {"when": when, "name": answered.name or _("you")}
    lines = answered.text.rstrip().splitlines()
    quoted = [f"> {text}".rstrip() for text in lines[:_QUOTED_LINES]]
    return "\n".join([line, *quoted, *(["> …"] if len(lines) > _QUOTED_LINES else [])])


def reply_address(address: str, ticket_id: int, given_to: RecipientKey) -> str:
    """Empty where it would be longer than mail servers allow: then headers have to lead the answer home."""
    try:
        return tagged_address(address, make_token(ticket_id, given_to, reply_keys()[0]))
    except AddressTooLong:
        return ""


def _reply_address(address: str, ticket: Ticket, side: Side, first: Person) -> str:
    who = Participant.objects.filter(ticket=ticket, side=side, address=first.address.lower())
    number = who.values_list("contact_id" if side is Side.PARTNER else "customer_id", flat=True).first()
    return reply_address(address, ticket.pk, RecipientKey(side, number or 0))


def _last_writer(message: Message, side: Side) -> str:
    written = Message.objects.filter(
        ticket_id=message.ticket_id, side=side, kind=MessageKind.INCOMING, pk__lt=message.pk
    )
    return (written.order_by("-pk").values_list("from_address", flat=True).first() or "").lower()


def _attached(message: Message, files: ExitStack) -> Iterator[Attached]:
    for one in sorted(message.attachments.all(), key=lambda file: file.pk):
        path = Path(default_storage.path(str(one.blob.file.name)))
        yield Attached(one.filename, one.content_type, files.enter_context(path.open("rb")))
