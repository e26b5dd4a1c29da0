"""What a partner was told of a period stays as it was told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.payouts.jobs import issue_due, issue_for
from otklik.payouts.models import Entry, Statement
from otklik.payouts.operations.statements import issue_statements
from otklik.payouts.operations.terms import TermsRefused, set_terms
from otklik.payouts.rules.schedule import Terms
from otklik.payouts.rules.vocabulary import Schedule
from otklik.payouts.tests.office import AT, Office, by, charged_back, earned
from tests.world import World

SYSTEM = Actor.system()


def issue(world: World, on: str) -> int:
    return issue_statements(program_id=world.program.pk, on=date.fromisoformat(on), by=SYSTEM, at=AT)


def told(statement: Statement) -> tuple[str, Decimal, Decimal, int]:
    return statement.number, statement.opening, statement.closing, statement.lines_count


def test_each_month_opens_with_what_the_last_one_closed_with(world: World) -> None:
    earned(world.aurora, "100", on="2026-01-31")
    earned(world.aurora, "40", on="2026-02-01")
    charged_back(world.aurora, "15", on="2026-02-20")
    earned(world.aurora, "7", on="2026-03-01")
    assert issue(world, "2026-03-10") == 2
    pk = world.aurora.pk
    assert [told(row) for row in Statement.objects.order_by("end")] == [
        (f"2026-01/{pk}-EUR", 0, 100, 1),
        (f"2026-02/{pk}-EUR", 100, 125, 2),
    ]
    assert Entry.objects.get(statement=None).amount == 7


def test_issuing_again_issues_nothing_and_a_late_line_stands_on_the_next_one(world: World) -> None:
    earned(world.aurora, "100", on="2026-01-31")
    assert issue(world, "2026-02-03") == 1
    earned(world.aurora, "5", on="2026-01-15")
    assert issue(world, "2026-02-03") == 0
    first = Statement.objects.get()
    assert first.lines.count() == first.lines_count == 1
    earned(world.aurora, "10", on="2026-02-10")
    assert issue(world, "2026-03-03") == 1
    second = Statement.objects.latest("end")
    assert told(second)[1:] == (100, 115, 2)
    assert Event.objects.filter(kind="statement.issued").count() == 2


def test_a_line_of_another_age_does_not_look_at_every_month_since(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    earned(world.aurora, "1", on="1021-01-31")
    earned(world.aurora, "2", on="2026-01-31")
    with django_assert_max_num_queries(40):
        assert issue(world, "2026-02-03") == 2
    assert [told(row)[1:] for row in Statement.objects.order_by("end")] == [(0, 1, 1), (1, 3, 1)]


def test_a_line_leaves_its_statement_never_again(world: World) -> None:
    earned(world.aurora, "100", on="2026-01-31")
    issue(world, "2026-02-03")
    for other in (None, Statement.objects.get()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Entry.objects.update(statement=other)


def test_currencies_partners_and_schedules_have_statements_of_their_own(world: World, office: Office) -> None:
    set_terms(
        program_id=world.program.pk,
        partner_id=world.borealis.pk,
        terms=Terms(Schedule.WEEKLY, 5),
        minimum={},
        by=by(office.faina),
        at=AT,
    )
    earned(world.aurora, "100", on="2026-02-10")
    earned(world.aurora, "5000", currency="JPY", on="2026-02-10")
    earned(world.borealis, "30", on="2026-02-24")
    earned(world.borealis, "30", on="2026-02-10")
    assert issue(world, "2026-03-02") == 4
    aurora, borealis = world.aurora.pk, world.borealis.pk
    assert set(Statement.objects.values_list("number", flat=True)) == {
        f"2026-02/{aurora}-EUR",
        f"2026-02/{aurora}-JPY",
        f"2026-W07/{borealis}-EUR",
        f"2026-W09/{borealis}-EUR",
    }


def test_terms_that_cannot_be_are_refused(world: World, office: Office) -> None:
    with pytest.raises(TermsRefused, match="bad_day"):
        set_terms(
            program_id=world.program.pk,
            terms=Terms(Schedule.WEEKLY, 9),
            minimum={},
            by=by(office.faina),
            at=AT,
        )


def test_the_hourly_job_issues_what_is_due_once(world: World, office: Office) -> None:
    earned(world.aurora, "100", on="2026-02-10")
    earned(world.borealis, "100", on="2099-01-01")
    issue_due()
    issue_for(world.program.pk, office.faina.pk)
    assert [row.partner_id for row in Statement.objects.all()] == [world.aurora.pk]
