"""The door of impact."""

from otklik.impact.access import studied_programs, visible_reports
from otklik.impact.models import ImpactReport
from otklik.impact.rules.vocabulary import Outcome, ReportState

__all__ = ["ImpactReport", "Outcome", "ReportState", "studied_programs", "visible_reports"]
