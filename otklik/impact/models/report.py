from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from otklik.impact.rules.report import Report, as_data, from_data
from otklik.impact.rules.vocabulary import Failure, Outcome, ReportState


class ImpactReport(models.Model):
    """What was found of one program and outcome at one moment. Kept, so that what was said can be looked up;
    pages, exports and the interface read the newest that is done. ``body`` is rules.report.Report."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Outcome])
    state = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in ReportState],
        default=ReportState.COMPUTING.value,
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    body = models.JSONField(null=True)
    failure = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Failure], blank=True)

    class Meta:
        indexes = [models.Index(fields=["program", "outcome", "state", "-asked_at"], name="impact_newest")]

    def __str__(self) -> str:
        return f"{self.program_id} {self.outcome}: {self.state}"

    @property
    def report(self) -> Report:
        assert self.body is not None, "only a report that is done has a body"
        return from_data(self.body)

    def finish(self, report: Report, at: datetime) -> None:
        self.state, self.body, self.ended_at = ReportState.DONE, as_data(report), at

    def fail(self, failure: Failure, at: datetime) -> None:
        self.state, self.failure, self.ended_at = ReportState.FAILED, failure, at
