"""What the rules of priority ask about tickets: a number of queries that does not grow with the tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import OuterRef, Subquery

from otklik.desk.models import Clock, Message, Ticket
from otklik.desk.rules.mood import read_mood
from otklik.desk.rules.priority import PriorityDecision, PriorityFacts, decide_priority, revenue_percentile
from otklik.desk.rules.vocabulary import ClockState, MessageKind
from otklik.kit.registry import gather, partner_providers
from otklik.partners.public import Partner

# A fact of an upper app: the sum (Decimal) a partner waits for because a payout is blocked.
BLOCKED = "payouts.blocked"
# How programs commonly call their tiers, lowest to highest; a tier with a name of its own gives no points.
_TIERS = (
    ("basic", "start", "starter", "bronze", "базовый", "старт", "бронза", "бронзовый"),
    ("standard", "silver", "стандарт", "серебро", "серебряный"),
    ("pro", "gold", "золото", "золотой"),
    ("vip", "premium", "platinum", "diamond", "премиум", "платина", "платиновый", "вип"),
)
_VIP = ("vip", "вип")
_STEPS = (0.5, 0.75, 0.9, 0.95, 0.99)
_LADDER_HOURS = 6


@dataclass(frozen=True, slots=True)
class _Around:
    blocked: Mapping[int, Any] = field(default_factory=dict)
    ladders: Mapping[int, Mapping[float, Decimal]] = field(default_factory=dict)
    clocks: Mapping[int, float] = field(default_factory=dict)


def decide_for_new(tickets: Sequence[Ticket], texts: Sequence[str]) -> list[PriorityDecision]:
    """Of tickets not yet stored, in order, with partner, contact and topic set; ``texts``: their first
    messages."""
    around = _around(tickets)
    return [
        decide_priority(_facts(ticket, text, around, timedelta(0)))
        for ticket, text in zip(tickets, texts, strict=True)
    ]


def decide_again(tickets: Sequence[Ticket], *, at: datetime) -> dict[int, PriorityDecision]:
    """By ticket id. The mood is that of the last thing somebody outside wrote."""
    ids = [ticket.pk for ticket in tickets]
    around = _around(tickets, _share_used(ids, at))
    texts = _last_words(ids)
    return {
        ticket.pk: decide_priority(_facts(ticket, texts.get(ticket.pk, ""), around, _waited(ticket, at)))
        for ticket in tickets
    }


def _around(tickets: Sequence[Ticket], clocks: Mapping[int, float] | None = None) -> _Around:
    partners = {ticket.partner for ticket in tickets if ticket.partner is not None}
    programs = {partner.program_id for partner in partners if partner.revenue is not None}
    facts = gather(partner_providers, sorted(partner.pk for partner in partners), names=[BLOCKED])
    return _Around(
        blocked=facts.get(BLOCKED, {}),
        ladders={program: _ladder(program) for program in programs},
        clocks=clocks or {},
    )


def _facts(ticket: Ticket, text: str, around: _Around, waited: timedelta) -> PriorityFacts:
    partner, contact, topic = ticket.partner, ticket.contact, ticket.topic
    blocked = around.blocked.get(partner.pk) if partner is not None else None
    tier = partner.tier if partner is not None else ""
    return PriorityFacts(
        tier=tier,
        tier_rank=_tier_rank(tier),
        revenue_percentile=(
            revenue_percentile(partner.revenue, around.ladders.get(partner.program_id, {}))
            if partner is not None
            else None
        ),
        role=contact.role if contact is not None else "",
        money_blocked=bool(blocked) or (topic is not None and topic.blocks_money),
        blocked_amount=blocked if isinstance(blocked, Decimal) else None,
        mood=read_mood(f"{ticket.subject}\n{text}"),
        age=waited,
        clock_used=around.clocks.get(ticket.pk),
        topic_points=topic.weight if topic is not None else 0,
        vip=partner is not None and {partner.tier.lower(), partner.segment.lower()} & set(_VIP) != set(),
    )


def _waited(ticket: Ticket, at: datetime) -> timedelta:
    return max(timedelta(0), at - ticket.awaiting_us_since) if ticket.awaiting_us_since else timedelta(0)


def _tier_rank(tier: str) -> float | None:
    for place, names in enumerate(_TIERS):
        if tier.strip().lower() in names:
            return place / (len(_TIERS) - 1)
    return None


def _ladder(program_id: int) -> Mapping[float, Decimal]:
    """Revenue at some percentiles of the program. Kept for hours: whether a partner is among the largest does
    not change with each ticket."""
    key = f"desk.revenue-ladder:{program_id}"
    ladder: dict[float, Decimal] | None = cache.get(key)
    if ladder is None:
        known = Partner.objects.filter(program_id=program_id, revenue__isnull=False).order_by("revenue", "pk")
        amounts = [amount for amount in known.values_list("revenue", flat=True) if amount is not None]
        ladder = {step: amounts[int(step * (len(amounts) - 1))] for step in _STEPS} if amounts else {}
        cache.set(key, ladder, timeout=_LADDER_HOURS * 3600)
    return ladder


def _share_used(ids: Sequence[int], at: datetime) -> dict[int, float]:
    """Of the time between start and deadline, the fullest clock of each ticket."""
    running = Clock.objects.filter(
        ticket_id__in=ids, state__in=[ClockState.RUNNING, ClockState.BREACHED], due_at__isnull=False
    )
    used: dict[int, float] = {}
    for ticket_id, started, due in running.values_list("ticket_id", "started_at", "due_at"):
        share = (at - started) / (due - started) if due is not None and due > started else 1.0
        used[ticket_id] = max(share, used.get(ticket_id, 0.0))
    return used


def _last_words(ids: Sequence[int]) -> dict[int, str]:
    # From the end of each thread: the largest id by grouping would read all of it.
    incoming = Message.objects.filter(ticket=OuterRef("pk"), kind=MessageKind.INCOMING).order_by("-pk")
    last = Ticket.objects.filter(pk__in=ids).annotate(last=Subquery(incoming.values("pk")[:1]))
    spoken = [pk for pk in last.values_list("last", flat=True) if pk is not None]
    return dict(Message.objects.filter(pk__in=spoken).values_list("ticket_id", "text"))
