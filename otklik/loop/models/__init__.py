from otklik.loop.models.alerts import Alert, AlertCause, FollowUp, LoopPromise, ReAsk
from otklik.loop.models.letters import LetterTemplate
from otklik.loop.models.rules import AlertRule, RootCause

__all__ = [
    "Alert",
    "AlertCause",
    "AlertRule",
    "FollowUp",
    "LetterTemplate",
    "LoopPromise",
    "ReAsk",
    "RootCause",
]
