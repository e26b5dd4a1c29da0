"""The door of impact."""

from otklik.impact.access import studied_programs, visible_reports
from otklik.impact.models import ImpactReport

__all__ = ["ImpactReport", "studied_programs", "visible_reports"]
