"""What the guard of automatic answers (``rules/auto_reply.py``) asks about tickets, for many at once: the
number of queries does not grow with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Subquery

from otklik.desk.models import AutoReplyCount, InboundMail, Message, Ticket
from otklik.desk.queries.threading import own_addresses
from otklik.desk.rules.auto_reply import AutoReplyFacts
from otklik.desk.rules.subjects import subject_key
from otklik.desk.rules.vocabulary import MessageKind, Verdict

_DAY = timedelta(days=1)
# Tickets of an address within a day; a loop has been refused long before.
_MOST_COMPARED = 200


class Guarded:
    """``addresses``: whom each ticket's notice would go to. What is promised on the way counts too, so that
    one chunk holds no more than single notices would."""

    def __init__(self, addresses: Mapping[int, str], *, at: datetime, counts_address: bool) -> None:
        """``counts_address``: notices to the address count, and those about its subject."""
        self._addresses, self._at, self._counts_address = addresses, at, counts_address
        self._own = own_addresses()
        self._last = self._last_words()
        self._subjects = self._recent_subjects() if counts_address else {}
        self._told = self._told_today({*addresses, *(pk for rows in self._subjects.values() for pk in rows)})
        counted = AutoReplyCount.objects.filter(address__in=set(addresses.values()), day=at.date())
        self._sent = Counter(dict(counted.values_list("address", "count")) if counts_address else {})

    def facts(self, ticket: Ticket) -> AutoReplyFacts:
        address = self._addresses[ticket.pk]
        verdict, suppressed = self._last.get(ticket.pk, (Verdict.PERSON, False))
        key = subject_key(ticket.subject)
        same = [pk for pk, said in self._subjects.get(address, {}).items() if said == key and pk != ticket.pk]
        return AutoReplyFacts(
            sender=address,
            verdict=verdict,
            own_addresses=self._own,
            suppressed=suppressed,
            sent_to_address=self._sent[address] if self._counts_address else 0,
            sent_in_ticket=self._told[ticket.pk],
            sent_about_subject=sum(self._told[pk] for pk in same),
        )

    def promise(self, ticket: Ticket) -> None:
        self._told[ticket.pk] += 1
        self._sent[self._addresses[ticket.pk]] += 1

    def _last_words(self) -> dict[int, tuple[Verdict, bool]]:
        """By ticket, of the last message from outside: its verdict, and whether no machine may answer it."""
        incoming = Message.objects.filter(ticket=OuterRef("pk"), kind=MessageKind.INCOMING).order_by("-pk")
        tickets = Ticket.objects.filter(pk__in=self._addresses)
        last = tickets.annotate(last=Subquery(incoming.values("pk")[:1])).values_list("last", flat=True)
        words = list(Message.objects.filter(pk__in=list(last)).values_list("pk", "ticket_id", "verdict"))
        automatic = InboundMail.objects.filter(message_id__in=[pk for pk, _, _ in words], is_automatic=True)
        silent = set(automatic.values_list("message_id", flat=True))
        return {ticket_id: (Verdict(verdict), pk in silent) for pk, ticket_id, verdict in words}

    def _recent_subjects(self) -> dict[str, dict[int, str]]:
        """By address and ticket, within a day: a loop that opens a ticket each turn keeps its subject."""
        found: dict[str, dict[int, str]] = {address: {} for address in self._addresses.values()}
        rows = Ticket.objects.filter(requester_address__in=found, created_at__gt=self._at - _DAY)
        newest = rows.order_by("-pk").values_list("requester_address", "pk", "subject")
        for address, pk, subject in newest[: _MOST_COMPARED * len(found)]:
            found[address][pk] = subject_key(subject)
        return found

    def _told_today(self, ticket_ids: Iterable[int]) -> Counter[int]:
        rows = Message.objects.filter(ticket_id__in=ticket_ids, kind=MessageKind.NOTICE)
        today = rows.filter(created_at__gt=self._at - _DAY).values("ticket_id").annotate(n=Count("pk"))
        return Counter(dict(today.values_list("ticket_id", "n")))
