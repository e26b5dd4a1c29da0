"""What came of the answers of ``loop_people``: alerts, ties, tasks, tickets, promises and money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.bench.loop_people import DAYS_BETWEEN, Filling, store
from tests.bench.scale import TIERS

CAUSES = ("Payouts", "Tracking", "Reports", "Terms", "Manager", "Creatives")


def add_alerts(filling: Filling, invited: Sequence[Any]) -> None:
    """Low answers, the newest first, and silent people for what is missing. Of the last wave six of ten are
    closed, of those before nearly all."""
    from otklik.feedback.models import Response
    from otklik.loop.models import Alert, AlertCause, AlertRule, FollowUp, RootCause

    programs = [version.survey.program_id for version in filling.versions]
    rules = {
        (program, kind): AlertRule.objects.create(
            program_id=program, name=f"Bench: {kind}", kind=kind, conditions={}, created_at=filling.at
        )
        for program in programs
        for kind in ("score", "silence")
    }
    low = Response.objects.filter(program__in=programs, invitation__isnull=False, score__lte=6)
    heard = list(low.order_by("-responded_at").values_list(
        "pk", "program_id", "partner_id", "contact_id", "partner__manager_id", "responded_at", "score"
    )[: filling.size.alerts * 4 // 5])  # fmt: skip
    silent = [one for one in reversed(invited) if one.answered_at is None][: filling.size.alerts - len(heard)]
    rows = [
        _alert(filling, rules[program, "score"], "detractor", partner, contact, manager, said,
               {"response_id": pk, "said_at": said, "score": score, "survey_kind": "nps",
                "key": f"bench:response:{pk}", "reasons": [["score", score]]})
        for pk, program, partner, contact, manager, said, score in heard
    ] + [
        _alert(filling, rules[one.program_id, "silence"], "silent", one.partner_id, one.contact_id,
               one.manager_id, one.expires_at,
               {"wave_id": one.wave_id, "key": f"bench:silent:{one.pk}", "reasons": [["silent", 0.8]]})
        for one in silent
    ]  # fmt: skip
    alerts = store(Alert, rows)
    causes = {
        program: store(RootCause, [RootCause(program_id=program, names={"en": one}) for one in CAUSES])
        for program in programs
    }
    closed = [one for one in alerts if one.closed_at]
    chosen = (filling.random.exponential(1.5, len(closed)).astype(int) % len(CAUSES)).tolist()
    pairs = zip(closed, chosen, strict=True)
    store(AlertCause, (AlertCause(alert=one, cause=causes[one.program_id][n]) for one, n in pairs))
    store(
        FollowUp,
        (
            FollowUp(alert=one, contact_id=one.contact_id, way="call", at=one.first_contact_at,
                     by_id=one.owner_id, text="Spoke about the payout.", created_at=one.first_contact_at)
            for one in alerts
            if one.first_contact_at
        ),
    )  # fmt: skip


def _alert(
    filling: Filling, rule: Any, flow: str, partner: int, contact: int, owner: int, at: datetime,
    also: dict[str, Any],
) -> Any:  # fmt: skip
    from otklik.loop.models import Alert

    is_new = filling.at - at < timedelta(days=DAYS_BETWEEN)
    closed = filling.random.random() < (0.6 if is_new else 0.97)
    spoken = closed or filling.random.random() < 0.4
    came = at + timedelta(hours=float(filling.random.exponential(40)))
    ended = min(came + timedelta(days=float(filling.random.exponential(8))), filling.at)
    told = closed and filling.random.random() < 0.8
    due = at + timedelta(days=4)
    return Alert(
        program_id=rule.program_id, partner_id=partner, contact_id=contact, rule=rule, kind=rule.kind,
        flow=flow, owner_id=owner, owner_reason="manager", opened_at=at, due_at=due,
        escalates_at=due + timedelta(days=2), first_contact_at=min(came, filling.at) if spoken else None,
        state="closed" if closed else "contacted" if spoken else "open",
        closed_at=ended if closed else None, closed_by_id=owner if closed else None,
        outcome=("mended", "explained", "not_possible")[partner % 3] if closed else "",
        told_at=ended if told else None, told_how="letter" if told else "", owes_word=closed and not told,
        **also,
    )  # fmt: skip


def add_map(filling: Filling) -> None:
    """Ties of every third person, a contract for each tier, and the last wave's tasks."""
    from otklik.relationships.models import CoverageContract, Tie

    levels, kinds = (
        ("none", "weak", "working", "strong"),
        ("manager", "sponsor", "work", "support", "personal"),
    )
    drawn = filling.random.integers(0, 20, len(filling.people)).tolist()
    large = filling.partners[-1].pk
    store(
        Tie,
        (
            Tie(contact=one, user_id=one.partner.manager_id, kind=kinds[n % 5], level=levels[n % 4],
                stated_by_id=one.partner.manager_id, stated_at=filling.at - timedelta(days=n * 30))
            for one, n in zip(filling.people, drawn, strict=True)
            if one.pk % 3 == 0 or one.partner_id == large
        ),
    )  # fmt: skip
    needs = {"decision_maker": [2, 1], "influencer": [1, 1], "end_user": [3, 2]}
    store(
        CoverageContract,
        (
            CoverageContract(program_id=version.survey.program_id, tier=tier, needs=needs, months=6,
                             set_at=filling.at)
            for version in filling.versions
            for tier in TIERS
        ),
    )  # fmt: skip
    _add_lines(filling, [one for one in filling.people if one.partner_id == large])
    _add_tasks(filling)


def _add_lines(filling: Filling, people: Sequence[Any]) -> None:
    from otklik.relationships.models import InfluenceLine

    pairs = {(n, int(filling.random.integers(0, max(1, n)))) for n in range(1, len(people)) if n % 4 == 0}
    kinds = ("leads", "advises", "blocks")
    store(
        InfluenceLine,
        (
            InfluenceLine(source=people[b], target=people[a], kind=kinds[a % 3], stated_at=filling.at)
            for a, b in sorted(pairs)
        ),
    )


def _add_tasks(filling: Filling) -> None:
    from otklik.feedback.models import Invitation, Wave
    from otklik.relationships.models import CallToAction

    programs = [version.survey.program_id for version in filling.versions]
    for program in programs:
        wave = Wave.objects.filter(program_id=program).order_by("-started_at")[0]
        rows = Invitation.objects.filter(wave=wave).order_by("pk").values_list(
            "contact_id", "partner_id", "partner__manager_id", "answered_at"
        )  # fmt: skip
        store(
            CallToAction,
            (
                CallToAction(
                    wave=wave, partner_id=partner, contact_id=contact, owner_id=manager, place=place,
                    kind="move" if answered else "silence", certainty="beyond" if answered else "",
                    what=("fell", "rose")[place % 2] if answered else ("regular", "gap")[place % 2],
                    task="ask_what_changed" if answered else "reach_personally",
                    due_on=filling.at.date() + timedelta(days=place % 20),
                    state="open" if place % 3 else "done", raised_at=wave.closed_at,
                    closed_at=None if place % 3 else filling.at,
                )
                for place, (contact, partner, manager, answered) in enumerate(rows)
                if contact % 3 == 0
            ),
        )  # fmt: skip


def add_work(filling: Filling) -> None:
    """Tickets, promises, earnings and holds: what risk and the map are judged by."""
    from otklik.desk.models import Message, Ticket
    from otklik.dialogue.models import Commitment
    from otklik.payouts.models import Entry, Hold

    at, today = filling.at, filling.at.date()
    large = filling.partners[-1].pk
    asking = [one for n, one in enumerate(filling.people) if n % 4 == 0 or one.partner_id == large]
    ages = filling.random.integers(1, 500, len(asking)).tolist()
    tickets = store(Ticket, (_ticket(one, age, at) for one, age in zip(asking, ages, strict=True)))
    store(Message, (_message(one, kind) for one in tickets for kind in ("incoming", "reply")))
    store(
        Commitment,
        (
            Commitment(partner=one, side="ours", text="Faster payouts", owner_id=one.manager_id,
                       due_on=today + timedelta(days=n % 60 - 20), state=("agreed", "done")[n % 2],
                       proposed_by="ours", created_at=at - timedelta(days=60))
            for n, one in enumerate(filling.partners)
            if n % 4 == 0
        ),
    )  # fmt: skip
    store(
        Entry,
        (
            Entry(program_id=one.program_id, partner=one, currency="EUR", kind="earned",
                  amount=Decimal(100 + (n * 7919 + ago * 13) % 5000), earned_on=today - timedelta(days=ago),
                  recorded_at=at)
            for n, one in enumerate(filling.partners)
            for ago in (30, 120, 220, 320)
        ),
    )  # fmt: skip
    store(
        Hold,
        (
            Hold(partner=one, currency="EUR", amount=Decimal(50), reason="dispute", checking="Two orders",
                 decide_by=today + timedelta(days=9), opened_at=at - timedelta(days=9))
            for n, one in enumerate(filling.partners)
            if n % 40 == 0
        ),
    )  # fmt: skip


def _ticket(person: Any, age: int, at: datetime) -> Any:
    from otklik.desk.models import Ticket

    is_open, moment = age < 40, at - timedelta(days=age)
    return Ticket(
        program_id=person.partner.program_id, partner=person.partner, contact=person,
        subject="Where is the payout?", status="open" if is_open else "closed", is_open=is_open,
        outcome="" if is_open else "answered", channel="email", language="en",
        priority="urgent" if age % 8 == 0 else "normal", priority_rank=0 if age % 8 == 0 else 2,
        created_at=moment, updated_at=moment, last_incoming_at=moment, last_outgoing_at=moment,
        closed_at=None if is_open else moment, owner_id=person.partner.manager_id,
        public_key=f"bench{person.pk}", message_count=2,
    )  # fmt: skip


def _message(ticket: Any, kind: str) -> Any:
    from otklik.desk.models import Message

    ours = kind == "reply"
    return Message(
        ticket=ticket, kind=kind, side="staff" if ours else "partner", channel="email",
        visible_to_partner=True,
        author_id=ticket.owner_id if ours else None, contact_id=None if ours else ticket.contact_id,
        text="When will it come?", happened_at=ticket.created_at, created_at=ticket.created_at,
    )  # fmt: skip
