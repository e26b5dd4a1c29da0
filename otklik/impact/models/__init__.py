from otklik.impact.models.report import ImpactReport

__all__ = ["ImpactReport"]
