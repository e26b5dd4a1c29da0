"""How things stand with people before anybody asks them for something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from otklik.desk.public import Priority, Ticket
from otklik.feedback.public import Response, ResponseStatus, SurveyKind
from otklik.loop.models import Alert
from otklik.loop.rules.guard import Relation, refusals
from otklik.loop.rules.vocabulary import GuardReason
from otklik.partners.public import Consent, Contact, PartnerStatus
from otklik.payouts.public import Hold, HoldReason, HoldState


@dataclass(frozen=True, slots=True)
class Owed:
    """What is open with a partner: while any of it is, nobody there is asked or sold to."""

    disputes: int = 0
    holds: int = 0
    critical_tickets: int = 0


def relations(contact_ids: Sequence[int], *, at: datetime) -> dict[int, Relation]:
    """By contact; ids that nobody has are left out. Disputes, holds and tickets are those of the partner,
    whoever looks: the guard must not depend on what one may see. Five queries."""
    people = list(Contact.objects.select_related("partner").filter(pk__in=contact_ids))
    partners = {person.partner_id for person in people}
    owed = owed_to(list(partners))
    alerts = Counter(
        Alert.objects.filter(partner_id__in=partners, closed_at=None, flow="detractor").values_list(
            "partner_id", flat=True
        )
    )
    scores = _last_scores([person.pk for person in people])
    return {
        person.pk: Relation(
            score=scores[person.pk][0] if person.pk in scores else None,
            score_days=(at - scores[person.pk][1]).days if person.pk in scores else None,
            disputes=owed[person.partner_id].disputes,
            holds=owed[person.partner_id].holds,
            critical_tickets=owed[person.partner_id].critical_tickets,
            open_alerts=alerts[person.partner_id],
            consent_withdrawn=person.consent == Consent.WITHDRAWN,
            is_gone=_is_gone(person),
        )
        for person in people
    }


def owed_to(partner_ids: Sequence[int]) -> dict[int, Owed]:
    """By partner, all of them. Two queries."""
    disputes: Counter[int] = Counter()
    critical: Counter[int] = Counter()
    tickets = Ticket.objects.filter(partner_id__in=partner_ids, is_open=True).filter(
        Q(priority=Priority.URGENT) | Q(topic__blocks_money=True)
    )
    for partner, priority, blocks in tickets.values_list("partner_id", "priority", "topic__blocks_money"):
        if partner is not None:
            critical[partner] += priority == Priority.URGENT
            disputes[partner] += bool(blocks)
    holds: Counter[int] = Counter()
    for partner, reason in Hold.objects.filter(partner_id__in=partner_ids, state=HoldState.OPEN).values_list(
        "partner_id", "reason"
    ):
        holds[partner] += 1
        disputes[partner] += reason == HoldReason.DISPUTE
    return {pk: Owed(disputes[pk], holds[pk], critical[pk]) for pk in partner_ids}


def may_not_be_asked(contact_id: int, *, at: datetime) -> tuple[GuardReason, ...]:
    """Why, now; empty: they may be asked. Raises Contact.DoesNotExist."""
    found = relations([contact_id], at=at).get(contact_id)
    if found is None:
        raise Contact.DoesNotExist(contact_id)
    return refusals(found)


def _is_gone(person: Contact) -> bool:
    if not person.is_active or person.erased_at is not None:
        return True
    return person.partner.status == PartnerStatus.LEFT


def _last_scores(people: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    rows = Response.objects.filter(contact_id__in=people, kind=SurveyKind.NPS, status=ResponseStatus.COMPLETE)
    return {
        contact: (score, said)
        for contact, score, said in rows.order_by("responded_at", "pk").values_list(
            "contact_id", "score", "responded_at"
        )
        if contact is not None
    }
