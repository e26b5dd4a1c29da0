"""A policy change recorded, corrected, removed, and read from what somebody pasted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.impact import hooks
from otklik.impact.models import ImpactReport, PolicyChange, PolicyStart
from otklik.impact.operations.changes import (
    ChangedMeanwhile,
    ChangeTerms,
    correct_change,
    record_change,
    remove_change,
)
from otklik.impact.queries.changes import changes_to_study, partners_named, tier_sizes
from otklik.impact.rules.change_starts import MOST_LINES, NobodyReached, Wrong, match, read_list
from otklik.partners.models import Partner
from tests.world import World

SPRING, SUMMER = date(2026, 3, 1), date(2026, 6, 1)


def told(name: str = "Answers in 4 hours", **days: date) -> ChangeTerms:
    return ChangeTerms(name, "", days, {})


def recorded(world: World, said: ChangeTerms) -> PolicyChange:
    return record_change(program=world.program, terms=said, by=Actor.person(world.anna.pk), at=world.now)


def starts(change: PolicyChange) -> dict[int, date]:
    return dict(PolicyStart.objects.filter(change=change).values_list("partner_id", "starts_on"))


@pytest.mark.django_db
def test_a_change_holds_for_those_who_are_in_its_tiers_now(world: World) -> None:
    change = recorded(world, told(gold=SPRING))
    assert starts(change) == {world.aurora.pk: SPRING}
    Partner.objects.update(tier="gold")
    assert starts(change) == {world.aurora.pk: SPRING}, "frozen"
    event = Event.objects.get(kind="policy_change.recorded")
    assert event.data == {"version": 1, "partners": 1, "first": "2026-03-01", "last": "2026-03-01"}
    assert change.recorded_by == world.anna
    assert [one.version for one in changes_to_study(world.program.pk)] == [1]
    assert not ImpactReport.objects.exists(), "nobody answered yet"


@pytest.mark.django_db
def test_what_stands_in_the_list_goes_before_the_tier(world: World) -> None:
    change = recorded(world, ChangeTerms("Manager", "", {"gold": SPRING}, {world.aurora.pk: SUMMER}))
    assert starts(change) == {world.aurora.pk: SUMMER}


@pytest.mark.django_db
def test_a_correction_keeps_who_was_reached_by_a_tier(world: World) -> None:
    change = recorded(world, told(gold=SPRING))
    Partner.objects.filter(pk=world.aurora.pk).update(tier="silver")
    correct_change(
        change_id=change.pk,
        version=1,
        terms=told("Answers in 2 hours", gold=SUMMER),
        by=Actor.person(world.anna.pk),
        at=world.now + timedelta(hours=1),
    )
    change.refresh_from_db()
    assert (change.name, change.version) == ("Answers in 2 hours", 2)
    assert starts(change) == {world.aurora.pk: SUMMER}
    assert Event.objects.filter(kind="policy_change.corrected").count() == 1
    with pytest.raises(ChangedMeanwhile):
        correct_change(
            change_id=change.pk, version=1, terms=told(gold=SPRING), by=Actor.system(), at=world.now
        )
    assert starts(change) == {world.aurora.pk: SUMMER}


@pytest.mark.django_db
def test_who_was_reached_in_one_tier_keeps_its_day_when_the_tier_of_today_gets_one(world: World) -> None:
    change = recorded(world, told(silver=SPRING))
    Partner.objects.filter(pk=world.borealis.pk).update(tier="vip")
    Partner.objects.filter(pk=world.aurora.pk).update(tier="vip")
    terms = told(silver=SPRING, vip=SUMMER)
    correct_change(change_id=change.pk, version=1, terms=terms, by=Actor.system(), at=world.now)
    assert starts(change) == {world.borealis.pk: SPRING, world.aurora.pk: SUMMER}


@pytest.mark.django_db
def test_a_change_that_reaches_nobody_is_refused_and_one_can_be_removed(world: World) -> None:
    with pytest.raises(NobodyReached):
        recorded(world, told(platinum=SPRING))
    change = recorded(world, told(gold=SPRING))
    remove_change(change_id=change.pk, by=Actor.person(world.anna.pk), at=world.now)
    assert not PolicyStart.objects.exists()
    assert Event.objects.filter(kind="policy_change.removed").count() == 1


@pytest.mark.django_db
def test_of_two_partners_made_one_the_earlier_day_holds(world: World) -> None:
    both = recorded(world, told(gold=SUMMER, silver=SPRING))
    one = recorded(world, told(silver=SUMMER))
    hooks.merge("partner", world.borealis.pk, world.aurora.pk)
    hooks.merge("contact", world.vera.pk, world.gleb.pk)
    assert starts(both) == {world.aurora.pk: SPRING}
    assert starts(one) == {world.aurora.pk: SUMMER}
    hooks.erase("partner", [world.aurora.pk])
    assert starts(one) == {world.aurora.pk: SUMMER}


@pytest.mark.django_db
def test_partners_are_named_by_their_code_or_their_name(world: World) -> None:
    Partner.objects.filter(pk=world.aurora.pk).update(external_id="A-1")
    Partner.objects.create(program=world.program, name="borealis", created_at=world.now)
    found = partners_named(world.program.pk, ["A-1", "AURORA", "Borealis", "Nobody", ""])
    assert (found["A-1"], found["AURORA"]) == ([world.aurora.pk], [world.aurora.pk])
    assert len(found["Borealis"]) == 2
    assert (found["Nobody"], found[""]) == ([], [])
    assert tier_sizes(world.program.pk) == {"gold": 1, "silver": 1, "": 1}


def test_a_list_is_read_as_people_write_it() -> None:
    text = 'Partner;From\n\nAurora;2026-03-01\n"Snow, Inc.",1.04.2026\nA-7\t05.05.2026\n'
    lines, mistakes = read_list(text)
    assert mistakes == []
    assert [(line.number, line.partner, line.day.isoformat()) for line in lines] == [
        (3, "Aurora", "2026-03-01"),
        (4, "Snow, Inc.", "2026-04-01"),
        (5, "A-7", "2026-05-05"),
    ]


def test_every_bad_line_says_what_is_wrong_with_it() -> None:
    text = "A;2026-03-01\nB\nC;soon\nD;2026-02-30\n;2026-03-01\nE;03/04/2026\nA;2026-04-01"
    text += "\nF;2026-03-01\nG;2026-03-01"
    lines, unreadable = read_list(text)
    days, unmatched = match(lines, {"A": [1], "F": [2, 3]})
    assert days == {1: date(2026, 3, 1)}
    assert [(one.line, one.wrong) for one in (*unreadable, *unmatched)] == [
        (2, Wrong.NO_DATE),
        (3, Wrong.NOT_A_DATE),
        (4, Wrong.NO_SUCH_DAY),
        (5, Wrong.NO_PARTNER),
        (6, Wrong.TWO_WAYS),
        (7, Wrong.TWICE),
        (8, Wrong.SEVERAL),
        (9, Wrong.UNKNOWN),
    ]


def test_another_line_may_tell_how_dates_are_written_and_a_list_has_an_end() -> None:
    lines, mistakes = read_list("A;03/25/2026\nB;03/04/2026")
    assert [line.day for line in lines] == [date(2026, 3, 25), date(2026, 3, 4)]
    assert mistakes == []
    lines, mistakes = read_list("A;2026-03-01\n" * (MOST_LINES + 2))
    assert [(one.line, one.wrong) for one in mistakes] == [(MOST_LINES + 1, Wrong.TOO_MANY)]
    assert read_list("") == ([], [])
