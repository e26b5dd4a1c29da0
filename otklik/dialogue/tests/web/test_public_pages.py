"""What anybody may open: the application form, the applicant's own page, and the way out of mails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client

from otklik.dialogue.letters import stop_key
from otklik.dialogue.models import Application, NoNewsMails, ProgramManners
from otklik.dialogue.operations.applications import decide_application
from otklik.dialogue.rules.vocabulary import Decision, Reason
from otklik.dialogue.tests.stories import AT, TODAY, applied, by, takes_applications
from otklik.dialogue.web.public import apply as pages
from tests.world import World

FORM = {
    "company": "Comet",
    "person": "Zoya",
    "address": "zoya@comet.example",
    "site": "comet.example",
    "question_0": "Ten",
    "consent": "on",
}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> str:
    """A page that was opened a minute ago."""
    signed = TimestampSigner(salt="otklik.dialogue.opened").sign("page")
    monkeypatch.setattr(pages, "_SOONEST", timedelta(0))
    return signed


def test_a_form_sent_twice_is_one_application(client: Client, world: World, opened: str) -> None:
    takes_applications(world.program)
    answers = [client.post("/apply/north/", FORM | {"opened": opened}) for _ in range(2)]
    application = Application.objects.get()
    assert {one.headers["Location"] for one in answers} == {f"/apply/status/{application.public_key}/"}
    assert (application.site, application.answers[0]["answer"]) == ("https://comet.example", "Ten")
    page = client.get(answers[0].headers["Location"])
    assert "You get an answer by" in page.content.decode()
    assert "(UTC), whatever it is" in page.content.decode()
    assert "zoya@" not in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"fax": "1"}, "programs fill it in"),
        ({"consent": ""}, "This field is required."),
        ({"question_0": ""}, "This field is required."),
        ({"address": "nowhere"}, "valid email"),
        ({"site": "javascript:alert(1)"}, "valid URL"),
        ({"company": "\u202e\u200b"}, "This field is required."),
        ({"opened": "forged"}, "Send it once more"),
        ({"company": "x" * 201}, "at most 200"),
        ({"country": "XX"}, "Select a valid choice"),
    ],
)
def test_programs_and_slips_are_told_from_people(
    client: Client, world: World, opened: str, changed: dict[str, str], problem: str
) -> None:
    takes_applications(world.program)
    answer = client.post("/apply/north/", FORM | {"opened": opened, "person": "<b>Zoya"} | changed)
    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert "&lt;b&gt;Zoya" in answer.content.decode()
    assert Application.objects.count() == 0


def test_who_sends_at_once_is_a_program(client: Client, world: World) -> None:
    takes_applications(world.program)
    signed = TimestampSigner(salt="otklik.dialogue.opened").sign("page")
    assert client.post("/apply/north/", FORM | {"opened": signed}).status_code == 422


def test_many_applications_of_one_address_have_to_wait(client: Client, world: World, opened: str) -> None:
    takes_applications(world.program)
    codes = [
        client.post("/apply/north/", FORM | {"opened": opened, "company": f"Comet {n}"}).status_code
        for n in range(6)
    ]
    assert codes == [302] * 5 + [429]


def test_a_closed_form_and_an_unknown_key_are_not_found(client: Client, world: World) -> None:
    assert client.get("/apply/north/").status_code == 404
    ProgramManners.objects.create(program=world.program)
    for page in ("/apply/north/", "/apply/nobody/", "/apply/status/x/"):
        assert client.get(page).status_code == 404


def test_the_applicant_reads_why_and_answers_once(client: Client, world: World) -> None:
    takes_applications(world.program)
    application = applied(world.program)
    decide_application(
        application_id=application.pk,
        decision=Decision.MORE_WANTED,
        reason=Reason.TRAFFIC_UNCLEAR,
        note="<b>Which</b> ones?",
        on=TODAY,
        by=by(world.anna),
        at=AT,
    )
    page = f"/apply/status/{application.public_key}/"
    html = client.get(page).content.decode()
    assert "where your visitors come from" in html
    assert "&lt;b&gt;Which" in html
    assert client.post(page, {"text": ""}).status_code == 422
    for _ in range(2):
        client.post(page, {"text": "Search", "key": "a"})
    application.refresh_from_db()
    assert (application.state, application.words.count()) == ("vetting", 1)
    assert "<textarea" not in client.get(page).content.decode()


def test_a_late_answer_is_admitted(client: Client, world: World) -> None:
    takes_applications(world.program)
    application = applied(world.program)
    Application.objects.update(due_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert "are late" in client.get(f"/apply/status/{application.public_key}/").content.decode()


def test_one_tap_ends_the_mails_and_a_fetched_link_does_not(client: Client, world: World) -> None:
    page = f"/dialogue/stop/{stop_key(world.vera.pk)}/"
    assert client.get(page).status_code == 200
    assert NoNewsMails.objects.count() == 0
    for _ in range(2):
        client.post(page, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert NoNewsMails.objects.get().contact_id == world.vera.pk
    client.post(page, {"again": "1"})
    assert NoNewsMails.objects.count() == 0
    assert client.get("/dialogue/stop/1:forged/").status_code == 404
