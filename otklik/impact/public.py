"""The door of impact."""

from otklik.impact.access import studied_programs, visible_changes, visible_reports
from otklik.impact.models import ImpactReport, PolicyChange
from otklik.impact.operations.changes import ChangeTerms, record_change
from otklik.impact.queries.changes import with_reach
from otklik.impact.queries.reports import newest
from otklik.impact.rules.change_study import ChangeStudy
from otklik.impact.rules.report import Drivers, ExposureStudy
from otklik.impact.rules.vocabulary import Outcome, ReportState

__all__ = [
    "ChangeStudy",
    "ChangeTerms",
    "Drivers",
    "ExposureStudy",
    "ImpactReport",
    "Outcome",
    "PolicyChange",
    "ReportState",
    "newest",
    "record_change",
    "studied_programs",
    "visible_changes",
    "visible_reports",
    "with_reach",
]
