from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.feedback.rules.vocabulary import SurveyKind


class Survey(models.Model):
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in SurveyKind])
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "name"], name="feedback_survey_name_once")]

    def __str__(self) -> str:
        return self.name


class SurveyVersion(models.Model):
    """The form people were asked with: words by language, and the questions behind the score
    (``rules/forms.py``). Never edited: a change is a new version."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    wording = models.JSONField()
    questions = models.JSONField(default=list)
    # "May we contact you about this?"
    asks_contact = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="feedback_version_once")]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.number}"


class SurveyLink(models.Model):
    """An address anybody may answer at: printed as a code, sent to a group, or embedded on a page."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(max_length=40, unique=True)
    # Origins whose pages may show the form inside ("https://partners.example"); none: nobody's.
    hosts = models.JSONField(default=list)
    closes_at = models.DateTimeField(null=True)
    # Many people answer from one device or network: a tablet at a stand, a hall with one Wi-Fi.
    is_shared = models.BooleanField(_("many people answer from one device"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
