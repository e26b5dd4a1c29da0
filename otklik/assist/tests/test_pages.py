"""What staff see and set."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from otklik.assist.models import AnswerSettings, AutomaticAnswer, Example, IntentModel, IntentSetting
from otklik.assist.operations import examples, teaching
from otklik.assist.operations.answering import answer_for
from otklik.assist.operations.examples import KnownAlready, add_example, begin_with_examples
from otklik.assist.operations.teaching import TooFewExamples, examples_digest, teach
from otklik.assist.rules.sentences import TEACH, sentences
from otklik.assist.rules.thresholds import cross_validated
from otklik.assist.rules.vocabulary import AnswerOutcome, Intent, Review
from otklik.assist.sentences import SENTENCES
from otklik.assist.tests.stage import AT, let_see_money, payout, teach_a_little
from otklik.desk.public import Channel, NewTicket, Side, create_tickets_bulk
from otklik.events.public import Actor, EventLine
from otklik.identity.models import User
from otklik.partners.public import Names
from otklik.payouts.rules.vocabulary import PayoutState
from tests.world import World


@pytest.fixture
def told(world: World, monkeypatch: pytest.MonkeyPatch) -> AutomaticAnswer:
    teach_a_little()
    let_see_money(monkeypatch, world.vera.pk)
    payout(world.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    question = "<script>alert(1)</script> Когда придёт выплата?"
    found = answer_for(question, contact_id=world.vera.pk, language="en", channel="portal", at=AT)
    assert found is not None
    return AutomaticAnswer.objects.get(pk=found.id)


def page(client: Client, user: User, name: str, *args: object) -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_an_agent_reads_the_figures_and_changes_nothing(
    told: AutomaticAnswer, client: Client, world: World
) -> None:
    text = page(client, world.dmitri, "answers")
    assert "When the payout comes" in text
    assert reverse("answers-switch") not in text
    for name, args in (("answers-switch", ()), ("answers-learn", ()), ("example-add", ("course",))):
        assert client.post(reverse(name, args=args)).status_code == 403


def test_answers_about_money_are_read_by_those_who_see_money_only(
    told: AutomaticAnswer, client: Client, world: World
) -> None:
    text = page(client, world.anna, "answers-review")
    assert "1,200.00" in text
    assert "<script>alert" not in text
    assert "1,200.00" not in page(client, world.dmitri, "answers-review")
    client.force_login(world.dmitri)
    assert client.post(reverse("answer-judge", args=[told.pk]), {"verdict": "right"}).status_code == 403


def test_a_review_is_kept_with_its_reason_and_counted(
    told: AutomaticAnswer, client: Client, world: World
) -> None:
    client.force_login(world.anna)
    said = {"verdict": "wrong_fact", "note": " The day\nmoved "}
    assert client.post(reverse("answer-judge", args=[told.pk]), said).status_code == 302
    told.refresh_from_db()
    assert (told.review, told.review_note, told.reviewed_by) == (
        Review.WRONG_FACT,
        "The day moved",
        world.anna,
    )
    assert client.post(reverse("answer-judge", args=[told.pk]), {"verdict": "odd"}).status_code == 302
    assert "0% (0%\u00a0…\u00a079%)" in client.get(reverse("answers-review")).content.decode()


def test_whoever_manages_answers_switches_them(client: Client, world: World) -> None:
    client.force_login(world.anna)
    client.post(reverse("answers-switch"), {"by_mail": "on"})
    kept = AnswerSettings.objects.get()
    assert (kept.answers_in_portal, kept.answers_by_mail) == (False, True)


def test_a_threshold_below_the_one_that_holds_the_precision_warns(client: Client, world: World) -> None:
    teach_a_little(0.6)
    client.force_login(world.anna)
    address = reverse("answers-intent-save", args=["course"])
    assert client.post(address, {"in_portal": "on", "threshold": "0.2"}).status_code == 302
    assert IntentSetting.objects.get().threshold == 0.2
    assert "set lower than the examples allow" in page(client, world.anna, "answers-intent", "course")
    for odd in ("7", "-1", "nan", "zwei"):
        assert client.post(address, {"threshold": odd}).status_code == 422


@pytest.mark.parametrize("name", ["odd", "none"])
def test_only_an_intent_that_is_answered_has_settings(client: Client, world: World, name: str) -> None:
    client.force_login(world.anna)
    assert client.post(reverse("answers-intent-save", args=[name])).status_code == 404
    shown = client.get(reverse("answers-intent", args=[name]))
    assert shown.status_code == (200 if name == "none" else 404)


def test_examples_are_added_moved_and_switched_off_by_people(client: Client, world: World) -> None:
    client.force_login(world.anna)
    address = reverse("example-add", args=["course"])
    assert client.post(address, {"text": "Где мой вебинар?", "language": "ru"}).status_code == 302
    example = Example.objects.get()
    assert (example.intent, example.added_by, example.is_ours) == (Intent.COURSE, world.anna, False)
    for odd in ("где  мой ВЕБИНАР?", "12 34", "", "\x00"):
        assert client.post(address, {"text": odd, "language": "ru"}).status_code == 422
    client.post(reverse("example-move", args=[example.pk]), {"intent": "none"})
    client.post(reverse("example-switch", args=[example.pk]), {"is_active": "0"})
    example.refresh_from_db()
    assert (example.intent, example.is_active) == (Intent.NONE, False)
    client.force_login(world.dmitri)
    assert client.post(reverse("example-move", args=[example.pk]), {"intent": "course"}).status_code == 403


def test_the_sentences_of_the_product_come_once_and_stay_as_people_left_them(world: World) -> None:
    assert begin_with_examples(at=AT) == len(sentences(TEACH))
    moved = Example.objects.filter(intent=Intent.COURSE).first()
    assert moved is not None
    Example.objects.filter(pk=moved.pk).update(intent=Intent.NONE)
    assert begin_with_examples(at=AT) == 0
    moved.refresh_from_db()
    assert moved.intent == Intent.NONE
    with pytest.raises(KnownAlready):
        add_example(intent=Intent.COURSE, language="ru", text=moved.text, by=Actor.system(), at=AT)


def test_teaching_makes_a_version_with_its_figures_and_the_same_examples_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (examples, teaching):
        monkeypatch.setattr(module, "sentences", lambda part: sentences(part)[::8])
    monkeypatch.setattr(teaching, "cross_validated", lambda rows: cross_validated(rows, folds=2))
    with pytest.raises(TooFewExamples):
        teach(by=Actor.system(), at=AT)
    begin_with_examples(at=AT)
    first = teach(by=Actor.person(world.anna.pk), at=AT)
    assert (first.version, first.taught_by, first.digest) == (1, world.anna, examples_digest())
    assert first.figures["test"]["ru"]["course"]["asked"] >= 1
    assert teach(by=Actor.system(), at=AT) == first
    add_example(intent=Intent.COURSE, language="en", text="Any seminar soon?", by=Actor.system(), at=AT)
    assert teach(by=Actor.system(), at=AT).version == 2
    assert IntentModel.objects.count() == 2


def test_beside_a_ticket_an_agent_reads_what_could_be_said(
    told: AutomaticAnswer, client: Client, world: World
) -> None:
    new = NewTicket(
        program_id=world.program.pk,
        subject="Hi",
        channel=Channel.FORM,
        side=Side.PARTNER,
        text="Hi",
        partner_id=world.aurora.pk,
        contact_id=world.vera.pk,
    )
    [opened] = create_tickets_bulk([new], by=Actor.system(), at=AT)
    told.ticket_id, told.outcome = opened.ticket.pk, AnswerOutcome.SUGGESTED
    told.save()
    address = reverse("answer-beside-ticket", args=[opened.ticket.pk])
    assert address in page(client, world.anna, "ticket", opened.ticket.pk)
    text = page(client, world.anna, "answer-beside-ticket", opened.ticket.pk)
    assert "What could be answered" in text
    assert "1,200.00" in text
    assert page(client, world.dmitri, "answer-beside-ticket", opened.ticket.pk) == ""
    client.force_login(world.stranger)
    assert client.get(address).status_code == 403


def test_the_timeline_tells_what_was_answered_and_leaves_suggestions_out() -> None:
    told = {one.name: one.tell for one in SENTENCES}
    moment = datetime(2026, 3, 2, tzinfo=UTC)

    def line(**data: str) -> EventLine:
        return EventLine(1, "x", moment, "live", "system", None, data)

    assert "When the payout comes" in told["answer.told"](line(intent="payout_when", outcome="told"), Names())
    assert told["answer.told"](line(intent="payout_when", outcome="suggested"), Names()) == ""
    assert "A payout comes soon" in told["notice.made"](line(kind="payout_soon"), Names())
