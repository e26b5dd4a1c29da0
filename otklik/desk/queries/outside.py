"""Who stands outside in a ticket beside the one who asked, and what somebody new there would read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from otklik.desk.models import EndCustomer, Participant, Ticket
from otklik.desk.queries.sides import messages_for
from otklik.desk.rules.vocabulary import Side
from otklik.identity.public import User
from otklik.partners.public import AddressKind, Contact, Partner, visible_partners
from otklik.search.public import matching_ids

# Companies write from these, but nobody is a company because of them.
_FREE = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com icloud.com
me.com mac.com proton.me protonmail.com gmx.de gmx.net gmx.com web.de t-online.de mail.com zoho.com pm.me
mail.ru bk.ru list.ru inbox.ru internet.ru yandex.ru yandex.com ya.ru yandex.by yandex.kz yandex.ua rambler.ru
lenta.ru ro.ru tut.by ukr.net i.ua meta.ua bigmir.net qq.com 163.com 126.com orange.fr wanadoo.fr free.fr
laposte.net libero.it virgilio.it uol.com.br bol.com.br terra.com.br o2.pl wp.pl onet.pl interia.pl seznam.cz
fastmail.com mail.kz inbox.lv naver.com daum.net hanmail.net duck.com tutanota.com tuta.io hey.com
"""
FREE_MAIL = frozenset(_FREE.split())
_MOST_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class Newcomer:
    """``name``: as we know them, "" for an address nobody is known by. ``reads``: messages of the ticket that
    their side may read already."""

    name: str
    reads: int


def newcomer(ticket: Ticket, side: Side, address: str) -> Newcomer:
    """Two queries. ``address`` as stored: lower case."""
    name = _known_name(ticket.partner_id, side, address) if ticket.partner_id is not None else ""
    return Newcomer(name, messages_for(side, ticket).count())


def _known_name(partner_id: int, side: Side, address: str) -> str:
    if side is Side.CUSTOMER:
        clients = EndCustomer.objects.filter(partner_id=partner_id, address=address, erased_at=None)
        return clients.values_list("name", flat=True).first() or ""
    people = Contact.objects.filter(
        partner_id=partner_id,
        addresses__kind=AddressKind.EMAIL,
        addresses__normalised=address,
        erased_at=None,
    )
    return people.values_list("name", flat=True).first() or ""


def partners_at_domain(user: User, address: str, *, program_id: int) -> list[Partner]:
    """Whose people write from the domain of an unknown writer, for a person to choose from: a domain proves
    nothing. None for domains where everybody has an address. Two queries."""
    domain = address.strip().lower().rpartition("@")[2]
    if not domain or domain in FREE_MAIL:
        return []
    # The search index finds the domain; the addresses themselves are not indexed by how they end.
    ids = matching_ids(domain, "contact")
    if not ids:
        return []
    people = Contact.objects.filter(
        pk__in=ids,
        addresses__kind=AddressKind.EMAIL,
        addresses__normalised__endswith=f"@{domain}",
        erased_at=None,
    )
    rows = visible_partners(user).filter(program_id=program_id, erased_at=None)
    return list(rows.filter(pk__in=people.values("partner_id")).order_by("name")[:_MOST_SUGGESTED])


def beside_the_requester(ticket: Ticket) -> QuerySet[Participant]:
    """Those that may be taken out: who asked and the end customer are in the ticket by its own facts."""
    rows = Participant.objects.filter(ticket=ticket).order_by("pk")
    if ticket.contact_id is not None:
        rows = rows.exclude(contact_id=ticket.contact_id)
    if ticket.customer_id is not None:
        rows = rows.exclude(customer_id=ticket.customer_id)
    return rows.exclude(address=ticket.requester_address)


def erasable_customers(user: User) -> QuerySet[EndCustomer]:
    """Of the partners this person sees."""
    visible = visible_partners(user).values("pk")
    return EndCustomer.objects.filter(erased_at=None, partner_id__in=visible).select_related("partner")
