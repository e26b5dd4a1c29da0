"""Answers behind a figure as lines of a page, fetched a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import overload

from otklik.desk.public import visible_tickets
from otklik.feedback.public import scope_of, visible_responses
from otklik.identity.public import Right, User
from otklik.impact.queries.behind import AnswerFact, Behind, OfReport, count_behind, facts_behind
from otklik.impact.rules.vocabulary import Outcome
from otklik.impact.words import dose, tickets
from otklik.partners.public import Contact, Partner, visible_partners


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


class Answers(Sequence[AnswerLine]):
    """What a paginator asks for: a count, and slices. What was erased since the facts were written is left
    out of its slice."""

    def __init__(self, user: User, behind: Behind) -> None:
        self._user, self._behind = user, behind

    def __len__(self) -> int:
        return count_behind(self._behind)

    @overload
    def __getitem__(self, rows: int) -> AnswerLine: ...

    @overload
    def __getitem__(self, rows: slice) -> list[AnswerLine]: ...

    def __getitem__(self, rows: int | slice) -> AnswerLine | list[AnswerLine]:
        if isinstance(rows, int):
            return self[rows : rows + 1][0]
        found = facts_behind(self._behind, rows.start, rows.stop - rows.start)
        if self._behind.outcome is Outcome.CSAT:
            return self._rated(found)
        return self._answered(found)

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
