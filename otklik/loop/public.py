"""The door of the loop."""

from otklik.loop.access import alert_scope, editable_alerts, visible_alerts, visible_causes, visible_rules
from otklik.loop.labels import ALERT_STATES, FLOWS, GUARD_REASONS, LATENESS, OUTCOMES
from otklik.loop.models import Alert, AlertCause, AlertRule, Ask, FollowUp, Improvement, ReAsk, RootCause
from otklik.loop.operations.asking import (
    Agreement,
    NotNow,
    note_agreement,
    note_delivery,
    note_referral,
    note_refusal,
    propose_ask,
    put_ask,
)
from otklik.loop.operations.beginning import begin_loop
from otklik.loop.operations.closing import CannotClose, NotTheirCause, close_alert, name_causes, reopen_alert
from otklik.loop.operations.improving import (
    Heard,
    ImprovementTerms,
    Origin,
    create_improvement,
    move_improvement,
)
from otklik.loop.operations.locking import AlertChanged, AlertClosed
from otklik.loop.operations.owning import CannotOwn, assign_alert, escalate_due
from otklik.loop.operations.raising import raise_for_answers, raise_for_mentions, raise_for_silence
from otklik.loop.operations.reasking import ask_due, compare_answers, plan_re_ask
from otklik.loop.operations.rules import RuleTerms, change_cause, change_rule, create_cause, create_rule
from otklik.loop.operations.telling import tell_affected
from otklik.loop.operations.working import (
    NotTheirPerson,
    NotYet,
    SnoozeRefused,
    Spoken,
    note_follow_up,
    promise_action,
    snooze_alert,
    tell_partner,
)
from otklik.loop.personal import personal_data
from otklik.loop.queries.figures import Board, BoardFilter, CameOfIt, board, came_of_it, causes_of
from otklik.loop.queries.guarding import Owed, may_not_be_asked, owed_to, relations
from otklik.loop.queries.heard import has_open_deal
from otklik.loop.rules.conditions import Conditions
from otklik.loop.rules.deadlines import lateness
from otklik.loop.rules.vocabulary import (
    AlertState,
    AskKind,
    AskState,
    Flow,
    GuardReason,
    ImprovementState,
    Lateness,
    Outcome,
    OwnerWay,
    RuleKind,
    Way,
)

__all__ = [
    "ALERT_STATES",
    "FLOWS",
    "GUARD_REASONS",
    "LATENESS",
    "OUTCOMES",
    "Agreement",
    "Alert",
    "AlertCause",
    "AlertChanged",
    "AlertClosed",
    "AlertRule",
    "AlertState",
    "Ask",
    "AskKind",
    "AskState",
    "Board",
    "BoardFilter",
    "CameOfIt",
    "CannotClose",
    "CannotOwn",
    "Conditions",
    "Flow",
    "FollowUp",
    "GuardReason",
    "Heard",
    "Improvement",
    "ImprovementState",
    "ImprovementTerms",
    "Lateness",
    "NotNow",
    "NotTheirCause",
    "NotTheirPerson",
    "NotYet",
    "Origin",
    "Outcome",
    "Owed",
    "OwnerWay",
    "ReAsk",
    "RootCause",
    "RuleKind",
    "RuleTerms",
    "SnoozeRefused",
    "Spoken",
    "Way",
    "alert_scope",
    "ask_due",
    "assign_alert",
    "begin_loop",
    "board",
    "came_of_it",
    "causes_of",
    "change_cause",
    "change_rule",
    "close_alert",
    "compare_answers",
    "create_cause",
    "create_improvement",
    "create_rule",
    "editable_alerts",
    "escalate_due",
    "has_open_deal",
    "lateness",
    "may_not_be_asked",
    "move_improvement",
    "name_causes",
    "note_agreement",
    "note_delivery",
    "note_follow_up",
    "note_referral",
    "note_refusal",
    "owed_to",
    "personal_data",
    "plan_re_ask",
    "promise_action",
    "propose_ask",
    "put_ask",
    "raise_for_answers",
    "raise_for_mentions",
    "raise_for_silence",
    "relations",
    "reopen_alert",
    "snooze_alert",
    "tell_affected",
    "tell_partner",
    "visible_alerts",
    "visible_causes",
    "visible_rules",
]
