from otklik.analytics.models.facts import FactStore, PendingFact
from otklik.analytics.models.histogram import ScoreCell, ScoreDay, ScoreRollup, ScoreTriple

__all__ = ["FactStore", "PendingFact", "ScoreCell", "ScoreDay", "ScoreRollup", "ScoreTriple"]
