"""Lists over many partners: silence, renewals, openings, blind spots, the quality of the data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Ticket
from otklik.feedback.models import Response
from otklik.partners.models import Contact, Partner, PartnerItem
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.relationships.models import AccountCheck, CallToAction, OpeningFound, SilentPerson
from otklik.relationships.operations.checks import GOOD_FOR, check_due
from otklik.relationships.operations.silence import count_silence
from otklik.relationships.tests.stories import AT, TODAY, asked, closed_wave, version_of
from tests.world import NOW, World, make_contact

PAGES = ("silence", "renewals", "openings", "blind-spots", "quality")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def known(world: World) -> World:
    """Aurora: Vera is glad and speaks of coupons, Gleb is silent, Ada unasked. Borealis: Zoya is silent."""
    version = version_of(world)
    old, wave = closed_wave(version, weeks_ago=30), closed_wave(version, weeks_ago=3)
    zoya = make_contact(world.borealis, f"Zoya {SCRIPT}", "z@b.example", Authority.FINAL, Influence.HIGH)
    for person in (world.gleb, zoya):
        asked(old, person, 9)
        asked(wave, person)
    make_contact(world.aurora, "Ada", "ada@a.example", Authority.NONE, Influence.LOW)
    asked(wave, world.vera, 10)
    Response.objects.filter(contact=world.vera).update(comment="We would like Coupons")
    PartnerItem.objects.create(partner=world.borealis, kind="product", name="Coupons")
    Partner.objects.filter(pk=world.aurora.pk).update(renewal_on=TODAY + timedelta(days=20), revenue=900)
    Contact.objects.filter(pk=world.gleb.pk).update(authority_set_at=None, influence_set_at=None)
    count_silence(at=AT)
    check_due(at=AT)
    return world


@pytest.fixture
def page(client: Client) -> Callable[..., str]:
    def read(name: str, **asked: Any) -> str:
        answer = client.get(f"/map/{name}/", asked)
        assert answer.status_code == 200
        text = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        return text.decode()

    return read


def test_a_manager_reads_of_own_partners_only_and_what_to_do(
    client: Client, known: World, page: Callable[..., str]
) -> None:
    client.force_login(known.boris)
    said = {
        "silence": ("Gleb Sokolov", "answers as a rule, and did not", "Make it a task"),
        "renewals": ("Aurora", "people are missing of the contract"),
        "openings": ("Aurora", "Coupons", "somebody there spoke of it"),
        "blind-spots": ("Aurora", "Find out who it is", "Ask in the next wave", "Ada"),
        "quality": ("Aurora", "2 of 3 people known; 1 answered"),
    }
    for name, words in said.items():
        html = page(name, mine="1")
        assert all(word in html for word in words), name
        assert "Zoya" not in html
        assert "Borealis" not in html
    assert client.get(f"/partners/{known.borealis.pk}/map/quality/").status_code == 404
    assert "Your partners" in client.get("/").content.decode()


def test_the_head_narrows_by_program_manager_wave_and_kind(
    client: Client, known: World, page: Callable[..., str]
) -> None:
    client.force_login(known.anna)
    wave = SilentPerson.objects.values_list("wave_id", flat=True)[0]
    html = page("silence", program=known.program.pk, wave=wave, silence="regular")
    assert "Gleb" in html
    assert "Zoya" in html
    assert SCRIPT not in html
    assert "Zoya" not in page("silence", manager=known.boris.pk)
    assert "Gleb" not in page("silence", silence="gap")
    assert "Aurora" not in page("renewals", due="overdue")
    assert "Aurora" in page("renewals", due="within_30")
    assert "Aurora" not in page("openings", opening="upsell")
    assert "Borealis" not in page("blind-spots", tier="gold")
    assert "100%" in page("quality")


def test_a_file_holds_the_rows_of_the_page_for_those_who_may_take_them(
    client: Client, known: World, page: Callable[..., str]
) -> None:
    client.force_login(known.anna)
    for name in PAGES:
        assert "Aurora" in page(f"{name}/file")
        assert "Aurora" not in page(f"{name}/file", manager=known.clara.pk)
    client.force_login(known.dmitri)
    assert client.get("/map/silence/file/").status_code == 403


def test_a_silence_is_made_a_task_once_and_only_at_own_partners(client: Client, known: World) -> None:
    zoya = SilentPerson.objects.get(partner=known.borealis).contact_id
    client.force_login(known.dmitri)
    assert client.post(f"/map/silence/{known.gleb.pk}/task/").status_code == 403
    client.force_login(known.boris)
    assert client.post(f"/map/silence/{zoya}/task/").status_code == 404
    for _ in range(2):
        answer = client.post(f"/map/silence/{known.gleb.pk}/task/")
    task = CallToAction.objects.get()
    assert answer.headers["Location"] == f"/map/tasks/{task.pk}/"
    html = client.get("/map/silence/").content.decode()
    assert f"/map/tasks/{task.pk}/" in html
    assert "Make it a task" not in html


def test_what_came_up_since_the_check_holds_an_opening_back(
    client: Client, known: World, page: Callable[..., str]
) -> None:
    client.force_login(known.boris)
    assert "1 more waits" not in page("openings")
    Ticket.objects.create(
        program=known.program, partner=known.aurora, subject="Down", public_key="d", channel="email",
        is_open=True, priority="urgent", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    html = page("openings")
    assert "1 more waits" in html
    assert "spoke of it" not in html


def test_without_the_right_to_revenue_no_reason_tells_of_it(
    client: Client, known: World, page: Callable[..., str]
) -> None:
    reasons = [["revenue_falls", 20, -0.5], ["dispute", 15, None]]
    AccountCheck.objects.update(reasons=reasons, points=35, plain_points=15)
    OpeningFound.objects.update(points=20, plain_points=0)
    client.force_login(known.dmitri)
    assert "revenue falls" not in page("renewals")
    assert "Aurora" not in page("openings")
    assert "Revenue behind" not in page("quality")
    client.force_login(known.anna)
    assert "revenue falls" in page("renewals")


def test_a_page_asks_no_more_for_more_rows(client: Client, known: World) -> None:
    client.force_login(known.anna)
    paths = [f"/map/{name}/" for name in PAGES] + [f"/partners/{known.aurora.pk}/map/quality/"]

    def queries() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as asked_for:
                assert client.get(path).status_code == 200
            counts.append(len(asked_for))
        return counts

    few = (queries(), queries())[1]
    wave = closed_wave(version_of(known), weeks_ago=2)
    for n in range(3):
        partner = Partner.objects.create(
            program=known.program, name=f"P{n}", manager=known.boris, created_at=NOW, tier="gold"
        )
        for home in (partner, known.aurora):
            person = make_contact(
                home, f"P{n} {home.pk}", f"p{n}{home.pk}@a.ex", Authority.FINAL, Influence.HIGH
            )
            asked(wave, person, 10 if home is partner else None)
        Response.objects.filter(partner=partner).update(comment="Coupons!")
    count_silence(at=AT)
    check_due(at=AT + GOOD_FOR)
    assert queries() == few
    assert OpeningFound.objects.count() == 4
