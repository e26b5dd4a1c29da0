"""What a plan comes to for the people there are: who is asked and when, who is not and why. Preview, start
and the daily share of a rolling survey all read it here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Max, Q, QuerySet

from otklik.feedback.models import Invitation, Wave
from otklik.feedback.queries.asking import Person, histories, people_of, rules_of
from otklik.feedback.rules.asking import History, Rules, may_ask
from otklik.feedback.rules.plans import Plan, read_plan
from otklik.feedback.rules.sampling import Candidate, Sample, draw, draw_day
from otklik.feedback.rules.send_time import business_hours, send_at, spread_at
from otklik.feedback.rules.vocabulary import InvitationState, Refusal


@dataclass(frozen=True, slots=True)
class Layout:
    people: Sequence[Person]
    moments: Mapping[int, datetime]
    """By contact: when the invitation would leave."""
    sample: Sample
    passed_over: Sequence[int] = ()
    """Of a rolling survey: contacts whose turn it was on this day and who have an open ticket."""


def lay_out(wave: Wave, *, at: datetime) -> Layout:
    """Of a wave that asks once. What was written of it before (a planning that was killed) stays and counts:
    from the same data the same sample comes out as without the interruption."""
    plan = read_plan(wave.plan)
    start = max(at, wave.starts_at or at)
    people = people_of(wave.program_id, plan, at=start)
    moments = _moments(people, plan, start)
    written = Invitation.objects.filter(wave=wave, state__in=IN_THE_ROUND, picked_by=None)
    kept = frozenset(written.values_list("contact_id", flat=True))
    refusals = _refusals(people, moments, wave, plan, at=at, but_wave=wave.pk, kept=kept)
    candidates = [_candidate(one, refusals.get(one.contact_id)) for one in people]
    sample = draw(candidates, seed=plan.seed, quotas=plan.quotas, total=plan.total, kept=kept)
    return Layout(people, moments, sample)


def lay_out_day(wave: Wave, *, day: date, at: datetime) -> Layout:
    """Of a rolling survey; those of the day who were written before count into its share. Before renewals
    (``renewal_days``) everybody who is due is asked at once, unless the plan says how many a day."""
    plan = read_plan(wave.plan)
    people = people_of(wave.program_id, plan, at=at)
    moments = _moments(people, plan, at)
    refusals = _refusals(people, moments, wave, plan, at=at)
    # Whoever was taken out by hand had their turn, too.
    taken_out = Q(state=InvitationState.WITHDRAWN, reason=Refusal.BY_HAND)
    written = Invitation.objects.filter(Q(state__in=IN_THE_ROUND) | taken_out, wave=wave)
    latest = _latest(written)
    # Had their turn as well, and are no part of the share.
    by_hand = _of_day(_latest(written.filter(key__startswith=PUT_IN)), day)
    at_once = len(people) if plan.renewal_days is not None else None
    share = partial(
        draw_day,
        day=day,
        every_days=plan.every_days,
        seed=plan.seed,
        per_day=at_once if plan.per_day is None else plan.per_day,
    )
    sample = share(_in_turn(people, refusals, latest), already=_of_day(latest, day) - by_hand)
    passed_over: tuple[int, ...] = ()
    if Refusal.OPEN_TICKET in refusals.values():
        # The share of this day as it would be if nobody were left out for a ticket.
        asked_or_left = dict(latest)
        for contact, moment in _latest(left_out_for_tickets(wave)).items():
            asked_or_left[contact] = max(moment, asked_or_left.get(contact, moment))
        others = {contact: why for contact, why in refusals.items() if why is not Refusal.OPEN_TICKET}
        full = share(_in_turn(people, others, asked_or_left), already=_of_day(asked_or_left, day) - by_hand)
        passed_over = tuple(pk for pk in full.chosen if refusals.get(pk) is Refusal.OPEN_TICKET)
    return Layout(people, moments, sample, passed_over)


def foreseen(wave: Wave, contact_ids: Sequence[int], *, at: datetime) -> dict[int, Refusal | None]:
    """Of a draft, if it began now: who of these few belongs to its audience, and what forbids asking them.
    Quotas and the draw are not looked at; who is absent is not of the audience."""
    plan = read_plan(wave.plan)
    start = max(at, wave.starts_at or at)
    people = people_of(wave.program_id, plan, at=start, only=contact_ids)
    refusals = _refusals(people, _moments(people, plan, start), wave, plan, at=at, but_wave=wave.pk)
    return {one.contact_id: refusals.get(one.contact_id) for one in people}


# How the key of somebody put in by a person begins (``operations/by_hand``).
PUT_IN = "h"


def left_out_for_tickets(wave: Wave) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        wave=wave, state=InvitationState.LEFT_OUT, reason=Refusal.OPEN_TICKET.value
    )


def _latest(rows: QuerySet[Invitation]) -> dict[int, datetime]:
    """By contact."""
    return dict(rows.order_by().values_list("contact_id").annotate(last=Max("planned_at")))


def _of_day(latest: Mapping[int, datetime], day: date) -> int:
    return sum(moment.date() == day for moment in latest.values())


def _in_turn(
    people: Sequence[Person], refusals: Mapping[int, Refusal], latest: Mapping[int, datetime]
) -> list[Candidate]:
    of_person: dict[str, datetime] = {}
    for one in people:
        if one.address and (asked := latest.get(one.contact_id)) is not None:
            of_person[one.address] = max(asked, of_person.get(one.address, asked))
    return [
        _candidate(
            one, refusals.get(one.contact_id), of_person.get(one.address) or latest.get(one.contact_id)
        )
        for one in people
    ]


def refusal_of(
    one: Person, wave: Wave, plan: Plan, *, moment: datetime, at: datetime, by_mail: bool = True
) -> Refusal | None:
    """Of a single person at a single moment, for what happens one by one."""
    rules = rules_of(wave.program_id)
    found = histories([one], wave.program_id, rules=rules, at=at)
    return _refusal(one, found[one.contact_id], rules, plan, moment, by_mail)


def moment_for(one: Person, plan: Plan, event: datetime, *, at: datetime) -> datetime:
    hours = business_hours(one.zone, one.preferred_hours, one.country)
    return send_at(hours, event, timedelta(hours=plan.delay_hours), now=at)


IN_THE_ROUND = [
    state for state in InvitationState if state not in (InvitationState.LEFT_OUT, InvitationState.WITHDRAWN)
]


def _moments(people: Iterable[Person], plan: Plan, start: datetime) -> dict[int, datetime]:
    over = timedelta(hours=plan.spread_hours)
    return {
        one.contact_id: spread_at(
            business_hours(one.zone, one.preferred_hours, one.country),
            start,
            over,
            f"{plan.seed}:{one.contact_id}",
        )
        for one in people
    }


def _refusals(
    people: Sequence[Person],
    moments: Mapping[int, datetime],
    wave: Wave,
    plan: Plan,
    *,
    at: datetime,
    but_wave: int | None = None,
    kept: frozenset[int] = frozenset(),
) -> dict[int, Refusal]:
    rules = rules_of(wave.program_id)
    found = histories(people, wave.program_id, rules=rules, at=at, but_wave=but_wave)
    refusals = {
        one.contact_id: _refusal(one, found[one.contact_id], rules, plan, moments[one.contact_id])
        for one in people
        if one.contact_id not in kept
    }
    return {contact: refusal for contact, refusal in refusals.items() if refusal is not None}


def _refusal(
    one: Person, history: History, rules: Rules, plan: Plan, moment: datetime, by_mail: bool = True
) -> Refusal | None:
    if one.contact_id in plan.taken_out:
        return Refusal.BY_HAND
    return may_ask(history, rules, moment, by_mail=by_mail)


def _candidate(one: Person, refusal: Refusal | None, asked: datetime | None = None) -> Candidate:
    manager = "" if one.manager_id is None else str(one.manager_id)
    return Candidate(
        one.contact_id,
        one.role,
        one.tier,
        manager,
        asked.date() if asked is not None else None,
        refusal,
        # Two contacts with one address are one person, who is asked once.
        one.address,
    )
