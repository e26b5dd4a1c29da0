"""The board's figures, and who may be asked for something."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Ticket, Topic
from otklik.events.public import Actor
from otklik.feedback.models import Response
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.identity.models import User
from otklik.loop.access import visible_alerts
from otklik.loop.models import Alert, AlertCause, AlertRule
from otklik.loop.operations.closing import close_alert
from otklik.loop.operations.owning import escalate_due
from otklik.loop.operations.working import snooze_alert, tell_partner
from otklik.loop.queries.figures import (
    BoardFilter,
    board,
    came_of_it,
    causes_of,
    lateness_is,
)
from otklik.loop.queries.guarding import may_not_be_asked, relations
from otklik.loop.queries.pairs import paired
from otklik.loop.queries.waits import waits_for_a_word
from otklik.loop.rules.deadlines import lateness
from otklik.loop.rules.recovered import Pair
from otklik.loop.rules.vocabulary import GuardReason, Lateness, NotTold, Outcome, Way
from otklik.loop.tests.stories import AT, answered, by, called, cause, raised
from otklik.partners.models import Contact
from otklik.payouts.models import Hold
from tests.world import NOW, World

ALL = BoardFilter(NOW - timedelta(days=90), NOW + timedelta(days=90))


def pairs_of(user: User) -> Mapping[Pair, int]:
    return paired(visible_alerts(user)).counted


def closed(world: World, alert: Alert, *causes: int, hours: int = 1) -> None:
    called(world, alert, at=AT + timedelta(hours=hours))
    close_alert(
        alert_id=alert.pk,
        outcome=Outcome.MENDED,
        cause_ids=causes or [cause(world).pk],
        by=by(world.boris),
        at=AT + timedelta(hours=hours),
    )


def test_the_board_counts_what_waits_and_what_was_done(world: World) -> None:
    done, told, late, asleep, _ = (raised(world) for _ in range(5))
    closed(world, done, hours=1)
    closed(world, told, hours=50)
    at = AT + timedelta(hours=60)
    tell_partner(alert_id=told.pk, how=Way.CALL, happened_at=at, by=by(world.boris), at=at)
    snooze_alert(alert_id=asleep.pk, until=at + timedelta(days=1), reason="x", by=by(world.boris), at=AT)
    Alert.objects.filter(pk=late.pk).update(due_at=at + timedelta(hours=1))
    assert escalate_due(by=Actor.system(), at=at) == 2
    found = board(world.anna, ALL, at=at)
    now = found.now
    assert (now.open, now.unspoken, now.overdue, now.escalated) == (3, 3, 2, 1)
    assert (now.soon, now.asleep, now.to_tell) == (1, 1, 1)
    first = found.first_contact
    assert (first.spoken, first.waiting, first.in_time, first.judged) == (2, 3, 1, 4)
    assert (first.half, first.most) == (None, None)
    assert (found.closed.alerts, found.closed.closed, found.closed.told) == (5, 2, 1)
    assert found.closed.outcomes == {Outcome.MENDED: 2}
    assert board(world.clara, ALL, at=at).now.open == 0


def test_half_were_spoken_to_within_so_many_hours(world: World) -> None:
    for hours in (1, 5, 30):
        called(world, raised(world), at=AT + timedelta(hours=hours))
    assert board(world.anna, ALL, at=AT + timedelta(hours=31)).first_contact.half == 5


@pytest.mark.parametrize("hours", [0, 24, 30, 48, 49, 56])
def test_lists_and_rules_judge_lateness_alike(world: World, hours: int) -> None:
    alerts = [raised(world) for _ in range(3)]
    called(world, alerts[0])
    at = AT + timedelta(hours=hours)
    if hours == 56:
        escalate_due(by=Actor.system(), at=at)
    for alert in Alert.objects.all():
        assert [one for one in Lateness if Alert.objects.filter(lateness_is(one, at), pk=alert.pk)] == [
            lateness(alert.standing, at)
        ]


def test_scores_are_paired_with_the_persons_next_answer_and_what_was_closed_by_then(
    world: World,
) -> None:
    first = raised(world, 2, day="2026-02-01")
    closed(world, first)
    raised(world, 5, contact=world.gleb, day="2026-02-02")
    assert not pairs_of(world.anna)
    later = AT + timedelta(days=20)
    for person, score in ((world.vera, 8), (world.vera, 3), (world.gleb, 6)):
        answered(world, score, contact=person, day=(AT + timedelta(days=9)).date().isoformat(), at=later)
    assert pairs_of(world.anna) == {Pair(2, 8, True): 1, Pair(5, 6, False): 1}
    found = came_of_it(world.anna, ALL, latest=5)
    assert (found.recovered.hits, found.recovered.people) == (1, 1)
    assert [(one.alert, one.answer.score) for one in found.risen] == [(first, 8)]
    assert found.compared.not_told is NotTold.FEW_CLOSED
    assert not came_of_it(world.clara, ALL, latest=5).risen


def test_causes_add_up_with_the_revenue_that_the_reader_may_see(world: World) -> None:
    world.aurora.revenue = Decimal(1000)
    world.aurora.save()
    top = cause(world)
    below, other = cause(world, "Bank is slow", top), cause(world, "Rates")
    for causes in ([top, below], [below], [other, below]):
        closed(world, raised(world), *(one.pk for one in causes))
    lines = causes_of(world.anna, ALL)
    assert [(one.cause, one.line.alerts, one.line.revenue) for one in lines] == [
        (below, 3, Decimal(1000)),
        (top, 1, Decimal(1000)),
        (other, 1, Decimal(1000)),
    ]
    branches = causes_of(world.anna, ALL, by_branch=True)
    assert [(one.cause, one.line.alerts) for one in branches] == [(top, 3), (other, 1)]
    # Dmitri sees partners, and no revenue.
    assert {one.line.revenue for one in causes_of(world.dmitri, ALL)} == {None}
    assert causes_of(world.clara, ALL) == []


def test_a_board_costs_the_same_however_much_there_is(world: World) -> None:
    counts = []
    assert world.anna.rights
    for _ in range(2):
        for _ in range(2):
            closed(world, raised(world))
        with CaptureQueriesContext(connection) as asked:
            board(world.anna, ALL, at=AT)
            came_of_it(world.anna, ALL)
            causes_of(world.anna, ALL)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert AlertCause.objects.count() == 4


def test_the_database_counts_what_a_plain_recount_of_random_rows_does(world: World) -> None:
    draw = random.Random(8)
    people = [world.vera, world.gleb, *more_people(world, 4)]
    for _ in range(60):
        contact = draw.choice(people)
        moment = NOW - timedelta(days=draw.randrange(40), minutes=draw.randrange(900))
        row = answer(nps_version(world), contact.partner, draw.randrange(11), contact_id=contact.pk)
        (found,) = store(replace(row, responded_at=moment))
        if draw.random() < 0.6:
            alert_of(world, contact, found.response_id, row.score, moment, draw)
    at, rows = NOW + timedelta(days=2), list(Alert.objects.select_related("contact"))
    assert pairs_of(world.anna) == slowly_paired(rows)
    waits = waits_for_a_word(Alert.objects.all(), at)
    assert Counter({one.time: one.ended for one in waits.waits if one.ended}) == Counter(
        round((one.first_contact_at - one.opened_at).total_seconds() / 360) / 10
        for one in rows
        if one.first_contact_at
    )
    spoken = [one for one in rows if one.first_contact_at]
    silent = [one for one in rows if not one.first_contact_at and not one.closed_at]
    assert (waits.spoken, waits.waiting) == (len(spoken), len(silent))
    assert waits.in_time == sum(one.first_contact_at <= one.due_at for one in spoken)
    assert waits.judged == len(spoken) + sum(one.due_at <= at for one in silent)


def more_people(world: World, number: int) -> list[Contact]:
    rows = (
        Contact(partner=draw, name=f"Person {n}", created_at=NOW)
        for n, draw in zip(range(number), cycle((world.aurora, world.borealis)), strict=False)
    )
    return Contact.objects.bulk_create(rows)


def alert_of(
    world: World, contact: Contact, response_id: int, score: int, said_at: datetime, draw: random.Random
) -> None:
    rule, _ = AlertRule.objects.get_or_create(program=world.program, name="All", kind="score", created_at=NOW)
    opened = said_at + timedelta(hours=draw.randrange(90))
    # Nothing in the middle of two steps: the databases round that differently.
    wait = timedelta(minutes=6 * draw.randrange(400) + draw.choice((0, 1, 2, 4)))
    spoken = opened + wait if draw.random() < 0.6 else None
    closed = opened + timedelta(days=draw.randrange(1, 30)) if draw.random() < 0.6 else None
    Alert.objects.create(
        key=f"response:{response_id}", program=world.program, partner=contact.partner, contact=contact,
        rule=rule, kind="score", flow="detractor", response_id=response_id, survey_kind="nps", score=score,
        said_at=said_at, owner_reason="manager", opened_at=opened, due_at=opened + timedelta(hours=20),
        escalates_at=opened, first_contact_at=spoken, closed_at=closed,
    )  # fmt: skip


def slowly_paired(alerts: list[Alert]) -> Counter[Pair]:
    answers = sorted(Response.objects.all(), key=lambda one: (one.responded_at, one.pk))
    first: dict[int, Alert] = {}
    for alert in sorted(alerts, key=lambda one: (one.said_at, one.pk)):
        first.setdefault(alert.contact_id, alert)
    found: Counter[Pair] = Counter()
    for alert in first.values():
        said, closed = alert.said_at, alert.closed_at
        theirs = (one for one in answers if one.contact_id == alert.contact_id)
        if following := next((one for one in theirs if one.responded_at > said), None):
            by_then = closed is not None and closed <= following.responded_at
            found[Pair(alert.score, following.score, by_then)] += 1
    return found


def glad(world: World) -> Contact:
    answered(world, 10)
    return world.vera


def test_a_promoter_is_asked_while_we_owe_the_partner_nothing(world: World) -> None:
    assert may_not_be_asked(glad(world).pk, at=AT) == ()
    answered(world, 6, day="2026-03-02", at=NOW + timedelta(hours=9))
    assert may_not_be_asked(world.vera.pk, at=AT) == (GuardReason.NO_PROMOTER,)
    assert may_not_be_asked(world.gleb.pk, at=AT) == (GuardReason.NO_PROMOTER,)
    with pytest.raises(Contact.DoesNotExist):
        may_not_be_asked(0, at=AT)


def test_what_a_colleague_began_counts_for_everybody_at_the_partner(world: World) -> None:
    person = glad(world)
    money = Topic.objects.create(key="money", blocks_money=True)
    ticket = {
        "program": world.program,
        "partner": world.aurora,
        "contact": world.gleb,
        "channel": "email",
        "created_at": NOW,
        "updated_at": NOW,
    }
    Ticket.objects.create(subject="a", public_key="a", topic=money, **ticket)
    Ticket.objects.create(subject="b", public_key="b", priority="urgent", **ticket)
    Ticket.objects.create(subject="c", public_key="c", priority="urgent", is_open=False, **ticket)
    hold = {"partner": world.aurora, "currency": "EUR", "amount": Decimal(5), "decide_by": AT.date()}
    Hold.objects.create(reason="dispute", checking="x", opened_at=NOW, **hold)
    raised(world, 2, contact=world.gleb)
    found = relations([person.pk], at=AT)[person.pk]
    assert (found.disputes, found.holds, found.critical_tickets, found.open_alerts) == (2, 1, 1, 1)
    assert may_not_be_asked(person.pk, at=AT) == (
        GuardReason.DISPUTE,
        GuardReason.HOLD,
        GuardReason.CRITICAL_TICKET,
        GuardReason.OPEN_ALERT,
    )


def test_who_left_or_does_not_want_to_be_asked_is_not(world: World) -> None:
    person = glad(world)
    Contact.objects.filter(pk=person.pk).update(consent="withdrawn", is_active=False)
    assert may_not_be_asked(person.pk, at=AT) == (GuardReason.CONSENT_WITHDRAWN, GuardReason.GONE)
