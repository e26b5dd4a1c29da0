"""What came in by the links of a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from otklik.feedback.models import Response, SurveyLink
from otklik.feedback.rules.vocabulary import ResponseStatus


@dataclass(frozen=True, slots=True)
class LinkLine:
    """``answers`` count; ``set_aside`` came from a device that had answered already."""

    link: SurveyLink
    answers: int
    set_aside: int


def links_of(survey_id: int) -> Sequence[LinkLine]:
    """Two statements, however many links there are."""
    links = list(SurveyLink.objects.filter(survey=survey_id).order_by("-pk"))
    counted = Response.objects.filter(link__in=[link.pk for link in links]).order_by().values("link_id")
    rows = counted.annotate(
        answers=Count("pk", filter=Q(status=ResponseStatus.COMPLETE)),
        set_aside=Count("pk", filter=Q(status=ResponseStatus.DUPLICATE)),
    )
    found = {row["link_id"]: (row["answers"], row["set_aside"]) for row in rows}
    return [LinkLine(link, *found.get(link.pk, (0, 0))) for link in links]
