"""What stands beside a person: their line, its band, moves, and what was expected. Four queries, however many
people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet

from otklik.feedback.public import Invitation
from otklik.identity.public import User
from otklik.partners.public import Contact
from otklik.relationships.access import visible_calls, visible_expectations
from otklik.relationships.models import CallToAction, ExpectedScore
from otklik.relationships.queries.lines import Entry, answers_of
from otklik.relationships.rules.lines import Band, band_of
from otklik.relationships.rules.vocabulary import CallKind

Row = TypeVar("Row", CallToAction, ExpectedScore)


@dataclass(frozen=True, slots=True)
class Trend:
    """``line``: the oldest first; ``moves``, ``expected``: the newest first, these of waves that began."""

    contact: Contact
    line: tuple[Entry, ...]
    band: Band | None
    moves: tuple[CallToAction, ...]
    expected: tuple[ExpectedScore, ...]

    @property
    def latest_first(self) -> tuple[Entry, ...]:
        return self.line[::-1]

    @property
    def move(self) -> CallToAction | None:
        return self.moves[0] if self.moves else None


def trends_of(contacts: Sequence[Contact], *, user: User, at: datetime) -> list[Trend]:
    """``contacts`` come from ``access``, in the order they are shown."""
    ids = [one.pk for one in contacts]
    lines = answers_of({"contact__in": ids}, user=user, at=at).lines
    calls = visible_calls(user).filter(contact__in=ids, kind=CallKind.MOVE).select_related("wave")
    moves = _by_contact(calls.order_by("-raised_at", "-pk"))
    said = visible_expectations(user).filter(contact__in=ids, wave__started_at__isnull=False)
    rows = said.select_related("wave", "user").order_by("-wave__started_at", "user__name", "pk")
    expected = _by_contact(rows)
    return [
        Trend(
            one,
            tuple(lines.get(one.pk, ())),
            band_of([entry.score for entry in lines.get(one.pk, ())]),
            tuple(moves.get(one.pk, ())),
            tuple(expected.get(one.pk, ())),
        )
        for one in contacts
    ]


def people_asked(contacts: QuerySet[Contact], *, wave_id: int | None) -> QuerySet[Contact]:
    """Of a wave: whoever was invited, in the order of partners and names."""
    if wave_id is not None:
        contacts = contacts.filter(pk__in=Invitation.objects.filter(wave_id=wave_id).values("contact_id"))
    return contacts.select_related("partner").order_by("partner__name_key", "partner_id", "name_key", "pk")


def _by_contact(rows: Iterable[Row]) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.contact_id].append(row)
    return found
