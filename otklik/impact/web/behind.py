"""Answers behind a figure as lines of a page, fetched a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator

from otklik.desk.public import visible_tickets
from otklik.feedback.public import scope_of, visible_responses
from otklik.identity.public import Right, User
from otklik.impact.queries.behind import AnswerFact, Behind, OfReport, count_behind, facts_behind
from otklik.impact.rules.vocabulary import Outcome
from otklik.impact.words import dose, tickets
from otklik.partners.public import Contact, Partner, visible_partners

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """``dose``: of the cause, or of tickets the partner had before; "" of a rating without a cause.
    ``own_dose``: of whoever answered alone, "" where there is nothing to tell.
    ``ticket``: the one that was rated, where this person may open it. ``sees_tickets``: whether the list of
    the partner's tickets is theirs to open."""

    day: date
    score: int
    dose: str
    own_dose: str
    partner: Partner
    contact: Contact | None
    ticket: int | None
    sees_tickets: bool


def page_of(user: User, behind: Behind, asked: str) -> Page[AnswerLine]:
    """``asked``: its number; the first page where that is none, the last one behind the end. One question to
    the facts, two more behind the end."""
    number = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 10 else 1
    number = max(number, 1)
    found, total = facts_behind(behind, A_PAGE * (number - 1), A_PAGE)
    if not found and number > 1:
        number = max(-(-count_behind(behind) // A_PAGE), 1)
        found, total = facts_behind(behind, A_PAGE * (number - 1), A_PAGE)
    # It only counts them; which they are was asked together with their number.
    counted: Paginator[Any] = Paginator(range(total), A_PAGE)
    return Page(_Lines(user, behind).of(found), number, counted)


class _Lines:
    """What was erased since the facts were written is left out of its page."""

    def __init__(self, user: User, behind: Behind) -> None:
        self._user, self._behind = user, behind

    def of(self, found: Sequence[AnswerFact]) -> list[AnswerLine]:
        return self._rated(found) if self._behind.outcome is Outcome.CSAT else self._answered(found)

    def _answered(self, found: Sequence[AnswerFact]) -> list[AnswerLine]:
        responses = (
            visible_responses(scope_of(self._user))
            .select_related("partner", "contact")
            .in_bulk([one.pk for one in found])
        )
        return [
            self._line(one, answer.partner, answer.contact)
            for one in found
            if (answer := responses.get(one.pk)) is not None and answer.partner is not None
        ]

    def _rated(self, found: Sequence[AnswerFact]) -> list[AnswerLine]:
        partners = visible_partners(self._user).in_bulk({one.partner_id for one in found})
        rows = visible_tickets(self._user).filter(pk__in=[one.pk for one in found])
        opened = set(rows.values_list("pk", flat=True))
        return [
            self._line(one, partners[one.partner_id], None, one.pk if one.pk in opened else None)
            for one in found
            if one.partner_id in partners
        ]

    def _line(
        self, one: AnswerFact, partner: Partner, contact: Contact | None, ticket: int | None = None
    ) -> AnswerLine:
        return AnswerLine(
            one.day,
            one.score,
            self._dose(one.dose),
            self._dose(one.own_dose or None),
            partner,
            contact,
            ticket,
            self._user.may(Right.SEE_TICKETS),
        )

    def _dose(self, value: float | None) -> str:
        if value is None:
            return ""
        doses = self._behind.doses if isinstance(self._behind, OfReport) else None
        return tickets(value) if doses is None else dose(doses.exposure, value)
