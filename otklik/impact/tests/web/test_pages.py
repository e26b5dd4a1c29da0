"""The pages of impact: a sentence, a picture, and no number where nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from otklik.impact.models import ImpactReport
from otklik.impact.rules.report import Report
from otklik.impact.rules.vocabulary import Failure, Outcome, ReportState
from otklik.impact.tests.samples import BREACHES, REOPENED, REPORT
from otklik.impact.web import asked
from otklik.stats.impact_verdict import BadRow, Reason, Verdict
from tests.world import World

Read = Callable[..., str]


def keep(world: World, report: Report = REPORT) -> ImpactReport:
    one = ImpactReport(program=world.program, outcome=report.outcome.value, asked_at=world.now)
    one.finish(report, world.now + timedelta(minutes=1))
    one.save()
    return one


@pytest.fixture
def read(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.setattr(asked, "now", lambda: world.now + timedelta(minutes=5))
    client.force_login(world.anna)

    def page(path: str = "", **parameters: Any) -> str:
        answer = client.get(f"/impact/{path}", parameters)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    return page


def test_the_sentence_comes_first_with_what_it_means_for_one_more(world: World, read: Read) -> None:
    keep(world)
    page = read()
    said = (
        "When a partner waits past a promised time once more in 90 days, its NPS is about 9 points lower "
        "(3 to 15)."
    )
    assert said in page
    assert page.index(said) < page.index('role="img"') < page.index("How this is known")
    assert "86%" in page
    assert "Hard questions take longer" in page


def test_where_nobody_can_tell_the_page_says_so(world: World, read: Read) -> None:
    unsure = replace(BREACHES, verdict=Verdict.CANNOT_TELL, reasons=(Reason.INTERVAL_TOO_WIDE,))
    keep(world, replace(REPORT, studies=(unsure,), drivers=None))
    assert "From these answers nobody can tell what moves NPS." in read()
    page = read("goal/", cause="breaches", wish="none")
    assert "no number can be given here" in page
    assert "would be seen in such answers four times out of five" in page
    assert "higher (" not in page


def test_a_cause_is_told_with_its_curve_its_checks_and_the_answers_behind_each_bin(
    world: World, read: Read
) -> None:
    keep(world)
    page = read("causes/breaches/")
    assert "2–7 missed promises" in page
    assert f"/impact/causes/breaches/answers/?program={world.program.pk}&outcome=nps&low=2&high=7" in page
    assert "this check could hardly have caught anything" in page
    assert "11.2%" in page
    assert "99.5% interval" in page


def test_what_was_not_looked_at_is_told_and_what_nobody_knows_is_not_found(
    world: World, read: Read, client: Client
) -> None:
    keep(world)
    assert "This cause was not looked at" in read("causes/money_held/")
    assert "This cause was not looked at" in read("causes/manager_changed/answers/")
    for path in ("weather", "%00", "٣", "answers"):
        assert client.get(f"/impact/causes/{path}/").status_code == 404


def test_a_wish_is_reckoned_from_what_was_seen(world: World, read: Read) -> None:
    keep(world)
    page = read("goal/", cause="breaches", wish="halve")
    assert (
        "from 0.5 on average to 0.25 missed promises. Then NPS should be about 2 points higher (0.8 to 3.8)"
        in page
    )
    assert "the answers of ten years would not show it" in page
    assert "Hardly any partner" not in page
    page = read("goal/", cause="breaches", wish="own", number="20")
    assert "off its scale" in page
    assert "lower (" not in page
    page = read("goal/", cause="breaches", wish="own", number="14")
    assert "lower (" in page
    assert "Hardly any partner" in page
    assert "about 1 week after it" in page


def test_a_wish_that_is_no_amount_is_asked_for_again(world: World, read: Read) -> None:
    keep(world)
    for number in ("NaN", "1e400", "-1", "", "ноль", "9" * 400):
        assert "has to be 0 or more" in read("goal/", wish="own", number=number)


def test_odd_values_are_taken_as_not_given(world: World, read: Read) -> None:
    keep(world)
    for odd in ("abc", "-1", "9" * 400, "²"):
        parameters = dict.fromkeys(("program", "outcome", "cause", "wish", "number"), odd)
        assert "about 9 points lower" in read(**parameters)
        assert "from 0.5 on average to 0.25 missed promises" in read("goal/", **parameters)


def test_the_gate_says_which_rows_and_what_to_do(world: World, read: Read) -> None:
    rows = ((BadRow.DUPLICATE_ANSWER, 280),)
    refused = replace(BREACHES, verdict=Verdict.REFUSED, reasons=(Reason.BAD_ROWS,), within=None, doses=())
    report = replace(REPORT, passed=False, bad=280, bad_rows=rows, studies=(refused,), drivers=None)
    keep(world, report)
    page = read()
    assert "too many of these answers cannot be right" in page
    assert "the same answer twice" in page
    assert "take one of the two imports back" in page
    assert "Nothing could be computed here" in read("drivers/")
    assert "no number can be given here" in read("goal/")


def test_too_few_partners_are_counted(world: World, read: Read) -> None:
    keep(world, replace(REPORT, partners=12))
    assert "12 partners answered: too few. From 20 partners on" in read()


def test_an_empty_page_teaches_what_it_takes(world: World, read: Read) -> None:
    page = read()
    assert "Not enough to learn from yet" in page
    assert "So far: 0 answers, 0 partners." in page
    assert "Compute now" in page
    assert "every 3s" not in page


def test_a_page_that_is_computed_looks_again_by_itself(world: World, read: Read) -> None:
    keep(world)
    last = ImpactReport.objects.create(
        program=world.program, outcome="nps", asked_at=world.now + timedelta(minutes=4)
    )
    page = read()
    assert "every 3s" in page
    assert "about 9 points lower" in page
    assert "Compute now" not in page
    last.fail(Failure.TOO_LONG, world.now)
    last.save()
    page = read()
    assert "every 3s" not in page
    assert "It took longer than a computation may." in page
    assert "What you see is of the time before." in page


def test_a_computation_is_asked_for(world: World, client: Client) -> None:
    client.force_login(world.anna)
    given = {"program": world.program.pk, "outcome": "csat"}
    answer = client.post("/impact/computations/", given)
    assert answer.headers["Location"] == f"/impact/?program={world.program.pk}&outcome=csat"
    kept = ImpactReport.objects.get()
    assert (kept.state, kept.outcome, kept.asked_by) == (ReportState.COMPUTING, "csat", world.anna)
    for program in ("", "abc", "9" * 400, "٣"):
        assert client.post("/impact/computations/", {"program": program}).status_code == 404


def test_who_sees_own_partners_only_is_told_why_there_is_nothing(world: World, client: Client) -> None:
    keep(world)
    client.force_login(world.boris)
    for path in ("", "causes/breaches/", "causes/breaches/answers/", "drivers/", "goal/"):
        page = client.get(f"/impact/{path}").content.decode()
        assert "These figures are of whole programs" in page
        assert "points lower" not in page
    assert "points lower" not in client.get("/").content.decode()
    assert client.post("/impact/computations/", {"program": world.program.pk}).status_code == 404


def test_the_first_page_tells_the_headline(world: World, client: Client) -> None:
    keep(world)
    client.force_login(world.anna)
    assert "its NPS is about 9 points lower" in client.get("/").content.decode()


def test_ratings_are_told_of_tickets(world: World, read: Read) -> None:
    keep(world, replace(REPORT, outcome=Outcome.CSAT, studies=(BREACHES, REOPENED)))
    page = read(outcome="csat")
    assert "When a promised time is missed once more in a ticket, its CSAT is about 9 points lower" in page
