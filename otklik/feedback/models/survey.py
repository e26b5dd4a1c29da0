from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.feedback.rules.vocabulary import SurveyKind


class Survey(models.Model):
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in SurveyKind])
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "name"], name="feedback_survey_name_once")]

    def __str__(self) -> str:
        return self.name


class SurveyVersion(models.Model):
    """The wording people were asked with, by language. Never edited: a change of words is a new version."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    wording = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="feedback_version_once")]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.number}"
