"""One survey, told by its page, the NPS page, the API, both files and ``otklik analyze``: the same answers,
the same counts, the same NPS and the same interval."""

from __future__ import annotations

import csv
import html
import json
import re
from collections import Counter
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from otklik.api.operations.tokens import create_token
from otklik.api.rules.scopes import Scope
from otklik.cli.analyze.columns import COUNTED, NOT_COUNTED
from otklik.cli.analyze.command import analyze
from otklik.events.public import Actor
from otklik.feedback.models import SurveyVersion, Wave
from otklik.feedback.queries.survey_rows import RowStatus
from otklik.feedback.rules.vocabulary import InvitationState, Refusal, ResponseStatus
from otklik.feedback.tests.results import rows
from otklik.identity.public import User
from otklik.kit.clock import now
from otklik.kit.templatetags.otklik import figure, interval_text, signed
from otklik.partners.rules.vocabulary import ContactRole
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
PERIOD = "period=custom&from=2026-03-01&to=2026-03-31"


@pytest.fixture
def survey(world: World) -> SurveyVersion:
    """Confirmed, late, second, unconfirmed and nameless answers, silence, and people left out."""
    version = rows.survey(world)
    october = rows.wave(version)
    rows.asked_and_answered(october, world.aurora, [10, 9, 9, 8, 0, 3], ContactRole.DECISION_MAKER)
    rows.asked_and_answered(october, world.borealis, [10, 7, 9, 10, 10, 6], comment='=1+1; "late"\n, always')
    rows.asked_and_answered(october, world.borealis, [1, 10], is_late=True)
    poster = rows.link(version)
    for score in (10, 5):
        rows.answered_by_link(poster, version, score)
    rows.answered_by_link(poster, version, 0, status=ResponseStatus.DUPLICATE)
    rows.invite(october, rows.person(world.aurora), provisional_score=10, provisional_at=NOW)
    rows.invite(october, world.vera)
    rows.invite(october, world.gleb, InvitationState.LEFT_OUT, reason=Refusal.BY_HAND)
    rows.invite(october, rows.person(world.aurora), InvitationState.PLANNED)
    return version


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def api(user: User) -> Client:
    at = now()
    _, secret = create_token(
        owner=user, name="test", scopes=tuple(Scope), expires_at=at + timedelta(days=1),
        by=Actor.person(user.pk), at=at,
    )  # fmt: skip
    return Client(headers={"authorization": f"Bearer {secret}"})


def fetched(client: Client, address: str) -> bytes:
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def analysed(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert analyze([str(path), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def from_csv(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


def from_xlsx(content: bytes) -> list[dict[str, Any]]:
    columns, *lines = openpyxl.load_workbook(BytesIO(content)).active.values
    return [dict(zip(columns, line, strict=True)) for line in lines]


def told(found: dict[str, Any]) -> tuple[Any, ...]:
    interval = [pytest.approx(end, abs=1e-4) for end in found["interval"]]
    return (
        found["n"],
        found["detractors"],
        found["passives"],
        found["promoters"],
        round(found["nps"], 3),
        interval,
    )


def test_page_report_api_files_and_analyze_tell_the_same(
    world: World, survey: SurveyVersion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client, here = signed_in(world.anna), f"/surveys/{survey.survey_id}"
    by_api = api(world.anna).get(f"/api/v1{here}/results").json()
    assert told(by_api)[:5] == (16, 5, 2, 9, 25.0)

    nps = api(world.anna).get("/api/v1/nps?first_day=2026-03-01&last_day=2026-03-31").json()
    assert told(nps) == told(by_api)

    for name in ("answers.csv", "answers.xlsx"):
        (tmp_path / name).write_bytes(fetched(client, f"{here}/{name}"))
        found = analysed(tmp_path / name, capsys)
        assert told(found) == told(by_api), name
        assert found["histogram"] == by_api["scores"]
        assert found["skipped"] == {
            "status_duplicate": 1, "status_provisional": 1, "status_no_answer": 1, "status_left_out": 1,
            "status_not_sent": 1,
        }  # fmt: skip

    low, high = (figure(end, 1).replace("-", "−") for end in by_api["interval"])
    for address in (f"{here}/", f"/nps/?{PERIOD}"):
        page = html.unescape(fetched(client, address).decode())
        assert re.search(r'class="score-big num">25\.0<', page), address
        assert f"{low} … {high}" in page, address
        assert "Going by 16 answers" in page, address


@pytest.mark.parametrize("points", [4.5678, None])
def test_what_leaving_out_open_tickets_does_is_told_the_same_everywhere(
    world: World, survey: SurveyVersion, points: float | None
) -> None:
    interval = None if points is None else [-1.25, 8.0]
    effect = {"people": 3, "share": 0.2, "points": points, "interval": interval}
    Wave.objects.filter(survey_id=survey.survey_id).update(effect=effect)
    client, here = signed_in(world.anna), f"/surveys/{survey.survey_id}"

    (by_api,) = api(world.anna).get(f"/api/v1{here}/results").json()["left_out_for_tickets"]
    assert {name: by_api[name] for name in effect} == effect

    expected = ["" if value is None else value for value in (3, points, *(interval or (None, None)))]
    for name, read in (("csv", from_csv), ("xlsx", from_xlsx)):
        lines = read(fetched(client, f"{here}/figures.{name}"))
        (line,) = (line for line in lines if line["left_out_people"])
        assert line["value"] == by_api["name"]
        cells = [line[f"left_out_{part}"] for part in ("people", "effect", "from", "to")]
        assert [float(cell) if cell else "" for cell in cells] == expected, name

    page = html.unescape(fetched(client, f"{here}/").decode())
    assert "3 people are left out because of open tickets" in page
    if points is None:
        assert "By how much, nobody can tell" in page
    else:
        assert f"{signed(points, 1)} points ({interval_text(-1.25, 8.0)})" in page


def test_the_api_lists_what_the_figures_are_made_of(world: World, survey: SurveyVersion) -> None:
    client, found, after = api(world.anna), [], ""
    while after is not None:
        page = client.get(
            f"/api/v1/surveys/{survey.survey_id}/answers?limit=5{after and f'&after={after}'}"
        ).json()
        found += page["items"]
        after = page["next"]
    assert Counter(row["status"] for row in found) == {"complete": 16, "duplicate": 1}
    assert sum(row["is_late"] for row in found) == 2
    assert sum(row["partner_id"] is None for row in found) == 3
    counted = client.get("/api/v1/responses").json()["items"]
    assert sorted(row["id"] for row in counted) == sorted(r["id"] for r in found if r["status"] == "complete")


def test_an_account_manager_gets_own_figures_everywhere(
    world: World, survey: SurveyVersion, tmp_path: Path
) -> None:
    here = f"/surveys/{survey.survey_id}"
    by_api = api(world.boris).get(f"/api/v1{here}/results").json()
    assert (by_api["n"], by_api["nps"]) == (6, pytest.approx(100 / 6))
    nps = api(world.boris).get("/api/v1/nps?first_day=2026-03-01&last_day=2026-03-31").json()
    assert told(nps) == told(by_api)
    assert by_api["response_rate"]["hits"] == 6
    answers = api(world.boris).get(f"/api/v1{here}/answers").json()["items"]
    assert {row["partner_id"] for row in answers} == {world.aurora.pk}


def test_analyze_knows_every_status_of_an_export() -> None:
    assert {COUNTED, *NOT_COUNTED} == {status.value for status in RowStatus}
