"""Messages go out: at least tried until somebody answers, never twice under two names.

A mail server cannot take part in our transaction. So the mail's Message-ID is written down and remembered
before the first attempt, and an attempt whose outcome nobody knows is repeated under the same id, by which
the other side knows the second one.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from otklik.desk.channels.mail.compose import Person
from otklik.desk.channels.mail.compose import recipients_of as envelope_of
from otklik.desk.channels.mail.outgoing import NoWayOut, Receipt, transport_for
from otklik.desk.models import Mailbox, MailCopy, Message
from otklik.desk.operations.events import tell
from otklik.desk.operations.grants import smtp_token
from otklik.desk.operations.mailing import mail_for, mailbox_of, new_message_id, recipients_of
from otklik.desk.operations.rows import insert, remember_references, update
from otklik.desk.rules.vocabulary import FLAGGED, Delivery, Side
from otklik.events.public import Actor
from otklik.jobs.public import queue_at
from otklik.kit.mail import BadMailAddress, BadMessage, MailDelayed, MailRefused

log = logging.getLogger(__name__)
SEND, SEND_MANY = "otklik.desk.jobs.send_message", "otklik.desk.jobs.send_messages"
# Messages that are prepared in one transaction.
AT_ONCE = 20
# Longer than composing and an SMTP conversation take.
_CLAIM = timedelta(minutes=8)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# As mail servers do: somebody who waits for an answer should know by then that it does not come.
_GIVE_UP = timedelta(days=2)
_SETTLED = ("delivery", "send_at", "delivery_note", "happened_at")
NOBODY = "nobody_to_write_to"


class CannotRetry(Exception):
    """The message did not fail, or is not ours."""


def queue_messages(message_ids: Sequence[int], *, at: datetime) -> None:
    """Jobs that send them, of a few each: a slow server holds up no more than these."""
    for start in range(0, len(message_ids), AT_ONCE):
        part = list(message_ids[start : start + AT_ONCE])
        if len(part) > 1:
            queue_at(SEND_MANY, part, at=at)
        else:
            queue_at(SEND, part[0], at=at)


def send_message(*, message_id: int, at: datetime) -> None:
    """The job. May be run at any time, also while another one does it."""
    for pk, copies in prepare_messages(message_ids=[message_id], at=at).items():
        send_prepared(copies, message_id=pk, at=at)


@transaction.atomic
def prepare_messages(*, message_ids: Sequence[int], at: datetime) -> dict[int, list[MailCopy]]:
    """By message: a copy for each side, with its Message-ID, of those that are due. From here on they cannot
    be taken back."""
    due = [
        message
        for message in _locked(message_ids)
        if message.delivery in (Delivery.HELD, Delivery.QUEUED)
        and (message.send_at is None or message.send_at <= at)
    ]
    if not due:
        return {}
    known = set(MailCopy.objects.filter(message__in=due).values_list("message_id", flat=True))
    for message in due:
        message.queue()
    _make_copies([message for message in due if message.pk not in known])
    update(due, ("delivery", "message_id", "to"))
    copies: dict[int, list[MailCopy]] = {message.pk: [] for message in due}
    for copy in _copies().filter(message__in=due, state=Delivery.QUEUED).order_by("pk"):
        copies[copy.message_id].append(copy)
    return copies


def send_prepared(copies: Sequence[MailCopy], *, message_id: int, at: datetime) -> None:
    """The copies of one message; those that somebody else sends at this moment are left to them."""
    tried = None
    for copy in copies:
        if tried is not None:
            _store(tried)
        tried = copy if _claim(copy, at) else None
        if tried is not None:
            _attempt(tried, at)
    with transaction.atomic():
        if tried is not None:
            _store(tried)
        _settle(message_id, at)


@transaction.atomic
def retry_delivery(*, message_id: int, by: Actor, at: datetime) -> None:
    """Raises CannotRetry."""
    message = next(iter(_locked([message_id])), None)
    if message is None or message.delivery not in (Delivery.FAILED, Delivery.BOUNCED):
        raise CannotRetry(message_id)
    message.copies.filter(state__in=(Delivery.FAILED, Delivery.BOUNCED)).update(
        state=Delivery.QUEUED, free_at=None, attempts=0
    )
    message.delivery, message.send_at, message.delivery_note = Delivery.QUEUED, at, ""
    message.save(update_fields=["delivery", "send_at", "delivery_note"])
    tell(FLAGGED, message.ticket, by=by, at=at, flag="delivery_retried", message=message.pk)
    queue_at(SEND, message.pk, at=at)


def overdue_messages(*, at: datetime, limit: int = 200) -> list[int]:
    """Whose job is lost or whose worker died; an index answers this."""
    waiting = Message.objects.filter(
        delivery__in=(Delivery.HELD, Delivery.QUEUED), send_at__lte=at - timedelta(minutes=1)
    )
    return list(waiting.order_by("send_at").values_list("pk", flat=True)[:limit])


def _make_copies(messages: Sequence[Message]) -> None:
    copies = []
    for message in messages:
        mailbox = mailbox_of(message.ticket)
        people = recipients_of(message)
        of_this = [
            MailCopy(
                message=message, side=side, mailbox=mailbox, sent_id=new_message_id(message, side, mailbox)
            )
            for side in people
        ]
        if of_this:
            message.message_id = of_this[0].sent_id
        message.to = [asdict(person) for side in people for person in people[side]]
        copies += of_this
    insert(copies)
    remember_references((copy.message.ticket_id, copy.sent_id, ()) for copy in copies)


def _copies() -> QuerySet[MailCopy]:
    related = ("mailbox", "message__ticket__mailbox", "message__ticket__customer", "message__author")
    return MailCopy.objects.select_related(*related).prefetch_related("message__attachments__blob")


def _claim(copy: MailCopy, at: datetime) -> bool:
    free = Q(free_at=None) | Q(free_at__lte=at)
    waiting = MailCopy.objects.filter(free, pk=copy.pk, state=Delivery.QUEUED)
    copy.attempts += 1
    return waiting.update(free_at=at + _CLAIM, attempts=F("attempts") + 1) == 1


def _attempt(copy: MailCopy, at: datetime) -> None:
    try:
        receipt = _send(copy, recipients_of(copy.message).get(Side(copy.side), ()), at)
    except (MailRefused, BadMessage) as error:
        copy.settle(Delivery.FAILED, note=str(error), at=at)
    except (MailDelayed, NoWayOut, BadMailAddress, OSError) as error:
        _wait(copy, str(error) or type(error).__name__, at)
    except Exception as error:
        log.exception("message %s could not be sent", copy.message_id)
        _wait(copy, f"{type(error).__name__}: {error}", at)
    else:
        note = "; ".join(f"{address}: {why}" for address, why in receipt.refused.items())
        copy.settle(Delivery.SENT, note=note, at=at)
        copy.provider_id = receipt.provider_id.strip("<>")[:255]


@transaction.atomic
def _store(copy: MailCopy) -> None:
    update([copy], ("state", "note", "free_at", "sent_at", "provider_id"))
    if copy.provider_id:
        # Answers may name the id that the provider put in the place of ours.
        remember_references([(copy.message.ticket_id, copy.provider_id, ())])


def _send(copy: MailCopy, people: Sequence[Person], at: datetime) -> Receipt:
    if not people:
        raise BadMessage(NOBODY)
    mailbox = copy.mailbox
    with mail_for(copy, people, at=at) as mail:
        transport = transport_for(*_way_out(mailbox, at))
        sender = mail["From"].addresses[0].addr_spec
        return transport.send(mail, envelope_from=sender, recipients=envelope_of(mail))


def _way_out(mailbox: Mailbox | None, at: datetime) -> tuple[str, ...]:
    """Empty for the installation's own."""
    if mailbox is None or not mailbox.smtp_url:
        return ()
    url = mailbox.smtp_url.reveal()
    token = smtp_token(mailbox_id=mailbox.pk, url=url, at=at)
    return (url, token) if token else (url,)


def _wait(copy: MailCopy, why: str, at: datetime) -> None:
    if at - copy.message.created_at > _GIVE_UP:
        copy.settle(Delivery.FAILED, note=why, at=at)
        return
    copy.note = why[:400]
    copy.free_at = at + min(_FIRST_WAIT * 2 ** min(copy.attempts - 1, 10), _LONGEST_WAIT)


def _settle(message_id: int, at: datetime) -> None:
    """What became of the message as a whole; until every copy has an end it is tried again."""
    rows = Message.objects.select_for_update().only("ticket_id", *_SETTLED).filter(pk=message_id)
    message = rows.first()
    if message is None or message.delivery != Delivery.QUEUED:
        return
    copies = list(message.copies.only("message_id", "state", "note", "free_at"))
    waiting = [copy for copy in copies if copy.state == Delivery.QUEUED]
    failed = [copy for copy in copies if copy.state in (Delivery.FAILED, Delivery.BOUNCED)]
    note = "; ".join(dict.fromkeys(copy.note for copy in [*failed, *waiting, *copies] if copy.note))
    if waiting:
        again = min((copy.free_at for copy in waiting if copy.free_at), default=at)
        moved = message.send_at != again
        message.send_at, message.delivery_note = again, note[:400]
        if moved:
            queue_at(SEND, message.pk, at=again)
    elif failed or not copies:
        message.mark_failed(note or NOBODY)
        data = {"flag": "delivery_failed", "message": message.pk}
        tell(FLAGGED, message.ticket, by=Actor.system(), at=at, **data)
    else:
        message.mark_sent(at=at, note=note)
    update([message], _SETTLED)


def _locked(message_ids: Sequence[int]) -> list[Message]:
    """In the order of their ids, in which everybody locks them."""
    rows = Message.objects.select_for_update(of=("self",)).filter(pk__in=message_ids).order_by("pk")
    return list(rows.select_related("ticket__mailbox", "ticket__customer"))
