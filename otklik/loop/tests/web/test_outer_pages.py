"""Promoters, asks and improvements as people use them: rights, odd input, nothing typed is markup."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from otklik.dialogue.models import Announcement
from otklik.kit.clock import now
from otklik.loop.models import Alert, Ask, AskConsent, FollowUp, Improvement, Referral
from otklik.loop.operations.closing import close_alert
from otklik.loop.rules.vocabulary import Flow, Outcome
from otklik.loop.tests.stories import answered, by, called, cause, raised
from otklik.partners.models import Contact
from tests.world import World

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def boris(client: Client, world: World) -> Client:
    client.force_login(world.boris)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def glad(world: World, contact: Contact | None = None) -> None:
    answered(world, 10, contact=contact, day=now().date().isoformat(), at=now())


def minute() -> str:
    return timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M")


def named(world: World) -> Any:
    """A root cause that a closed alert of Aurora names."""
    why = cause(world, "Late payouts")
    alert = raised(world, 3, at=now())
    called(world, alert, at=now())
    end = {"outcome": Outcome.MENDED, "cause_ids": [why.pk], "by": by(world.boris), "at": now()}
    close_alert(alert_id=alert.pk, **end)
    return why


def test_from_a_nine_to_the_partner_that_came_of_it(boris: Client, world: World) -> None:
    glad(world)
    assert "Vera Orlova" in text(boris.get("/loop/promoters/"))
    said = {"kind": "referral", "text": f"To Nord {SCRIPT}", "owner": world.boris.pk, "key": "k"}
    for _ in range(2):
        assert boris.post(f"/loop/promoters/{world.vera.pk}/", said).status_code == 302
    ask = Ask.objects.get()
    page = f"/loop/asks/{ask.pk}/"
    assert "they are being asked for something" in text(boris.get("/loop/promoters/?show=guarded"))
    boris.post(f"{page}put/")
    yes = {"exactly": f"Our name {SCRIPT}", "way": "call", "said_at": minute()}
    assert boris.post(f"{page}agree/", {**yes, "until": "2001-01-01"}).status_code == 422
    assert boris.post(f"{page}agree/", yes).status_code == 302
    assert "has this name" in text(boris.post(f"{page}referral/", {"partner": "Borealis"}))
    boris.force_login(world.anna)
    assert boris.post(f"{page}referral/", {"partner": "borealis "}).status_code == 302
    boris.post(f"{page}deliver/", {"result": "They came"})
    shown = text(boris.get(page))
    for words in ("Borealis", "Our name", "They came", "It holds today."):
        assert words in shown
    assert SCRIPT not in shown
    assert "1 partner came of a referral" in text(boris.get("/loop/promoters/?show=ended"))
    boris.post(f"{page}referred/{world.borealis.pk}/")
    assert not Referral.objects.exists()
    boris.post(f"{page}withdraw/", {"way": "letter", "said_at": minute()})
    assert "taken back" in text(boris.get(page))
    assert AskConsent.objects.count() == 2


def test_the_guard_is_shown_and_holds_at_the_button_as_well(boris: Client, world: World) -> None:
    glad(world)
    page = f"/loop/promoters/{world.vera.pk}/"
    said = {"kind": "reference", "owner": world.boris.pk}
    boris.post(page, said)
    ask = Ask.objects.get()
    Alert.objects.all().delete()
    raised(world, 2, contact=world.gleb, at=now())
    assert "an alert of theirs is open" in text(boris.get(f"/loop/asks/{ask.pk}/"))
    refused = boris.post(f"/loop/asks/{ask.pk}/put/")
    assert "Not now: an alert of theirs is open." in text(refused)
    assert "Not now" in text(boris.get(page))
    kept = boris.post(page, {**said, "text": "kept"})
    assert (kept.status_code, "kept" in text(kept)) == (422, True)


def test_others_people_are_not_found_and_who_may_not_speak_for_us_reads_only(
    client: Client, world: World
) -> None:
    glad(world)
    ask = Ask.objects.create(
        program=world.program, partner=world.aurora, contact=world.vera, kind="reference", created_at=now()
    )
    client.force_login(world.clara)
    assert client.get(f"/loop/promoters/{world.vera.pk}/").status_code == 404
    assert client.get(f"/loop/asks/{ask.pk}/").status_code == 404
    for what in ("put", "agree", "decline", "deliver", "withdraw", "drop", "owner", "referral"):
        assert client.post(f"/loop/asks/{ask.pk}/{what}/").status_code == 404
    assert "Vera" not in text(client.get("/loop/promoters/?show=asks"))
    client.force_login(world.dmitri)
    assert "They were asked" not in text(client.get(f"/loop/asks/{ask.pk}/"))
    assert client.post(f"/loop/asks/{ask.pk}/put/").status_code == 403
    assert client.get(f"/loop/promoters/{world.vera.pk}/").status_code == 403
    client.force_login(world.stranger)
    for page in ("promoters", "improvements"):
        assert client.get(f"/loop/{page}/").status_code == 403


def test_from_a_line_of_the_pareto_to_you_said_we_did(client: Client, world: World) -> None:
    client.force_login(world.anna)
    why = named(world)
    behind = f"/loop/causes/{why.pk}/alerts/"
    assert f"{behind}?days=90" in text(client.get("/loop/results/?days=90"))
    assert "1 closed alert names it" in text(client.get(f"{behind}?days=30"))
    new = f"/loop/improvements/new/?cause={why.pk}&days=30"
    assert "Late payouts" in text(client.get(new))
    said = {"title": f"Weekly {SCRIPT}", "change": "Fridays", "causes": [why.pk], "owner": world.anna.pk}
    for _ in range(2):
        client.post(new, {**said, "key": "k"})
    improvement = Improvement.objects.get()
    page = f"/loop/improvements/{improvement.pk}/"
    shown = text(client.get(page))
    assert "Aurora" in shown
    assert SCRIPT not in shown
    assert "Weekly" in text(client.get(behind))
    edited = {**said, "title": "Weekly payouts", "due_on": "2001-01-01", "version": improvement.version}
    assert client.post(f"{page}edit/", edited).status_code == 302
    assert client.post(f"{page}edit/", edited).status_code == 422
    assert "overdue" in text(client.get("/loop/improvements/"))
    assert "No partner of the program" in text(client.post(f"{page}add/", {"names": "Nobody"}))
    assert client.post(f"{page}add/", {"names": "Borealis"}).status_code == 302
    client.post(f"{page}remove/", {"partners": [world.borealis.pk, "x"]})
    client.post(f"{page}look/", {"days": 30})
    assert "Say why it is dropped." in text(client.post(f"{page}state/", {"state": "dropped"}))
    client.post(f"{page}state/", {"state": "done"})
    assert "1 affected partner has not heard yet" in text(client.get(page))
    tell = f"{page}tell/"
    assert "You said, we did: Weekly payouts" in text(client.get(tell))
    words = {"title_en": "You said", "body_en": f"**Paid** weekly {SCRIPT}"}
    assert client.post(tell, {"title_en": "x", "step": "send"}).status_code == 422
    preview = text(client.post(tell, {**words, "step": "preview"}))
    assert "<strong>Paid</strong>" in preview
    assert SCRIPT not in preview
    assert not Announcement.objects.exists()
    for _ in range(2):
        assert client.post(tell, {**words, "step": "send"}).status_code == 302
    assert Announcement.objects.count() == 1
    assert "2 people" in text(client.get(page))
    assert "told: 1" in text(client.get(page))


def test_an_account_manager_sees_the_improvement_and_own_partners_behind_it(
    client: Client, world: World
) -> None:
    client.force_login(world.anna)
    why = named(world)
    said = {"title": "Weekly", "causes": [why.pk], "owner": world.anna.pk}
    client.post(f"/loop/improvements/new/?cause={why.pk}", said)
    page = f"/loop/improvements/{Improvement.objects.get().pk}/"
    client.force_login(world.clara)
    assert "Aurora" not in text(client.get(page))
    assert "Aurora" not in text(client.get(f"/loop/causes/{why.pk}/alerts/"))
    client.post(f"{page}remove/", {"partners": [world.aurora.pk]})
    client.force_login(world.dmitri)
    assert client.post(f"{page}state/", {"state": "done"}).status_code == 403
    shown = text(client.get(page))
    assert "Aurora" in shown
    assert "Move it on" not in shown


def test_what_would_make_it_a_nine_is_asked_of_passives_only(boris: Client, world: World) -> None:
    alert = raised(world, 3, at=now())
    page = f"/loop/alerts/{alert.pk}/"
    assert 'name="nine"' not in text(boris.get(page))
    Alert.objects.update(flow=Flow.PASSIVE, score=8)
    assert 'name="nine"' in text(boris.get(page))
    said = {"way": "call", "happened_at": minute(), "text": "", "nine": f"An API {SCRIPT}"}
    boris.post(f"{page}follow-up/", said)
    wish = FollowUp.objects.get()
    for address in (page, "/loop/improvements/?show=wishes", f"/loop/improvements/new/?wish={wish.pk}"):
        shown = text(boris.get(address))
        assert "An API" in shown
        assert SCRIPT not in shown
    typed = {"title": "An API", "owner": world.boris.pk, "key": "k"}
    for _ in range(2):
        sent = boris.post(f"/loop/improvements/new/?wish={wish.pk}", typed)
        assert sent.headers["Location"] == f"/loop/improvements/{Improvement.objects.get().pk}/"
    assert "Nothing waits" in text(boris.get("/loop/improvements/?show=wishes"))
    assert boris.get(f"/loop/improvements/new/?wish={wish.pk}").status_code == 404
    Alert.objects.update(flow=Flow.SILENT)
    assert "instead of another reminder" in text(boris.get(page))
    Alert.objects.update(flow=Flow.PROMOTER)
    assert f"/loop/promoters/{world.vera.pk}/" in text(boris.get(page))


@pytest.mark.parametrize("show", ["free", "guarded", "asks"])
def test_promoters_cost_the_same_however_many(boris: Client, world: World, show: str) -> None:
    counts = []
    address = f"/loop/promoters/?show={show}"
    boris.get(address)
    for turn in range(2):
        for number in range(2):
            person = Contact.objects.create(
                partner=world.aurora, name=f"P{turn}{number}", name_key=f"p{turn}{number}", created_at=now()
            )
            glad(world, person)
            if show != "free":
                Ask.objects.create(
                    program=world.program, partner=world.aurora, contact=person, kind="reference",
                    created_at=now(), owner=world.boris,
                )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert "P00" in text(boris.get(address))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_improvements_cost_the_same_however_many(boris: Client, world: World) -> None:
    counts = []
    boris.get("/loop/improvements/")
    for turn in range(2):
        for _ in range(2):
            one = Improvement.objects.create(
                program=world.program, title=f"T{turn}", owner=world.boris, created_at=now()
            )
            one.partners.create(partner=world.aurora, linked_at=now())
        with CaptureQueriesContext(connection) as asked:
            assert "T0" in text(boris.get("/loop/improvements/"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    for show in ("done", "dropped", "wishes", "x"):
        assert boris.get(f"/loop/improvements/?show={show}&program=x&page=x").status_code == 200


def test_the_home_page_says_which_asks_and_improvements_wait(client: Client, world: World) -> None:
    client.force_login(world.boris)
    assert "Asks and improvements" not in text(client.get("/"))
    Ask.objects.create(
        program=world.program, partner=world.aurora, contact=world.vera, kind="reference",
        created_at=now(), owner=world.boris,
    )  # fmt: skip
    for title, state, due_on in (("Late", "planned", "2001-01-01"), ("Untold", "done", None)):
        one = Improvement.objects.create(
            program=world.program,
            title=title,
            state=state,
            due_on=due_on,
            owner=world.boris,
            created_at=now(),
        )
        one.partners.create(partner=world.aurora, linked_at=now())
    home = text(client.get("/"))
    for words in ("Vera Orlova", "Late", "Untold", "not all were told"):
        assert words in home
    client.force_login(world.anna)
    assert "Asks and improvements" not in text(client.get("/"))
