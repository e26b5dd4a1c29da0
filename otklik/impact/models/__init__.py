from otklik.impact.models.change import PolicyChange, PolicyStart
from otklik.impact.models.report import ImpactReport

__all__ = ["ImpactReport", "PolicyChange", "PolicyStart"]
