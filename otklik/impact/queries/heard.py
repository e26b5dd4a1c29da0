"""How much there is to learn from, where nothing was found yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from otklik.desk.public import Rating
from otklik.feedback.public import Response, ResponseStatus
from otklik.impact.rules.vocabulary import Outcome
from otklik.stats.clustered import FEWEST_UNITS


@dataclass(frozen=True, slots=True)
class Heard:
    answers: int
    partners: int

    @property
    def is_enough(self) -> bool:
        return self.partners >= FEWEST_UNITS


def heard(program_id: int, outcome: Outcome) -> Heard:
    """NPS is heard from surveys, CSAT from ratings of tickets."""
    if outcome is Outcome.CSAT:
        rows = Rating.objects.filter(ticket__program_id=program_id, ticket__partner__isnull=False)
        return Heard(**rows.aggregate(answers=Count("pk"), partners=Count("ticket__partner", distinct=True)))
    found = Response.objects.filter(program_id=program_id, kind=outcome.value, status=ResponseStatus.COMPLETE)
    return Heard(**found.aggregate(answers=Count("pk"), partners=Count("partner", distinct=True)))
