"""An announcement reaches those it is for, once, and says who read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from otklik.desk.models import Ticket
from otklik.dialogue.models import Addressee, Announcement, AnnouncementQuestion
from otklik.dialogue.operations import mailing
from otklik.dialogue.operations.announcements import (
    NewsTerms,
    NobodyToTell,
    NotAddressed,
    NotADraft,
    NoText,
    Wording,
    acknowledge,
    ask_about,
    change_announcement,
    mark_read,
    publish_announcement,
    withdraw_announcement,
    write_announcement,
)
from otklik.dialogue.operations.mailing import mail_news, remind, set_news_mails
from otklik.dialogue.queries.audience import Audience, reach
from otklik.dialogue.queries.partner_side import news_for, waiting_for
from otklik.dialogue.rules.vocabulary import NewsKind
from otklik.dialogue.tests.stories import AT, TODAY, at_partner, by, draft, published, terms
from otklik.events.public import happened
from otklik.jobs.models import OutgoingMail
from otklik.partners.models import Address, Partner
from otklik.partners.operations.contacts import create_contact
from tests.world import World


@pytest.mark.parametrize(
    ("audience", "people"),
    [
        ({}, 2),
        ({"tiers": ["gold"]}, 2),
        ({"tiers": ["silver"]}, 0),
        ({"countries": ["RU"]}, 2),
        ({"roles": ["decision_maker"]}, 1),
    ],
)
def test_the_count_shown_before_is_what_publishing_reaches(
    world: World, audience: dict[str, list[str]], people: int
) -> None:
    said = terms(audience=Audience(**audience))
    assert reach(world.program.pk, said.audience, world.anna).people == people
    if people:
        published(world, said)
    else:
        with pytest.raises(NobodyToTell):
            published(world, said)
    assert Addressee.objects.count() == people


def test_an_account_manager_reaches_own_partners_only(world: World) -> None:
    assert reach(world.program.pk, Audience(), world.clara).people == 0
    aimed = Audience(partners=[world.aurora.pk])
    with pytest.raises(NobodyToTell):
        published(world, terms(audience=aimed), who=world.clara)


def test_who_comes_later_was_not_told(world: World) -> None:
    news = published(world)
    late = create_contact(partner_id=world.aurora.pk, facts={"name": "Late"}, by=by(world.anna), at=AT)
    with pytest.raises(NotAddressed):
        mark_read(announcement_id=news.pk, contact_id=late.pk, by=at_partner(late), at=AT)


def test_what_was_published_is_not_rewritten_and_a_withdrawn_one_is_not_seen(world: World) -> None:
    news = published(world)
    with pytest.raises(NotADraft):
        change_announcement(announcement_id=news.pk, terms=terms("Other"), by=by(world.anna), at=AT)
    with pytest.raises(NotADraft):
        publish_announcement(announcement_id=news.pk, author=world.anna, by=by(world.anna), at=AT)
    withdraw_announcement(announcement_id=news.pk, by=by(world.anna), at=AT)
    assert news_for(world.vera.pk, language="en", at=AT) == []
    with pytest.raises(NotAddressed):
        mark_read(announcement_id=news.pk, contact_id=world.vera.pk, by=at_partner(world.vera), at=AT)


def test_a_planned_one_is_seen_and_mailed_from_its_moment_on(world: World) -> None:
    news, later = draft(world), AT + timedelta(days=1)
    who = by(world.anna)
    publish_announcement(announcement_id=news.pk, author=world.anna, visible_from=later, by=who, at=AT)
    assert mail_news(at=AT) == 0
    assert news_for(world.vera.pk, language="en", at=AT) == []
    assert mail_news(at=later) == 2
    assert [line.title for line in news_for(world.vera.pk, language="ru", at=later)] == ["New rates (ru)"]


def test_each_is_mailed_once_in_their_language_and_not_against_their_wish(world: World) -> None:
    world.vera.languages = ["ru"]
    world.vera.save()
    set_news_mails(contact_id=world.gleb.pk, wanted=False, by=at_partner(world.gleb), at=AT)
    news = published(world)
    assert [mail_news(at=AT), mail_news(at=AT)] == [1, 0]
    news.mailed_at = None
    news.save()
    assert mail_news(at=AT) == 0
    (mail,) = OutgoingMail.objects.all()
    assert mail.message["to"] == "vera@aurora.example"
    assert mail.message["subject"] == "New rates (ru)"
    assert "Ставки меняются." in mail.message["text"]
    assert "List-Unsubscribe" in mail.message["headers"]


def test_who_left_before_its_moment_is_not_written_to(world: World) -> None:
    news, later = draft(world), AT + timedelta(days=1)
    who = by(world.anna)
    publish_announcement(announcement_id=news.pk, author=world.anna, visible_from=later, by=who, at=AT)
    Partner.objects.filter(pk=world.aurora.pk).update(status="left")
    assert mail_news(at=later) == 0


def test_one_withdrawn_while_it_goes_out_goes_no_further(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "CHUNK", 1)
    news = published(world)
    queue = mailing.queue_news

    def withdrawn_meanwhile(*args: Any, **more: Any) -> int:
        if news.pk in set(Announcement.objects.filter(state="published").values_list("pk", flat=True)):
            withdraw_announcement(announcement_id=news.pk, by=by(world.anna), at=AT)
        return queue(*args, **more)

    monkeypatch.setattr(mailing, "queue_news", withdrawn_meanwhile)
    assert mail_news(at=AT) == 1


def test_a_bad_address_keeps_nobody_else_waiting(world: World) -> None:
    Address.objects.filter(contact=world.gleb).update(value="no address")
    published(world)
    assert mail_news(at=AT) == 1


def test_reading_and_acknowledging_count_once(world: World) -> None:
    news = published(world, terms(needs_acknowledgement=True))
    vera = {"announcement_id": news.pk, "contact_id": world.vera.pk, "by": at_partner(world.vera)}
    waits = {"language": "en", "today": TODAY, "at": AT}
    assert [one.what for one in waiting_for(world.aurora.pk, world.vera.pk, **waits)] == ["acknowledge"]
    mark_read(**vera, at=AT)
    mark_read(**vera, at=AT + timedelta(hours=1))
    acknowledge(**vera, at=AT)
    row = Addressee.objects.get(contact=world.vera)
    assert (row.read_at, row.acknowledged_at) == (AT, AT)
    assert happened("announcement.read")
    assert waiting_for(world.aurora.pk, world.vera.pk, **waits) == []
    assert Addressee.objects.get(contact=world.gleb).read_at is None


def test_who_has_not_confirmed_is_reminded_once(world: World) -> None:
    news = published(world, terms(needs_acknowledgement=True))
    acknowledge(announcement_id=news.pk, contact_id=world.vera.pk, by=at_partner(world.vera), at=AT)
    assert remind(at=AT + timedelta(days=2)) == 0
    assert [remind(at=AT + timedelta(days=4)), remind(at=AT + timedelta(days=5))] == [1, 0]
    assert "Please confirm" in OutgoingMail.objects.get().message["subject"]


def test_a_question_sent_twice_is_one_ticket_and_another_partner_asks_nothing(world: World) -> None:
    news = published(world)
    asked = {"announcement_id": news.pk, "subject": "Rates", "text": "Since when?", "language": "en"}
    for _ in range(2):
        ask_about(**asked, contact_id=world.vera.pk, key="x", by=at_partner(world.vera), at=AT)
    ask_about(**asked, contact_id=world.gleb.pk, key="x", by=at_partner(world.gleb), at=AT)
    assert Ticket.objects.count() == AnnouncementQuestion.objects.count() == 2
    assert Ticket.objects.order_by("pk")[0].partner_id == world.aurora.pk
    foreign = create_contact(partner_id=world.borealis.pk, facts={"name": "B"}, by=by(world.anna), at=AT)
    with pytest.raises(NotAddressed):
        ask_about(**asked, contact_id=foreign.pk, key="y", by=at_partner(foreign), at=AT)


def test_a_form_sent_twice_is_one_draft_and_an_empty_one_is_none(world: World) -> None:
    sent = {"program_id": world.program.pk, "terms": terms(), "key": "k", "by": by(world.anna), "at": AT}
    assert write_announcement(**sent).pk == write_announcement(**sent).pk
    with pytest.raises(NoText):
        draft(world, NewsTerms(NewsKind.NEWS, {"en": Wording("Title", " ")}))
