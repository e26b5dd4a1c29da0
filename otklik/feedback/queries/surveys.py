"""The surveys there are, their versions, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from otklik.feedback.access import Scope, visible_responses
from otklik.feedback.models import Survey, SurveyVersion, Wave
from otklik.feedback.rules.form_review import Change, Stored, changes_between
from otklik.feedback.rules.vocabulary import ResponseStatus


def with_state(surveys: QuerySet[Survey]) -> QuerySet[Survey]:
    """Adds ``latest`` (number of the latest version), ``wave``, ``wave_name`` and ``wave_state`` of the last
    wave, None where there is none. One that a series has planned is not it before its day."""
    versions = SurveyVersion.objects.filter(survey=OuterRef("pk")).order_by("-number")
    waves = Wave.objects.filter(survey=OuterRef("pk")).order_by("-id")
    waves = waves.exclude(starts_itself=True, started_at=None)
    return surveys.annotate(
        latest=Subquery(versions.values("number")[:1]),
        wave=Subquery(waves.values("pk")[:1]),
        wave_name=Subquery(waves.values("name")[:1]),
        wave_state=Subquery(waves.values("state")[:1]),
    ).order_by("program__name", "name", "pk")


@dataclass(frozen=True, slots=True)
class PastVersion:
    """``answers``: confirmed ones that this reader may see. ``changes``: against the version before; None
    for the first."""

    version: SurveyVersion
    answers: int
    changes: list[Change] | None


def history(survey: Survey, scope: Scope) -> list[PastVersion]:
    """The latest first."""
    versions = list(survey.versions.order_by("number"))
    counts = dict(
        visible_responses(scope)
        .filter(version__in=versions, status=ResponseStatus.COMPLETE)
        .order_by()
        .values_list("version_id")
        .annotate(given=Count("pk"))
    )
    found = []
    for before, version in zip([None, *versions], versions, strict=False):
        changes = changes_between(stored(before), stored(version)) if before else None
        found.append(PastVersion(version, counts.get(version.pk, 0), changes))
    return found[::-1]


def stored(version: SurveyVersion) -> Stored:
    return Stored(version.wording, version.questions, version.asks_contact)
