"""Whatever a program sends, the answer is one that the description promises and never a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from otklik.desk.public import Channel, Side, create_ticket
from otklik.events.public import Actor
from otklik.feedback.public import ResponseRow, SurveyKind, create_survey, record_responses
from otklik.impact.operations.changes import ChangeTerms, record_change
from otklik.impact.public import ImpactReport
from otklik.impact.tests.samples import REPORT
from otklik.loop.public import Alert, AlertRule
from tests.world import World

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
OPERATIONS = [
    "GET /api/v1/programs",
    "GET /api/v1/partners",
    "POST /api/v1/partners",
    "GET /api/v1/partners/{partner_id}",
    "GET /api/v1/contacts",
    "POST /api/v1/contacts",
    "GET /api/v1/contacts/{contact_id}",
    "GET /api/v1/responses",
    "POST /api/v1/occasions",
    "POST /api/v1/responses",
    "GET /api/v1/nps",
    "GET /api/v1/surveys",
    "GET /api/v1/surveys/{survey_id}/results",
    "GET /api/v1/surveys/{survey_id}/answers",
    "GET /api/v1/tickets",
    "POST /api/v1/tickets",
    "GET /api/v1/tickets/{ticket_id}",
    "PATCH /api/v1/tickets/{ticket_id}",
    "GET /api/v1/tickets/{ticket_id}/messages",
    "POST /api/v1/tickets/{ticket_id}/messages",
    "GET /api/v1/alerts",
    "GET /api/v1/alerts/{alert_id}",
    "GET /api/v1/alerts/{alert_id}/follow-ups",
    "POST /api/v1/alerts/{alert_id}/follow-ups",
    "POST /api/v1/alerts/{alert_id}/snooze",
    "POST /api/v1/alerts/{alert_id}/owner",
    "POST /api/v1/alerts/{alert_id}/close",
    "GET /api/v1/causes",
    "GET /api/v1/alert-rules",
    "GET /api/v1/impact",
    "GET /api/v1/impact/reports",
    "GET /api/v1/impact/reports/{report_id}",
    "GET /api/v1/impact/changes",
    "GET /api/v1/impact/changes/{change_id}",
    "GET /api/v1/articles",
    "GET /api/v1/articles/deflection",
    "GET /api/v1/articles/{article_id}",
    "GET /api/v1/payouts",
    "GET /api/v1/holds",
    "GET /api/v1/statements",
    "GET /api/v1/balances",
    "POST /api/v1/entries",
    "POST /api/v1/payouts",
    "POST /api/v1/payouts/{payout_id}/state",
]


@pytest.fixture(autouse=True)
def _keep_the_connection() -> Iterator[None]:
    """The end of a real WSGI request closes stale connections; here that would end the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def operations(world: World) -> dict[str, Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    return {found.ok().label: found.ok() for found in schema.get_all_operations()}


def test_every_operation_is_tried(operations: dict[str, Any]) -> None:
    assert sorted(operations) == sorted(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_fits_the_description(
    label: str,
    mode: GenerationMode,
    operations: dict[str, Any],
    world: World,
    api_as: Callable[..., Client],
) -> None:
    authorization = api_as(world.root).defaults["HTTP_AUTHORIZATION"]
    ids = {"partner_id": world.aurora.pk, "contact_id": world.vera.pk, "ticket_id": _a_ticket(world)}
    ids["survey_id"] = _a_survey(world)
    ids["alert_id"] = _an_alert(world)
    ids["report_id"] = _a_report(world)
    ids["change_id"] = _a_change(world)

    @seed(11)
    @settings(
        max_examples=15,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations[label].as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        _aim(case, world, ids)
        case.headers = {**(case.headers or {}), "Authorization": authorization}
        answer = case.call_and_validate(checks=CHECKS)
        assert answer.status_code not in (401, 403), "the token was not taken"

    holds()


def _a_survey(world: World) -> int:
    version = create_survey(
        program_id=world.program.pk, name="Autumn", kind=SurveyKind.NPS, by=Actor.system(), at=world.now
    )
    row = ResponseRow("one", world.aurora.pk, version.pk, 9, world.now)
    record_responses([row], by=Actor.system(), at=world.now)
    return version.survey_id


def _a_report(world: World) -> int:
    report = ImpactReport(program=world.program, outcome="nps", asked_at=world.now)
    report.finish(REPORT, world.now)
    report.save()
    return int(report.pk)


def _a_change(world: World) -> int:
    terms = ChangeTerms("Weekly payouts", "", {world.aurora.tier: world.now.date()}, {})
    return int(record_change(program=world.program, terms=terms, by=Actor.system(), at=world.now).pk)


def _an_alert(world: World) -> int:
    rule = AlertRule.objects.create(program=world.program, name="Low", kind="score", created_at=world.now)
    alert = Alert.objects.create(
        key="one", program=world.program, partner=world.aurora, contact=world.vera, rule=rule, kind="score",
        flow="detractor", owner_reason="manager", opened_at=world.now, due_at=world.now,
        escalates_at=world.now,
    )  # fmt: skip
    return int(alert.pk)


def _a_ticket(world: World) -> int:
    return create_ticket(
        program_id=world.program.pk,
        subject="Payout",
        channel=Channel.EMAIL,
        side=Side.PARTNER,
        text="Where is it?",
        contact_id=world.vera.pk,
        by=Actor.system(),
        at=world.now,
    ).pk


def _aim(case: Any, world: World, ids: dict[str, int]) -> None:
    """Generated names hit nothing; point them at the world, so that rows are really read and stored."""
    if isinstance(case.body, dict) and isinstance(case.body.get("program"), str):
        case.body["program"] = world.program.slug
    if isinstance(case.body, dict) and isinstance(kind := case.body.get("kind"), str) and "text" in case.body:
        case.body["kind"] = ("reply", "note", "incoming", kind)[len(kind) % 4]
    if isinstance(case.query, dict) and case.path == "/api/v1/impact":
        case.query["program"] = world.program.slug
    for named in (case.path_parameters, case.body):
        for name, value in (named if isinstance(named, dict) else {}).items():
            if name in ids and isinstance(value, int) and value % 2:
                named[name] = ids[name]
