"""The door of the relationship map."""

from otklik.relationships.access import map_partners, visible_calls, visible_expectations, visible_ties
from otklik.relationships.models import CallToAction, ExpectedScore, InfluenceLine, SignOff, Tie
from otklik.relationships.operations.alerts import follow_alerts, follow_alerts_of_wave
from otklik.relationships.operations.calls import (
    CallClosed,
    CallFollowsAlert,
    WordMissing,
    assign_call,
    close_call,
    raise_calls,
)
from otklik.relationships.operations.checks import check_due
from otklik.relationships.operations.coverage import OddContract, set_contract
from otklik.relationships.operations.expected import (
    ExpectationsLocked,
    NotAScoreSurvey,
    NotAsked,
    enter_expected,
    sign_off,
)
from otklik.relationships.operations.people import (
    NotOnStaff,
    NotTheirPerson,
    remove_influence_line,
    remove_tie,
    state_influence_line,
    state_tie,
)
from otklik.relationships.operations.plans import add_action, finish_action, save_plan
from otklik.relationships.operations.reviews import make_review
from otklik.relationships.operations.silence import count_silence
from otklik.relationships.personal import personal_data
from otklik.relationships.rules.coverage import Wanted
from otklik.relationships.rules.quarters import quarter_before, quarter_of
from otklik.relationships.rules.vocabulary import (
    CallKind,
    CallState,
    InfluenceKind,
    Role,
    TieKind,
    TieLevel,
)

__all__ = [
    "CallClosed",
    "CallFollowsAlert",
    "CallKind",
    "CallState",
    "CallToAction",
    "ExpectationsLocked",
    "ExpectedScore",
    "InfluenceKind",
    "InfluenceLine",
    "NotAScoreSurvey",
    "NotAsked",
    "NotOnStaff",
    "NotTheirPerson",
    "OddContract",
    "Role",
    "SignOff",
    "Tie",
    "TieKind",
    "TieLevel",
    "Wanted",
    "WordMissing",
    "add_action",
    "assign_call",
    "check_due",
    "close_call",
    "count_silence",
    "enter_expected",
    "finish_action",
    "follow_alerts",
    "follow_alerts_of_wave",
    "make_review",
    "map_partners",
    "personal_data",
    "quarter_before",
    "quarter_of",
    "raise_calls",
    "remove_influence_line",
    "remove_tie",
    "save_plan",
    "set_contract",
    "sign_off",
    "state_influence_line",
    "state_tie",
    "visible_calls",
    "visible_expectations",
    "visible_ties",
]
