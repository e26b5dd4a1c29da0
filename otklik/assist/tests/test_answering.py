"""On the partner's own pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from otklik.assist.models import AnswerSettings, AutomaticAnswer, IntentSetting
from otklik.assist.operations.answering import Answer, answer_for, link_answer, settle_answer
from otklik.assist.operations.settling import settle_answers
from otklik.assist.queries.use import use_in_all
from otklik.assist.rules.vocabulary import AnswerOutcome, Intent, OutcomeReason
from otklik.assist.tests.stage import AT, balance, hold, let_see_money, payout, teach_a_little
from otklik.desk.models import Ticket
from otklik.desk.public import Channel, NewTicket, Side, create_tickets_bulk
from otklik.events.public import Actor
from otklik.kit.registry import contact_rights
from otklik.knowledge.tests.shelf import written
from otklik.partners.public import erase_contact
from otklik.payouts.models import Payout
from otklik.payouts.rules.vocabulary import PayoutProblem, PayoutState
from tests.world import World

WHEN = "Когда придёт выплата?"


@pytest.fixture
def taught(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    teach_a_little()
    let_see_money(monkeypatch, world.vera.pk)
    return world


def ask(text: str, contact_id: int, *, language: str = "en", days: int = 0) -> Answer | None:
    at = AT + timedelta(days=days)
    return answer_for(text, contact_id=contact_id, language=language, channel="portal", at=at)


def open_ticket(world: World, subject: str, *, contact_id: int | None = None) -> Ticket:
    new = NewTicket(
        program_id=world.program.pk,
        subject=subject,
        channel=Channel.PORTAL,
        side=Side.PARTNER,
        text=subject,
        partner_id=world.aurora.pk,
        contact_id=contact_id or world.vera.pk,
    )
    [opened] = create_tickets_bulk([new], by=Actor.system(), at=AT)
    return opened.ticket


def test_the_next_payout_is_told_with_its_day_and_state_in_the_persons_language(taught: World) -> None:
    row = payout(taught.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    answer = ask(WHEN, taught.vera.pk, language="ru")
    assert answer is not None
    assert "16 марта 2026" in answer.lines[0]
    assert "1\xa0200,00" in answer.lines[0].replace("\u202f", "\xa0")
    assert ("payout", row.pk) in answer.sources
    assert answer.link_name == "portal-money"
    stored = AutomaticAnswer.objects.get(pk=answer.id)
    assert (stored.outcome, stored.model_version, stored.threshold) == (AnswerOutcome.TOLD, 1, 0.3)


def test_a_late_payout_says_that_it_is_late_and_why(taught: World) -> None:
    payout(
        taught.aurora,
        "50",
        date(2026, 2, 27),
        PayoutState.SENT,
        sent_at=AT - timedelta(days=10),
        problem=PayoutProblem.BANK_HOLIDAY,
    )
    answer = ask("When will my payout arrive?", taught.vera.pk)
    assert answer is not None
    assert "late" in answer.lines[0]
    assert "bank holiday" in answer.lines[0]


def test_balance_and_hold_are_told_with_what_is_checked_and_until_when(taught: World) -> None:
    balance(taught.aurora, "300")
    hold(taught.aurora, "120", date(2026, 3, 20), checking="<b>Clicks</b> from one address")
    answer = ask("Why is my money on hold?", taught.vera.pk)
    assert answer is not None
    assert answer.intent is Intent.HOLD_WHY
    assert "&lt;b&gt;Clicks&lt;/b&gt; from one address." in answer.lines[0]
    assert "20 Mar 2026" in answer.lines[0]


def test_money_is_told_to_nobody_who_does_not_see_it(taught: World) -> None:
    payout(taught.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    assert ask(WHEN, taught.gleb.pk) is None
    assert not AutomaticAnswer.objects.exists()


def test_where_no_room_knows_of_rights_nobody_sees_money(
    taught: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    payout(taught.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    monkeypatch.setattr(contact_rights, "_entries", {})
    assert ask(WHEN, taught.vera.pk) is None


def test_the_money_of_another_partner_is_never_in_an_answer(taught: World) -> None:
    payout(taught.borealis, "999", date(2026, 3, 16), PayoutState.APPROVED)
    hold(taught.borealis, "77", date(2026, 3, 20))
    assert ask(WHEN, taught.vera.pk) is None
    assert ask("Why is my money on hold?", taught.vera.pk) is None


def test_own_open_requests_are_told_and_a_number_of_somebody_else_is_as_none_at_all(taught: World) -> None:
    ticket = open_ticket(taught, "Broken link")
    answer = ask("Any news on my request?", taught.vera.pk)
    assert answer is not None
    assert f"#{ticket.pk} “Broken link”" in answer.lines[0]
    Ticket.objects.filter(pk=ticket.pk).update(partner=taught.borealis, contact=None)
    assert ask(f"Any news on request #{ticket.pk}?", taught.vera.pk) is None
    assert ask("Any news on request #999999999999999?", taught.vera.pk) is None


def test_a_document_is_answered_by_the_article_a_partner_may_read(taught: World) -> None:
    article = written("Where to download the contract", "The contract lies in your account under Documents.")
    answer = ask("Where can I download the contract?", taught.vera.pk)
    assert answer is not None
    assert answer.title == "Where to download the contract"
    assert answer.sources == (("article", article.pk),)
    article.state = "draft"
    article.save(update_fields=["state"])
    assert ask("Hi, where can I download the contract?", taught.vera.pk, days=1) is None


def test_the_same_question_on_the_same_day_is_one_answer(taught: World) -> None:
    payout(taught.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    first, second = ask(WHEN, taught.vera.pk), ask("когда  придет ВЫПЛАТА?", taught.vera.pk)
    assert first is not None
    assert second is not None
    assert first.id == second.id
    Payout.objects.update(state=PayoutState.SENT, sent_at=AT)
    third = ask(WHEN, taught.vera.pk)
    assert third is not None
    assert third.id == first.id
    assert "was sent on" in third.lines[0]


def test_whoever_asks_for_a_person_is_not_answered_by_a_machine_again(taught: World) -> None:
    payout(taught.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    answer = ask(WHEN, taught.vera.pk)
    assert answer is not None
    assert settle_answer(answer_id=answer.id, contact_id=taught.gleb.pk, helped=False, at=AT) is None
    ticket = open_ticket(taught, "Payout")
    link_answer(answer_id=answer.id, contact_id=taught.vera.pk, ticket_id=ticket.pk, at=AT)
    stored = AutomaticAnswer.objects.get(pk=answer.id)
    assert (stored.outcome_reason, stored.ticket_id) == (OutcomeReason.ASKED_PERSON, ticket.pk)
    assert ask("Скажите, какого числа следующая выплата?", taught.vera.pk) is None
    assert ask(WHEN, taught.vera.pk, days=4) is not None


def test_whoever_said_it_helped_and_asks_again_about_the_same_was_not_helped(taught: World) -> None:
    """The share of what took no person is told in the figures; a word said too early must not flatter it."""
    payout(taught.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    found = []
    for number, subject in enumerate(("When does my payout come?", "Please change our logo")):
        let = ask(f"{WHEN} {number}", taught.vera.pk, days=7 * number)
        assert let is not None
        settle_answer(answer_id=let.id, contact_id=taught.vera.pk, helped=True, at=AT)
        ticket = open_ticket(taught, subject)
        Ticket.objects.filter(pk=ticket.pk).update(created_at=AT + timedelta(days=7 * number, hours=5))
        found.append(AutomaticAnswer.objects.get(pk=let.id))
    assert [one.outcome for one in found] == [AnswerOutcome.HELPED] * 2
    assert settle_answers(at=AT + timedelta(days=20)) == 2
    assert settle_answers(at=AT + timedelta(days=20)) == 0
    for one in found:
        one.refresh_from_db()
    assert [one.outcome for one in found] == [AnswerOutcome.PERSON, AnswerOutcome.HELPED]
    use = use_in_all(at=AT + timedelta(days=20))
    assert use.solved is not None
    assert (use.settled, use.solved[0]) == (2, 0.5)


@pytest.mark.parametrize("switch", ["whole", "intent", "threshold"])
def test_what_is_switched_off_or_not_sure_enough_is_silent(taught: World, switch: str) -> None:
    payout(taught.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    if switch == "whole":
        AnswerSettings.objects.create(pk=1, answers_in_portal=False)
    else:
        setting = IntentSetting(intent=Intent.PAYOUT_WHEN, in_portal=switch != "intent")
        setting.threshold = 1.0 if switch == "threshold" else None
        setting.save()
    assert ask(WHEN, taught.vera.pk) is None


@pytest.mark.parametrize("text", ["", "   ", "?" * 5000, "Спасибо, всё получилось!", "\x00", "когда " * 700])
def test_odd_texts_and_other_questions_are_silent(taught: World, text: str) -> None:
    assert ask(text, taught.vera.pk) is None


def test_before_anything_was_taught_there_is_silence(world: World) -> None:
    assert ask(WHEN, world.vera.pk) is None


def test_erasing_a_person_leaves_nothing_of_what_they_asked_or_were_told(taught: World) -> None:
    payout(taught.aurora, "1200", date(2026, 3, 16), PayoutState.APPROVED)
    answer = ask(WHEN, taught.vera.pk)
    assert answer is not None
    erase_contact(contact_id=taught.vera.pk, by=Actor.system(), at=AT)
    stored = AutomaticAnswer.objects.get(pk=answer.id)
    assert (stored.question, stored.title, stored.lines, stored.link) == ("", "", [], {})
    assert ask(WHEN, taught.vera.pk) is None
