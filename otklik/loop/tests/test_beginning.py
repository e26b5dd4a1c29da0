"""Nobody has to set anything up before somebody unhappy is called; nothing that people set up is touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from otklik.events.models import Batch, Event
from otklik.events.operations.deliver import deliver_batch
from otklik.loop.first_rules import FIRST_RULES
from otklik.loop.jobs import begin_now
from otklik.loop.models import AlertRule, RootCause
from otklik.loop.rules.conditions import Heard, judge, problems
from otklik.loop.rules.vocabulary import RuleKind
from otklik.loop.tests.stories import AT, by, rule
from otklik.partners.operations.programs import create_program
from tests.world import World

NPS = Heard(date(2026, 3, 2), "nps", 9, role="end_user")


def test_a_new_program_begins_with_rules_and_causes_and_an_old_one_gets_them_once(world: World) -> None:
    world.anna.language = "ru"
    world.anna.save()
    program = create_program(name="South", by=by(world.anna), at=AT)
    deliver_batch(Batch.objects.get().pk)
    rules = AlertRule.objects.filter(program=program)
    assert list(rules.values_list("name", flat=True))[1] == "Говорит об уходе"
    first = rules.get(conditions={"scores": list(range(7))})
    assert (first.deadline_hours, first.owner_way, first.by_mail, first.is_active) == (
        48,
        "manager",
        True,
        True,
    )
    late = RootCause.objects.get(program=program, names__en="Payouts come late")
    assert (late.names["ru"], late.parent and late.parent.names["en"]) == ("Выплаты приходят поздно", "Money")
    # The program of the world is older than the loop, and somebody made a rule of their own there.
    own = rule(world)
    AlertRule.objects.filter(program=program).update(name="Mine", is_active=False)
    for _ in range(2):
        begin_now()
    assert list(AlertRule.objects.filter(program=world.program)) == [own]
    assert (
        RootCause.objects.filter(program=world.program).count()
        == RootCause.objects.filter(program=program).count()
    )
    assert set(rules.values_list("name", "is_active")) == {("Mine", False)}
    assert [event.data["rules"] for event in Event.objects.filter(kind="loop.begun")] == [len(FIRST_RULES), 0]


def test_every_first_rule_may_be_saved() -> None:
    assert not [first for first in FIRST_RULES if problems(first.kind, first.conditions)]
    assert {first.kind for first in FIRST_RULES} == set(RuleKind)


@pytest.mark.parametrize(
    ("heard", "named"),
    [
        (replace(NPS, score=3), "Detractor"),
        (replace(NPS, score=9, before=10), None),
        (replace(NPS, score=8, before=10), "The score fell"),
        (replace(NPS, score=8), None),
        (replace(NPS, score=8, role="influencer"), "Passive"),
        (replace(NPS, score=10, comment="Нас обманывают с отчётами"), "Speaks of fraud"),
        (replace(NPS, score=8, comment="Мы уходим к конкурентам"), "Speaks of leaving"),
        (replace(NPS, score=9, comment="Better than the competitors"), None),
        (replace(NPS, score=5, comment="You still owe us for March"), "Speaks of money"),
        (replace(NPS, score=5, comment="Нам не выплатили за март"), "Speaks of money"),
        (replace(NPS, survey_kind="csat", score=2), "Unhappy with one matter"),
        (replace(NPS, survey_kind="csat", score=5, comment="It is a scam"), "Speaks of fraud"),
        (replace(NPS, survey_kind="csat", score=3), None),
        (replace(NPS, survey_kind="ces", score=3), "Something took them"),
        (Heard(NPS.on, is_silence=True, role="end_user"), None),
        (Heard(NPS.on, is_silence=True, role="decision_maker"), "Somebody who decides"),
        (Heard(NPS.on, is_mention=True, sentiment=-1), "Bad words"),
    ],
)
def test_of_what_is_heard_the_first_rule_that_fits_makes_the_alert(heard: Heard, named: str | None) -> None:
    fired = [
        str(first.name)
        for first in FIRST_RULES
        if first.is_active and judge(first.kind, first.conditions, heard) is not None
    ]
    assert bool(fired) == (named is not None)
    assert (fired[0] if fired else "").startswith(named or "")
