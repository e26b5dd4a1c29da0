"""What both sides say to each other, as somebody at a partner sees it: their own, and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from otklik.desk.models import Ticket
from otklik.dialogue.models import Addressee, Announcement, Commitment, Goal, Idea, OnboardingStep, Vote
from otklik.dialogue.public import (
    Audience,
    GoalTerms,
    NewsKind,
    NewStep,
    NewsTerms,
    PromiseTerms,
    Side,
    StepKind,
    Wording,
    moderate_idea,
    propose_commitment,
    propose_goal,
    publish_announcement,
    set_steps,
    start_onboarding,
    write_announcement,
    write_idea,
)
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.models import Contact
from otklik.portal.tests.people import sign_in
from otklik.portal.web import limits
from tests.world import World, make_contact

SCRIPT = "<script>alert(1)</script>"
DUE = date(2100, 1, 1)
HUGE = 99999999999999999999


@pytest.fixture
def bela(world: World) -> Contact:
    """Of another partner of the same program."""
    from otklik.partners.rules.vocabulary import Authority, Influence

    return make_contact(world.borealis, "Bela", "bela@borealis.example", Authority.FINAL, Influence.HIGH)


@pytest.fixture
def vera(client: Client, world: World) -> Client:
    sign_in(client, world.vera)
    return client


def news_for(world: World, *partners: int, ahead: timedelta = timedelta(0)) -> Announcement:
    by, at = Actor.person(world.anna.pk), now()
    texts = {
        "en": Wording(f"Rates {SCRIPT}", f"**Soon** {SCRIPT} [x](javascript:alert(1))"),
        "ru": Wording("Ставки", "Скоро"),
    }
    said = NewsTerms(NewsKind.CHANGE, texts, Audience(partners=partners), needs_acknowledgement=True)
    news = write_announcement(program_id=world.program.pk, terms=said, by=by, at=at)
    return publish_announcement(
        announcement_id=news.pk, author=world.anna, visible_from=at + ahead, by=by, at=at
    )


def test_an_announcement_is_read_confirmed_and_asked_about_once(vera: Client, world: World) -> None:
    news = news_for(world, world.aurora.pk)
    page = f"/portal/news/{news.pk}/"
    assert vera.head(page).status_code == 200
    assert Addressee.objects.get(contact=world.vera).read_at is None
    assert "please confirm" in vera.get("/portal/news/").content.decode()
    html = vera.get(page).content.decode()
    assert "<strong>Soon</strong>" in html
    assert SCRIPT not in html
    assert 'href="javascript' not in html
    for _ in range(2):
        vera.post(f"{page}confirm/")
        vera.post(f"{page}ask/", {"text": "Since when?", "key": "k"})
    vera.post("/portal/news/mails/", {"wanted": "0"})
    assert "No copies come to your mail" in vera.get("/portal/news/").content.decode()
    row = Addressee.objects.get(contact=world.vera)
    assert row.read_at is not None
    assert row.acknowledged_at is not None
    assert Ticket.objects.get().contact_id == world.vera.pk
    assert vera.post(f"{page}ask/", {"text": ""}).status_code == 422
    assert "Question of your company" in vera.get(page).content.decode()


def test_another_partners_objects_are_not_found(vera: Client, world: World, bela: Contact) -> None:
    by, at = Actor.person(world.anna.pk), now()
    theirs, ahead = news_for(world, world.borealis.pk), news_for(world, ahead=timedelta(days=1))
    partner = {"partner_id": world.borealis.pk, "on": at.date(), "by": by, "at": at}
    goal = propose_goal(**partner, terms=GoalTerms("Theirs alone", DUE))
    promise = propose_commitment(**partner, terms=PromiseTerms(Side.THEIRS, "Theirs too", DUE))
    idea = write_idea(contact=bela, title="Waiting", text="", language="en", by=by, at=at)
    step = NewStep(StepKind.OTHER, {"en": "Step"}, Side.THEIRS, 1)
    set_steps(program_id=world.program.pk, steps=[step], by=by, at=at)
    start_onboarding(partner_id=world.borealis.pk, on=at.date(), by=by, at=at)
    for page in (
        f"news/{theirs.pk}/",
        f"news/{ahead.pk}/",
        f"ideas/{idea.pk}/",
        f"news/{HUGE}/",
        f"ideas/{HUGE}/",
    ):
        assert vera.get(f"/portal/{page}").status_code == 404, page
    for page in (
        f"news/{theirs.pk}/confirm/",
        f"news/{theirs.pk}/ask/",
        f"goals/{goal.pk}/state/",
        f"commitments/{promise.pk}/state/",
        f"ideas/{idea.pk}/vote/",
        f"start/{OnboardingStep.objects.get().pk}/",
        f"news/{HUGE}/ask/",
        f"goals/{HUGE}/state/",
        f"start/{HUGE}/",
    ):
        data = {"state": "agreed", "text": "x", "wants": "1", "done": "1"}
        assert vera.post(f"/portal/{page}", data).status_code == 404, page
    for page in ("news", "goals", "ideas", "start"):
        html = vera.get(f"/portal/{page}/").content.decode()
        assert not any(word in html for word in ("Rates", "Theirs", "Waiting", "Step ")), page
    assert Goal.objects.get().state == Commitment.objects.get().state == "proposed"


def test_goals_are_proposed_and_answered_by_the_other_side(vera: Client, world: World) -> None:
    assert "Nothing is agreed yet" in vera.get("/portal/goals/").content.decode()
    said = {"goal-text": SCRIPT, "goal-due_on": "2100-01-01", "goal-key": "k"}
    for _ in range(2):
        vera.post("/portal/goals/new/", said)
    own = Goal.objects.get()
    assert (own.proposed_by, own.contact_id) == ("theirs", world.vera.pk)
    assert vera.post("/portal/goals/new/", said | {"goal-due_on": "2001-01-01"}).status_code == 422
    vera.post(f"/portal/goals/{own.pk}/state/", {"state": "agreed"})
    assert Goal.objects.get().state == "proposed"
    promise = {"promise-text": "Site", "promise-due_on": "2100-01-01", "promise-side": "theirs"}
    vera.post("/portal/commitments/new/", promise)
    made = Commitment.objects.get()
    long = "n" * 4001
    refused = vera.post(f"/portal/commitments/{made.pk}/state/", {"state": "done", "note": long})
    assert refused.status_code == 422
    assert long in refused.content.decode(), "what was written is still there"
    assert "at most 4000" in refused.content.decode()
    assert Commitment.objects.get().state == "agreed"
    # A browser counts a line break as one sign and sends two.
    note = "up\r\n" * 1333
    vera.post(f"/portal/commitments/{made.pk}/state/", {"state": "done", "note": note})
    html = vera.get("/portal/goals/").content.decode()
    assert SCRIPT not in html
    assert "kept: 1, late: 0" in html


def test_ideas_alike_come_before_a_second_one(vera: Client, world: World, bela: Contact) -> None:
    at = now()
    by = Actor.contact(bela.pk)
    first = write_idea(contact=bela, title=f"Dark theme {SCRIPT}", text="", language="en", by=by, at=at)
    moderate_idea(idea_id=first.pk, shown=True, by=Actor.person(world.anna.pk), at=at)
    said = {"title": "A dark theme", "text": "", "key": "k"}
    html = vera.post("/portal/ideas/new/", said).content.decode()
    assert "Is it one of these?" in html
    assert SCRIPT not in html
    assert Idea.objects.count() == 1
    for _ in range(2):
        assert vera.post("/portal/ideas/new/", said | {"is_new": "1"}).status_code == 302
    assert Idea.objects.count() == 2
    for wants, votes in (("1", 2), ("1", 2), ("0", 1)):
        vera.post(f"/portal/ideas/{first.pk}/vote/", {"wants": wants})
        assert Vote.objects.filter(idea=first).count() == votes
    assert "Dark theme" in vera.get("/portal/ideas/").content.decode()
    assert "Borealis" not in vera.get(f"/portal/ideas/{first.pk}/").content.decode()
    assert vera.get("/portal/ideas/done/").status_code == 200
    assert vera.post("/portal/ideas/new/", {"title": "\u200b"}).status_code == 422


def test_nobody_floods_the_program_with_questions_goals_and_ideas(
    vera: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = news_for(world, world.aurora.pk)
    monkeypatch.setitem(limits.LIMITS, "write", "3/h/key")
    sent = (
        (f"/portal/news/{news.pk}/ask/", {"text": "Since when?"}),
        ("/portal/goals/new/", {"goal-text": "More", "goal-due_on": "2100-01-01"}),
        ("/portal/ideas/new/", {"title": "Dark theme", "is_new": "1"}),
    )
    assert [vera.post(page, data).status_code for page, data in sent] == [302, 302, 302]
    for page, data in sent:
        answer = vera.post(page, {**data, "key": "another", "goal-key": "another"})
        assert answer.status_code == 422, page
        assert "This was tried many times" in answer.content.decode(), page
    assert (Ticket.objects.count(), Goal.objects.count(), Idea.objects.count()) == (1, 1, 1)


def test_first_steps_are_done_by_those_whose_they_are(vera: Client, world: World) -> None:
    at, by = now(), Actor.person(world.anna.pk)
    steps = [
        NewStep(StepKind.ARTICLE, {"en": "Read it", "ru": "Прочитайте"}, Side.THEIRS, 1, "/portal/"),
        NewStep(StepKind.LINK, {"en": "Ours"}, Side.OURS, 1),
    ]
    set_steps(program_id=world.program.pk, steps=steps, by=by, at=at)
    start_onboarding(partner_id=world.aurora.pk, on=at.date(), by=by, at=at)
    theirs, ours = OnboardingStep.objects.order_by("position")
    assert "Your next step: Read it" in vera.get("/portal/start/").content.decode()
    assert vera.post(f"/portal/start/{ours.pk}/", {"done": "1"}).status_code == 404
    vera.post(f"/portal/start/{theirs.pk}/", {"done": "1"})
    theirs.refresh_from_db()
    assert theirs.done_by_contact_id == world.vera.pk
    assert "the program does the rest" in vera.get("/portal/start/").content.decode()
