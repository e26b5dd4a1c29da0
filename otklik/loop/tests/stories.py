"""What happens in every other story of the loop."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from otklik.events.public import Actor
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.identity.models import User
from otklik.loop.models import Alert, AlertRule, RootCause
from otklik.loop.operations.raising import raise_for_answers
from otklik.loop.operations.rules import RuleTerms, create_cause, create_rule
from otklik.loop.operations.working import Spoken, note_follow_up
from otklik.loop.rules.conditions import Conditions
from otklik.loop.rules.vocabulary import RuleKind, Way
from otklik.partners.models import Contact, Partner
from tests.world import NOW, World

AT = NOW + timedelta(hours=1)
TODAY = AT.date()
LOW = Conditions(scores=frozenset(range(7)))


def by(user: User) -> Actor:
    return Actor.person(user.pk)


def rule(
    world: World, kind: RuleKind = RuleKind.SCORE, conditions: Conditions = LOW, **more: Any
) -> AlertRule:
    terms = RuleTerms(more.pop("name", "Unhappy"), kind, conditions, **more)
    return create_rule(program_id=world.program.pk, terms=terms, by=by(world.anna), at=NOW)


def answered(
    world: World,
    score: int = 3,
    *,
    contact: Contact | None = None,
    partner: Partner | None = None,
    day: str = "2026-03-01",
    at: datetime = NOW,
    **more: Any,
) -> int:
    """The response's id."""
    who = contact or (None if partner else world.vera)
    version = more.pop("version", None) or nps_version(world)
    row = answer(version, partner or world.aurora, score, day, contact_id=who.pk if who else None, **more)
    (outcome,) = store(row, at=at)
    return int(outcome.response_id)


def raised(world: World, score: int = 3, *, at: datetime = AT, **more: Any) -> Alert:
    """An alert of an answer; a rule for low scores is there afterwards."""
    if not AlertRule.objects.exists():
        rule(world)
    response_id = answered(world, score, **more)
    raise_for_answers(response_ids=[response_id], by=Actor.system(), at=at)
    return Alert.objects.get(response_id=response_id)


def cause(world: World, name: str = "Payouts are late", parent: RootCause | None = None) -> RootCause:
    return create_cause(
        program_id=world.program.pk,
        names={"en": name, "ru": name},
        parent_id=parent.pk if parent else None,
        by=by(world.anna),
        at=NOW,
    )


def called(world: World, alert: Alert, *, at: datetime = AT, text: str = "She is angry.") -> None:
    spoken = Spoken(Way.CALL, at, text)
    note_follow_up(alert_id=alert.pk, spoken=spoken, by=by(world.boris), at=at)
    alert.refresh_from_db()
