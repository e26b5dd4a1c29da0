"""What the demo's partners asked the portal lately, what they were told at once, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from otklik.assist.public import (
    NoticeKind,
    Review,
    answer_for,
    begin_with_examples,
    review_answer,
    set_notice,
    settle_answer,
    settle_answers,
    teach,
)
from otklik.demo.portal import SIGN_INS
from otklik.demo.story import Company
from otklik.events.public import Actor
from otklik.identity.public import User
from otklik.partners.public import Contact
from otklik.payouts.public import Balance
from otklik.portal.public import open_account, show_money

# (how many days ago, what was asked, what the person said to the answer)
_ASKED: tuple[tuple[int, str, bool | None], ...] = (
    (1, "Добрый день! Когда придёт ближайшая выплата?", None),
    (2, "What is the status of my payout?", True),
    (4, "Почему часть моих денег на удержании?", None),
    (5, "When is the next payout due?", None),
    (6, "Какая сумма будет в ближайшей выплате?", True),
    (8, "Сколько мне выплатят в этот раз?", False),
    (9, "Hi, when will I get paid?", True),
    (11, "Какого числа следующая выплата?", None),
    (12, "Any news on my request?", None),
    (14, "How much is available to withdraw?", False),
    (15, "Что с моим обращением?", True),
    (17, "Скажите, когда ждать выплату?", None),
)
_MOST_PEOPLE = 12
# Their people are nobody: mails about silence to all of them would only fill the log.
_QUIET = ((NoticeKind.RENEWAL_NEAR, 30), (NoticeKind.MATTER_SILENT, 3), (NoticeKind.PARTNER_SILENT, 60))


def ask_machines(
    companies: Sequence[Company],
    contact_ids: Mapping[str, int],
    staff: Mapping[str, User],
    *,
    by: Actor,
    at: datetime,
) -> None:
    begin_with_examples(at=at - timedelta(days=30))
    teach(by=by, at=at - timedelta(days=30))
    for kind, days in _QUIET:
        set_notice(kind=kind, is_on=False, days=days, by=by, at=at)
    people = [key for key in dict.fromkeys((*SIGN_INS, *_paid(companies, contact_ids))) if key in contact_ids]
    for contact in Contact.objects.select_related("partner").filter(pk__in=[contact_ids[k] for k in people]):
        show_money(account=open_account(contact=contact, at=at), sees_money=True, by=by, at=at)
    reviewer = next(iter(staff.values()))
    for number, (days, text, helped) in enumerate(_ASKED):
        asked_at = at - timedelta(days=days, hours=number)
        for key in [people[place % len(people)] for place in range(number, number + 3)]:
            contact_id = contact_ids[key]
            answer = answer_for(text, contact_id=contact_id, language="", channel="portal", at=asked_at)
            if answer is None:
                continue
            if helped is not None:
                settle_answer(answer_id=answer.id, contact_id=contact_id, helped=helped, at=asked_at)
            if number % 2:
                person = Actor.person(reviewer.pk)
                review_answer(answer_id=answer.id, verdict=Review.RIGHT, note="", by=person, at=at)
    settle_answers(at=at)


def _paid(companies: Sequence[Company], contact_ids: Mapping[str, int]) -> list[str]:
    """Who decides at the partners that earn: the others have nothing to ask about money."""
    keys = [company.people[0].key for company in companies if company.people]
    earning = Balance.objects.values("partner_id")
    known = set(Contact.objects.filter(partner__in=earning).values_list("pk", flat=True))
    return [key for key in keys if contact_ids.get(key) in known][:_MOST_PEOPLE]
