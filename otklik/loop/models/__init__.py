from otklik.loop.models.alerts import Alert, AlertCause, FollowUp, LoopPromise, ReAsk
from otklik.loop.models.asks import Ask, AskConsent, Referral
from otklik.loop.models.improvements import Improvement, ImprovementCause, ImprovementPartner
from otklik.loop.models.letters import LetterTemplate
from otklik.loop.models.rules import AlertRule, RootCause

__all__ = [
    "Alert",
    "AlertCause",
    "AlertRule",
    "Ask",
    "AskConsent",
    "FollowUp",
    "Improvement",
    "ImprovementCause",
    "ImprovementPartner",
    "LetterTemplate",
    "LoopPromise",
    "ReAsk",
    "Referral",
    "RootCause",
]
