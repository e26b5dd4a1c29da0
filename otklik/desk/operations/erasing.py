"""Nothing of somebody's words, names and addresses stays: not in rows, not in files, not in the index.

Counts, times and scores do, tied to rows that name nobody: figures that were told already do not move. What
a stored mail is known by (a hash) stays as well, or the next fetch would bring it back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from otklik.analytics.public import note_facts
from otklik.desk.models import (
    Attachment,
    AutoReplyCount,
    Blob,
    Callback,
    Draft,
    EndCustomer,
    InboundMail,
    MailCopy,
    Message,
    Participant,
    Rating,
    SubRequest,
    Ticket,
    Translation,
    TriggerRun,
)
from otklik.desk.operations.documents import ticket_documents
from otklik.desk.rules.vocabulary import CUSTOMER_ERASED, MESSAGE_FACTS, TICKET_FACTS, Delivery
from otklik.events.public import Actor, Subject, record
from otklik.jobs.public import QuarantinedItem, withdraw_mails
from otklik.kit.chunks import in_chunks
from otklik.search.public import forget, put

CHUNK = 500
ERASED = "erased"
# As notices name the ticket they are about.
_LINKED = re.compile(r"/tickets/(\d{1,15})/")
_UNSENT = (Delivery.HELD, Delivery.QUEUED, Delivery.FAILED)


class AlreadyErased(Exception):
    """There is nothing left of this customer."""


@dataclass(frozen=True, slots=True)
class Reach:
    """``tickets`` are the person's own matters and go wholly. In ``others`` they only took part: what they
    wrote goes (``messages``), what repeats it, and what names them."""

    tickets: frozenset[int]
    others: frozenset[int] = frozenset()
    messages: frozenset[int] = frozenset()
    names: frozenset[str] = field(default_factory=frozenset)
    addresses: frozenset[str] = field(default_factory=frozenset)


@transaction.atomic
def erase_customer(*, customer_id: int, by: Actor, at: datetime) -> None:
    """Raises EndCustomer.DoesNotExist, AlreadyErased."""
    customer = EndCustomer.objects.select_for_update().get(pk=customer_id)
    if customer.erased_at is not None:
        raise AlreadyErased(customer_id)
    reach = reach_of_customers([customer_id])
    _blank_customers([customer_id], at)
    wipe(reach, at=at)
    record(
        CUSTOMER_ERASED,
        by=by,
        at=at,
        subjects=[Subject("customer", customer_id), Subject("partner", customer.partner_id)],
    )


def erase_customers_of(partner_ids: Collection[int], *, at: datetime) -> None:
    """Their tickets are the partner's, which go anyway."""
    ids = EndCustomer.objects.filter(partner_id__in=partner_ids, erased_at=None).values_list("pk", flat=True)
    _blank_customers(list(ids), at)


def reach_of_partners(ids: Collection[int]) -> Reach:
    own = set(Ticket.objects.filter(partner_id__in=ids).values_list("pk", flat=True))
    customers = EndCustomer.objects.filter(partner_id__in=ids)
    own |= set(Ticket.objects.filter(customer__in=customers).values_list("pk", flat=True))
    own |= set(Ticket.objects.filter(merged_into_id__in=own).values_list("pk", flat=True))
    return Reach(frozenset(own), addresses=_addresses_in(own))


def reach_of_contacts(ids: Collection[int]) -> Reach:
    """By what the desk itself knows: their addresses elsewhere may be gone by now."""
    own = set(Ticket.objects.filter(contact_id__in=ids).values_list("pk", flat=True))
    written = Message.objects.filter(contact_id__in=ids)
    copied = Participant.objects.filter(contact_id__in=ids)
    addresses = set(written.values_list("from_address", flat=True)) | set(
        copied.values_list("address", flat=True)
    )
    names = set(written.values_list("from_name", flat=True)) | set(copied.values_list("name", flat=True))
    # Through our own rows: the table of people is not the desk's.
    names |= set(Ticket.objects.filter(contact_id__in=ids).values_list("contact__name", flat=True))
    names |= set(written.values_list("contact__name", flat=True))
    return _reach(own, written, copied, names, addresses)


def reach_of_customers(ids: Collection[int]) -> Reach:
    """A ticket they began is theirs. In the partner's own tickets it is what they wrote and were written."""
    customers = EndCustomer.objects.filter(pk__in=ids)
    addresses = set(customers.values_list("address", flat=True)) - {""}
    mine = Ticket.objects.filter(customer_id__in=ids)
    own = set(mine.filter(requester_address__in=addresses, contact=None).values_list("pk", flat=True))
    to_them = Q(customer_id__in=ids) | Q(ticket__in=mine.values("pk"), visible_to_customer=True)
    copied = Participant.objects.filter(customer_id__in=ids)
    names = set(customers.values_list("name", flat=True))
    return _reach(
        own,
        Message.objects.filter(to_them),
        copied,
        names,
        addresses,
        also=set(mine.values_list("pk", flat=True)),
    )


def _reach(
    own: set[int],
    written: QuerySet[Message],
    copied: QuerySet[Participant],
    names: Iterable[str],
    addresses: Iterable[str],
    also: Iterable[int] = (),
) -> Reach:
    known = frozenset(address.lower() for address in addresses if address)
    others = set(written.values_list("ticket_id", flat=True)) | set(
        copied.values_list("ticket_id", flat=True)
    )
    others |= set(Participant.objects.filter(address__in=known).values_list("ticket_id", flat=True))
    return Reach(
        tickets=frozenset(own),
        others=frozenset((others | set(also)) - own),
        messages=frozenset(written.values_list("pk", flat=True)),
        # A single letter or an empty name would be found in every text.
        names=frozenset(name.casefold() for name in names if len(name) > 2),
        addresses=known,
    )


def _addresses_in(tickets: Collection[int]) -> frozenset[str]:
    found: set[str] = set()
    for ids in in_chunks(sorted(tickets), CHUNK):
        found |= set(Participant.objects.filter(ticket_id__in=ids).values_list("address", flat=True))
        found |= set(Message.objects.filter(ticket_id__in=ids).values_list("from_address", flat=True))
    return frozenset(address.lower() for address in found if address)


def wipe(reach: Reach, *, at: datetime) -> None:
    """Inside the transaction of the erasure; files go after it."""
    for ids in in_chunks(sorted(reach.tickets), CHUNK):
        _wipe_messages(Message.objects.filter(ticket_id__in=ids))
        _wipe_tickets(ids)
    for ids in in_chunks(sorted(reach.others), CHUNK):
        naming = [pk for pk, text in _said_in(ids) if _names_them(text, reach)]
        _wipe_messages(Message.objects.filter(pk__in=naming))
        _wipe_around(ids, reach)
    for ids in in_chunks(sorted(reach.messages), CHUNK):
        _wipe_messages(Message.objects.filter(pk__in=ids))
    _wipe_mails(InboundMail.objects.filter(message=None, envelope_from__in=_any_case(reach.addresses)))
    AutoReplyCount.objects.filter(address__in=reach.addresses).delete()
    withdraw_mails(is_about=partial(_tells_of_them, reach=reach), reason=ERASED, at=at)
    put(ticket_documents(sorted(reach.others)), at=at)
    # Last: it empties what the changes before it left in the index's own files.
    forget("ticket", sorted(reach.tickets))


def _wipe_messages(messages: QuerySet[Message]) -> None:
    ids = list(messages.values_list("pk", flat=True))
    for part in in_chunks(sorted(ids), CHUNK):
        rows = Message.objects.filter(pk__in=part)
        for message in rows.filter(call__isnull=False).only("call"):
            message.call = {**(message.call or {}), "number": ""}
            message.save(update_fields=["call"])
        # An empty mail to nobody must not leave.
        unsent = rows.filter(delivery__in=_UNSENT)
        note_facts(MESSAGE_FACTS, list(unsent.values_list("pk", flat=True)))
        unsent.update(delivery=Delivery.TAKEN_BACK, send_at=None)
        MailCopy.objects.filter(message__in=part, state__in=_UNSENT).update(state=Delivery.TAKEN_BACK)
        MailCopy.objects.filter(message__in=part).update(note="")
        rows.update(
            text="",
            quote="",
            signature="",
            html="",
            subject="",
            from_name="",
            from_address="",
            to=[],
            cc=[],
            message_id="",
            delivery_note="",
            key=None,
        )
        _note_moods(part)
        Translation.objects.filter(message__in=part).delete()
        _drop_files(Attachment.objects.filter(message__in=part))
        _wipe_mails(InboundMail.objects.filter(message__in=part))
        forget("message", part)


def _note_moods(messages: Collection[int]) -> None:
    """What nobody said any more sounded like nothing, in the ticket that theirs was merged into as well."""
    places = Message.objects.filter(pk__in=messages).values_list("ticket_id", "ticket__merged_into_id")
    note_facts(TICKET_FACTS, sorted({pk for pair in places for pk in pair if pk is not None}))


def _wipe_tickets(ids: Collection[int]) -> None:
    Ticket.objects.filter(pk__in=ids).update(
        subject=Concat(Value("#"), Cast(F("pk"), CharField()), output_field=CharField()),
        requester_name="",
        requester_address="",
        priority_reasons=[],
        created_key=None,
    )
    drafts = Draft.objects.filter(ticket_id__in=ids)
    _drop_files(Attachment.objects.filter(draft__in=drafts))
    drafts.delete()
    Participant.objects.filter(ticket_id__in=ids).delete()
    SubRequest.objects.filter(ticket_id__in=ids).update(question="", answer="")
    Callback.objects.filter(ticket_id__in=ids).update(phone="", wish="")
    Rating.objects.filter(ticket_id__in=ids).update(comment="")
    TriggerRun.objects.filter(ticket_id__in=ids).update(result={})


def _wipe_around(ids: Collection[int], reach: Reach) -> None:
    """Tickets of others: the history that mails repeat, the mails themselves, the lists of recipients."""
    messages = Message.objects.filter(ticket_id__in=ids)
    messages.exclude(quote="", html="").update(quote="", html="")
    _wipe_mails(InboundMail.objects.filter(message__in=messages))
    for message in messages.exclude(to=[], cc=[]).only("to", "cc"):
        message.to, message.cc = (_without(people, reach) for people in (message.to, message.cc))
        message.save(update_fields=["to", "cc"])
    MailCopy.objects.filter(message__in=messages).update(note="")
    Participant.objects.filter(ticket_id__in=ids, address__in=reach.addresses).delete()
    for draft in Draft.objects.filter(ticket_id__in=ids):
        if _names_them(f"{draft.text}\n{draft.translation}\n{draft.translated_text}", reach):
            _drop_files(Attachment.objects.filter(draft=draft))
            draft.delete()
    for sub_request in SubRequest.objects.filter(ticket_id__in=ids):
        if _names_them(f"{sub_request.question}\n{sub_request.answer}", reach):
            SubRequest.objects.filter(pk=sub_request.pk).update(question="", answer="")
    tickets = Ticket.objects.filter(pk__in=ids)
    tickets.filter(requester_address__in=reach.addresses).update(requester_name="", requester_address="")
    for pk, subject in tickets.values_list("pk", "subject"):
        if _names_them(subject, reach):
            tickets.filter(pk=pk).update(subject=f"#{pk}")


def _said_in(ids: Collection[int]) -> Iterator[tuple[int, str]]:
    rows = Message.objects.filter(ticket_id__in=ids).values_list("pk", "text", "signature", "subject")
    for pk, *texts in rows.iterator(chunk_size=CHUNK):
        yield pk, "\n".join(texts)


def _names_them(text: str, reach: Reach) -> bool:
    """Whole words: a Vera is not meant by every "verandah"."""
    folded = text.casefold()
    traces = (trace for trace in (*reach.names, *reach.addresses) if trace in folded)
    return any(re.search(rf"(?<!\w){re.escape(trace)}(?!\w)", folded) for trace in traces)


def _tells_of_them(mail: str, reach: Reach) -> bool:
    """A notice to a colleague that still waits: it may repeat what was said in the ticket it leads to."""
    tickets = reach.tickets | reach.others
    return any(int(pk) in tickets for pk in _LINKED.findall(mail)) or _names_them(mail, reach)


def _without(people: list[dict[str, str]], reach: Reach) -> list[dict[str, str]]:
    return [p for p in people if str(p.get("address", "")).lower() not in reach.addresses]


def _drop_files(attachments: QuerySet[Attachment]) -> None:
    """Contents that nobody else has go from the disk as well, once the erasure holds."""
    blobs = set(attachments.values_list("blob_id", flat=True))
    attachments.delete()
    for ids in in_chunks(sorted(blobs), CHUNK):
        unused = Blob.objects.filter(pk__in=ids).exclude(pk__in=Attachment.objects.values("blob_id"))
        names = list(unused.values_list("file", flat=True))
        unused.delete()
        _delete_after_commit(names)


def _wipe_mails(mails: QuerySet[InboundMail]) -> None:
    ids = list(mails.values_list("pk", flat=True))
    for part in in_chunks(sorted(ids), CHUNK):
        rows = InboundMail.objects.filter(pk__in=part)
        names = list(rows.exclude(file="").values_list("file", flat=True))
        waiting = (InboundMail.State.STORED, InboundMail.State.QUARANTINED)
        rows.filter(state__in=waiting).update(state=InboundMail.State.PARKED, reason=ERASED)
        rows.update(raw=None, file="", envelope_from="", envelope_to=[])
        # Its title names the sender, its error may hold a line of the mail.
        QuarantinedItem.objects.filter(kind="mail", key__in=[str(pk) for pk in part]).delete()
        _delete_after_commit(names)


def _delete_after_commit(names: Iterable[str]) -> None:
    """Not before: a rollback would leave rows without their files. Looked at again then: names are hashes of
    contents, and the same content may have come from somebody else meanwhile."""
    for name in names:
        transaction.on_commit(lambda name=name: _delete_unless_used(name))  # type: ignore[misc]


def _delete_unless_used(name: str) -> None:
    used = Blob.objects.filter(file=name).exists() or InboundMail.objects.filter(file=name).exists()
    if not used:
        default_storage.delete(name)


def _blank_customers(ids: Collection[int], at: datetime) -> None:
    EndCustomer.objects.filter(pk__in=ids).update(
        name=Concat(Value("#"), Cast(F("pk"), CharField()), output_field=CharField()),
        address="",
        language="",
        erased_at=at,
    )


def _any_case(addresses: Collection[str]) -> list[str]:
    """Envelopes hold addresses as written."""
    lowered = set(addresses)
    found = InboundMail.objects.filter(message=None).exclude(envelope_from="")
    written = found.values_list("envelope_from", flat=True).distinct().iterator(chunk_size=CHUNK)
    return [address for address in written if address.lower() in lowered] if lowered else []
