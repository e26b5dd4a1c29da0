"""The surveys there are, their versions, and where each stands."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from otklik.feedback.models import Survey, SurveyVersion, Wave


def with_state(surveys: QuerySet[Survey]) -> QuerySet[Survey]:
    """Adds ``latest`` (number of the latest version), ``wave``, ``wave_name`` and ``wave_state`` of the last
    wave, None where there is none."""
    versions = SurveyVersion.objects.filter(survey=OuterRef("pk")).order_by("-number")
    waves = Wave.objects.filter(survey=OuterRef("pk")).order_by("-id")
    return surveys.annotate(
        latest=Subquery(versions.values("number")[:1]),
        wave=Subquery(waves.values("pk")[:1]),
        wave_name=Subquery(waves.values("name")[:1]),
        wave_state=Subquery(waves.values("state")[:1]),
    ).order_by("program__name", "name", "pk")
