"""What the team expected beside what came, wave by wave. Three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from django.db.models import QuerySet

from otklik.feedback.public import Response, ResponseStatus, Wave
from otklik.relationships.models import ExpectedScore
from otklik.relationships.rules.surprises import Calibration, Pair, calibration

WAVES = 12


def team_and_answers(expected: QuerySet[ExpectedScore]) -> list[tuple[Wave, Calibration]]:
    """Of the last waves that began, the newest first; ``expected`` comes from ``access``. Expected is the
    median of those who expected anything of a person."""
    locked = expected.filter(wave__started_at__isnull=False)
    wanted = locked.order_by().values("wave_id")
    waves = list(Wave.objects.filter(pk__in=wanted).order_by("-started_at", "-pk")[:WAVES])
    guesses: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = locked.filter(wave__in=[one.pk for one in waves])
    for wave, person, score in rows.values_list("wave_id", "contact_id", "score"):
        guesses[wave, person].append(score)
    return [(one, calibration(pairs)) for one, pairs in zip(waves, _pairs(waves, rows, guesses), strict=True)]


def _pairs(
    waves: Sequence[Wave], people: QuerySet[ExpectedScore], guesses: dict[tuple[int, int], list[int]]
) -> list[list[Pair]]:
    given = Response.objects.filter(
        invitation__wave__in=[one.pk for one in waves],
        contact__in=people.order_by().values("contact_id"),
        status=ResponseStatus.COMPLETE,
    )
    found: dict[int, list[Pair]] = defaultdict(list)
    for wave, person, score in given.values_list("invitation__wave_id", "contact_id", "score"):
        if (said := guesses.get((wave, person))) and person is not None:
            found[wave].append(Pair(person, float(median(said)), score))
    return [found[one.pk] for one in waves]
