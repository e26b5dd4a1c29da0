from otklik.relationships.models.calls import CallToAction
from otklik.relationships.models.checks import AccountCheck, OpeningFound, SilentPerson
from otklik.relationships.models.coverage import CoverageContract
from otklik.relationships.models.expected import ExpectedScore, SignOff
from otklik.relationships.models.plans import AccountPlan, PlanAction, Review
from otklik.relationships.models.ties import InfluenceLine, Tie

__all__ = [
    "AccountCheck",
    "AccountPlan",
    "CallToAction",
    "CoverageContract",
    "ExpectedScore",
    "InfluenceLine",
    "OpeningFound",
    "PlanAction",
    "Review",
    "SignOff",
    "SilentPerson",
    "Tie",
]
