"""Something on every page of the loop and the map, where the cast and its surveys are: alerts in every state,
a map with ties and lines, a wave with what was expected and what came of it, a plan, a review with figures.
``build`` gives the addresses that the walk would show less of.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

DAY = timedelta(days=1)
PEOPLE = (
    ("Rita Belova", "shared", "high", 4, 9),
    ("Max Weber", "none", "high", 9, 9),
    ("Ольга Крылова", "none", "medium", 8, None),
    ("Денис Титов", "none", "low", 10, 6),
    ("Priya Patel", "unknown", "unknown", None, 3),
    ("João Lima", "none", "low", None, None),
)
"""Name, authority, influence, answer of the wave before and of the last one; None: silent."""
LONG = "Nobody says why a part of the payout is held, and the answer takes a week. " * 4


def build(at: datetime) -> list[str]:
    from otklik.partners.models import Contact
    from otklik.relationships.public import check_due, count_silence

    vera = Contact.objects.select_related("partner").get(addresses__value="vera@aurora.example")
    waves = _waves(vera.partner, at)
    # Vera and Gleb are on the map by the walk through all addresses.
    people = list(Contact.objects.filter(partner=vera.partner, is_active=True).order_by("pk")[2:])
    _map(people, at)
    alerts = _alerts(vera.partner, at)
    tasks = _tasks(waves[1], at)
    quarter = _plan(vera.partner, people, at)
    count_silence(at=at)
    check_due(at=at)
    return [
        *(f"/loop/?show={show}&days=365" for show in ("open", "late", "asleep", "tell", "closed")),
        *(f"/loop/alerts/{alert}/" for alert in alerts),
        f"/partners/{vera.partner_id}/map/?since=all",
        *(f"/map/tasks/{task}/" for task in tasks),
        "/map/tasks/?show=closed",
        f"/map/expected/{waves[1]}/{vera.partner_id}/",
        f"/map/expected/{waves[2]}/{vera.partner_id}/",
        f"/partners/{vera.partner_id}/reviews/{quarter}/",
    ]


def _waves(partner: Any, at: datetime) -> list[int]:
    """One that is over, one that is over too and had been expected something of, and one not yet begun."""
    from otklik.events.public import Actor
    from otklik.feedback.models import Response
    from otklik.feedback.operations.surveys import create_survey
    from otklik.feedback.rules.vocabulary import SurveyKind, WaveState
    from otklik.feedback.tests.invited import invite, wave_of
    from otklik.partners.models import Contact
    from otklik.relationships.models import ExpectedScore

    by, begun = Actor.system(), at - 200 * DAY
    version = create_survey(
        program_id=partner.program_id, name="Loop and map", kind=SurveyKind.NPS, by=by, at=begun
    )
    people = [
        Contact.objects.create(
            partner=partner, name=name, authority=authority, influence=influence, job_title="Head of media",
            role=_role(authority, influence), created_at=begun,
        )
        for name, authority, influence, _, _ in PEOPLE
    ]  # fmt: skip
    found = []
    for place, days in enumerate((120, 20)):
        start = at - days * DAY
        wave = wave_of(
            version, name=f"Asked {days} days ago", state=WaveState.CLOSED, started_at=start,
            closed_at=start + 10 * DAY, created_at=start,
        )  # fmt: skip
        found.append(wave.pk)
        for contact, told in zip(people, PEOPLE, strict=True):
            if place:
                ExpectedScore.objects.create(
                    wave=wave, contact=contact, user=partner.manager, score=9, entered_at=start
                )
            score, said = told[3 + place], start + DAY
            sent = {"planned_at": start, "sent_at": start, "expires_at": start + 10 * DAY}
            one = invite(wave, contact, **sent, answered_at=None if score is None else said)
            if score is not None:
                Response.objects.create(
                    version=version, kind="nps", partner=partner, contact=contact, invitation=one,
                    score=score, comment=LONG if score < 7 else "", source_key=f"i{one.pk}", channel="email",
                    responded_at=said, recorded_at=said, program_id=partner.program_id, role=contact.role,
                )  # fmt: skip
    draft = wave_of(version, name="Not begun", state=WaveState.DRAFT, created_at=at)
    return [*found, draft.pk]


def _role(authority: str, influence: str) -> str:
    from otklik.partners.rules.roles import role_from
    from otklik.partners.rules.vocabulary import Authority, Influence

    return role_from(Authority(authority), Influence(influence), None).value


def _map(people: list[Any], at: datetime) -> None:
    from otklik.events.public import Actor
    from otklik.relationships.public import (
        InfluenceKind,
        TieKind,
        TieLevel,
        state_influence_line,
        state_tie,
    )

    manager, by = people[0].partner.manager, Actor.system()
    for person, level, kind in zip(people, list(TieLevel), list(TieKind), strict=False):
        state_tie(contact_id=person.pk, user_id=manager.pk, kind=kind, level=level, by=by, at=at - 400 * DAY)
    for target, kind in zip(people[1:], [*InfluenceKind, *InfluenceKind], strict=False):
        state_influence_line(source_id=people[0].pk, target_id=target.pk, kind=kind, by=by, at=at - DAY)


def _alerts(partner: Any, at: datetime) -> list[int]:
    """Overdue and asleep, promised, closed and not told, closed and told and to be asked again."""
    from otklik.events.public import Actor
    from otklik.feedback.models import Response
    from otklik.loop.public import (
        Alert,
        Outcome,
        RootCause,
        Spoken,
        Way,
        begin_loop,
        close_alert,
        note_follow_up,
        plan_re_ask,
        promise_action,
        raise_for_answers,
        snooze_alert,
        tell_partner,
    )

    by = Actor.person(partner.manager_id)
    begin_loop(program_id=partner.program_id, by=by, at=at - 300 * DAY)
    cause = RootCause.objects.filter(program_id=partner.program_id, children=None)[0].pk
    made = []
    low = Response.objects.filter(partner=partner, kind="nps", score__lt=7, contact__isnull=False)
    for place, response in enumerate(low.order_by("responded_at", "pk")[:4]):
        opened = response.responded_at + timedelta(hours=1)
        raise_for_answers(response_ids=[response.pk], by=Actor.system(), at=opened)
        alert = Alert.objects.get(response=response).pk
        made.append(alert)
        change: dict[str, Any] = {"alert_id": alert, "by": by}
        if place == 0:
            snooze_alert(until=at + 3 * DAY, reason=LONG[:250], at=at - DAY, **change)
            continue
        spoken = Spoken(Way.CALL, opened + DAY, LONG)
        note_follow_up(spoken=spoken, at=opened + DAY, **change)
        if place == 1:
            due = (at + 5 * DAY).date()
            promise_action(text="A word on the same day", due_on=due, on=at.date(), at=at, **change)
            continue
        closed = opened + 2 * DAY
        close_alert(outcome=Outcome.MENDED, cause_ids=[cause], result=LONG, at=closed, **change)
        if place == 3:
            tell_partner(how=Way.LETTER, happened_at=closed, at=closed, **change)
            plan_re_ask(due_on=(at + 30 * DAY).date(), on=at.date(), at=at, **change)
    return made


def _tasks(wave_id: int, at: datetime) -> list[int]:
    """One of each kind, and one that is done."""
    from otklik.events.public import Actor
    from otklik.relationships.public import CallState, CallToAction, close_call, raise_calls

    by = Actor.system()
    raise_calls(wave_id=wave_id, today=at.date(), by=by, at=at - DAY)
    calls = list(CallToAction.objects.filter(wave_id=wave_id).order_by("pk"))
    if len(calls) > 1:
        close_call(call_id=calls[-1].pk, state=CallState.DONE, note=LONG, by=by, at=at)
    return sorted({call.kind: call.pk for call in calls}.values())


def _plan(partner: Any, people: list[Any], at: datetime) -> str:
    from otklik.events.public import Actor
    from otklik.relationships.public import (
        add_action,
        finish_action,
        make_review,
        quarter_before,
        quarter_of,
        save_plan,
    )

    by, today = Actor.person(partner.manager_id), at.date()
    save_plan(
        partner_id=partner.pk, text=LONG, next_review_on=today + 30 * DAY, expected_version=0, by=by, at=at
    )
    owner = {"partner_id": partner.pk, "owner_id": partner.manager_id, "by": by, "at": at}
    for days in (-3, 9):
        action = add_action(text=LONG[:150], due_on=today + days * DAY, contact_id=people[0].pk, **owner)
    finish_action(action_id=action.pk, by=by, at=at)
    quarter = quarter_before(quarter_of(today))
    for first in (quarter, quarter_of(today)):
        make_review(
            partner_id=partner.pk, quarter=first, words=LONG, user=partner.manager, today=today, by=by, at=at
        )
    return quarter_of(today).isoformat()
