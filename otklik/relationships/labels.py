"""What the closed lists of the relationship map are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.relationships.rules.coverage import Step
from otklik.relationships.rules.freshness import TitleDoubt
from otklik.relationships.rules.moves import MoveKind, Task
from otklik.relationships.rules.quality import Doubt as Friends
from otklik.relationships.rules.quality import Fault
from otklik.relationships.rules.renewals import Band, Due, Obstacle, Opening, Proof, RiskReason
from otklik.relationships.rules.scatter import Certainty
from otklik.relationships.rules.segments import Remark, Way, Why
from otklik.relationships.rules.silence import Silence, SilenceReason
from otklik.relationships.rules.surprises import Direction, Lean, Next, SurpriseReason
from otklik.relationships.rules.ties import Doubt
from otklik.relationships.rules.vocabulary import (
    CallKind,
    CallState,
    InfluenceKind,
    Standing,
    TieKind,
    TieLevel,
)

STANDINGS: dict[Standing, Promise] = {
    Standing.PROMOTER: pgettext_lazy("person on the map", "promoter"),
    Standing.PASSIVE: pgettext_lazy("person on the map", "passive"),
    Standing.DETRACTOR: pgettext_lazy("person on the map", "detractor"),
    Standing.SILENT_THIS_TIME: pgettext_lazy("person on the map", "silent this time"),
    Standing.NEVER_ANSWERED: pgettext_lazy("person on the map", "never answered"),
    Standing.NOT_ASKED: pgettext_lazy("person on the map", "not asked"),
}
TIE_KINDS: dict[TieKind, Promise] = {
    TieKind.MANAGER: pgettext_lazy("kind of tie", "account management"),
    TieKind.SPONSOR: pgettext_lazy("kind of tie", "executive sponsor"),
    TieKind.WORK: pgettext_lazy("kind of tie", "work together"),
    TieKind.SUPPORT: pgettext_lazy("kind of tie", "support"),
    TieKind.PERSONAL: pgettext_lazy("kind of tie", "personal"),
}
TIE_LEVELS: dict[TieLevel, Promise] = {
    TieLevel.STRONG: pgettext_lazy("level of a tie", "strong"),
    TieLevel.WORKING: pgettext_lazy("level of a tie", "working"),
    TieLevel.WEAK: pgettext_lazy("level of a tie", "weak"),
    TieLevel.NONE: pgettext_lazy("level of a tie", "none"),
    TieLevel.UNKNOWN: pgettext_lazy("level of a tie", "not known"),
}
DOUBTS: dict[Doubt, Promise] = {
    Doubt.ABOVE_EVIDENCE: _("The log shows much less contact than this level says."),
    Doubt.BELOW_EVIDENCE: _("The log shows much more contact than this level says."),
    Doubt.STALE: _("Stated over a year ago: look at it again."),
    Doubt.COMPLAINTS: _("Complaints came in lately."),
    Doubt.NOT_STATED: _("Nobody has judged this tie yet."),
}
TITLE_DOUBTS: dict[TitleDoubt, Promise] = {
    TitleDoubt.OLD: _("The title was stated over a year ago."),
    TitleDoubt.LEFT_OUT: _("The last file no longer names this person: is the title still true?"),
}
INFLUENCE_KINDS: dict[InfluenceKind, Promise] = {
    InfluenceKind.LEADS: pgettext_lazy("influence between people", "leads"),
    InfluenceKind.ADVISES: pgettext_lazy("influence between people", "advises"),
    InfluenceKind.BLOCKS: pgettext_lazy("influence between people", "speaks against us"),
}
CALL_KINDS: dict[CallKind, Promise] = {
    CallKind.MOVE: pgettext_lazy("kind of task", "change of score"),
    CallKind.SURPRISE: pgettext_lazy("kind of task", "surprise"),
    CallKind.SILENCE: pgettext_lazy("kind of task", "silence"),
}
CALL_STATES: dict[CallState, Promise] = {
    CallState.OPEN: pgettext_lazy("state of a task", "open"),
    CallState.DONE: pgettext_lazy("state of a task", "done"),
    CallState.DROPPED: pgettext_lazy("state of a task", "dropped"),
}
MOVES: dict[str, Promise] = {
    MoveKind.FELL: pgettext_lazy("change of a person's score", "fell"),
    MoveKind.ROSE: pgettext_lazy("change of a person's score", "rose"),
    MoveKind.RECOVERED: pgettext_lazy("change of a person's score", "recovered"),
    MoveKind.LOWER: pgettext_lazy("change of a person's score", "lower than before"),
    MoveKind.HIGHER: pgettext_lazy("change of a person's score", "higher than before"),
    MoveKind.DROPPED_OUT: pgettext_lazy("change of a person's score", "did not answer this time"),
    MoveKind.CAME_BACK: pgettext_lazy("change of a person's score", "answers again"),
    MoveKind.NEW: pgettext_lazy("change of a person's score", "first answer"),
}
SURPRISES: dict[str, Promise] = {
    Direction.WORSE: pgettext_lazy("surprise", "worse than expected"),
    Direction.BETTER: pgettext_lazy("surprise", "better than expected"),
    Direction.AS_EXPECTED: pgettext_lazy("surprise", "as expected"),
    Direction.SILENT: pgettext_lazy("surprise", "was expected to answer"),
}
SILENCES: dict[str, Promise] = {
    Silence.REGULAR: pgettext_lazy("silence", "answers as a rule, and did not"),
    Silence.OCCASIONAL: pgettext_lazy("silence", "answers now and then"),
    Silence.GAP: pgettext_lazy("silence", "matters, and never answered"),
    Silence.NEVER: pgettext_lazy("silence", "never answered"),
    Silence.FIRST: pgettext_lazy("silence", "was asked for the first time"),
}
CERTAINTIES: dict[Certainty, Promise] = {
    Certainty.BEYOND: _("beyond the usual scatter"),
    Certainty.WITHIN: _("within the usual scatter"),
    Certainty.CANNOT_TELL: pgettext_lazy("certainty", "cannot tell"),
}
TASKS: dict[str, Promise] = {
    Task.CALL_WITHIN_DEADLINE: _("Call in time"),
    Task.ASK_WHAT_CHANGED: _("Ask what changed"),
    Task.REACH_PERSONALLY: _("Get in touch in person"),
    Task.TELL_TEAM_WHAT_HELPED: _("Tell the team what helped"),
    Task.THANK: _("Say thank you"),
    Task.GET_TO_KNOW: _("Get to know them"),
    Next.ASK_WHAT_WE_MISSED: _("Ask what we missed"),
    Next.FIND_OUT_WHAT_HELPED: _("Find out what helped"),
}
STEPS: dict[Step, Promise] = {
    Step.FIND_PEOPLE: _("Find out who it is"),
    Step.STATE_ROLES: _("State the roles of people already known"),
    Step.ASK_NEXT_WAVE: _("Ask in the next wave"),
    Step.FIND_ADDRESS: _("Find an address"),
    Step.REACH_PERSONALLY: _("Get in touch in person"),
}
REMARKS: dict[Remark, Promise] = {
    Remark.NOBODY_KNOWN: _("Nobody is known here yet."),
    Remark.NOBODY_ANSWERED: _("Nobody has answered in this time."),
    Remark.NO_DECISION_MAKER_KNOWN: _("No decision-maker is known."),
    Remark.NO_DECISION_MAKER_ANSWERED: _("No decision-maker answered."),
    Remark.ONLY_END_USERS_ANSWERED: _("Only end users answered."),
    Remark.EVERYBODY_ANSWERED: _("Everybody known answered."),
}
WAYS: dict[Way, Promise] = {
    Way.ALL: _("All answers"),
    Way.WEIGHTED: _("Weighted by role"),
    Way.DECISION_MAKERS: _("Decision-makers only"),
}
WHYS: dict[Why, Promise] = {
    Why.NOBODY_KNOWN: _("nobody known"),
    Why.NOBODY_ANSWERED: _("nobody answered"),
    Why.TOO_FEW_ANSWERED: _("fewer than five answers"),
    Why.ROLE_WITHOUT_ANSWER: _("a role without an answer"),
}

DUES: dict[Due, Promise] = {
    Due.OVERDUE: pgettext_lazy("renewal", "overdue"),
    Due.WITHIN_30: pgettext_lazy("renewal", "within 30 days"),
    Due.WITHIN_90: pgettext_lazy("renewal", "within 90 days"),
    Due.WITHIN_180: pgettext_lazy("renewal", "within 180 days"),
    Due.LATER: pgettext_lazy("renewal", "later"),
    Due.NO_DATE: pgettext_lazy("renewal", "no date"),
}
OPENINGS: dict[Opening, Promise] = {
    Opening.CROSS_SELL: _("Something they do not have"),
    Opening.UPSELL: _("More of what they have"),
}
PROOFS: dict[Proof, Promise] = {
    Proof.PROMOTER_DECIDES: _("a decision-maker is a promoter"),
    Proof.PROMOTERS: _("promoters among the others"),
    Proof.REVENUE_GROWS: _("revenue grows"),
    Proof.OTHERS_SELL_IT: _("partners like them have it"),
    Proof.NAMED_IT: _("somebody there spoke of it"),
    Proof.GOAL_SHARED: _("a goal is shared with them"),
    Proof.ASKED_FOR_IT: _("they told us that they need it"),
    Proof.DEAL_OPEN: _("a deal to do more is open"),
}
OBSTACLES: dict[Obstacle, Promise] = {
    Obstacle.DISPUTE: _("a dispute is open"),
    Obstacle.HOLD: _("a payment is held"),
    Obstacle.CRITICAL_TICKET: _("urgent tickets are open"),
    Obstacle.DETRACTOR_DECIDES: _("a decision-maker is a detractor"),
}
FAULTS: dict[Fault, Promise] = {
    Fault.ROLE_UNKNOWN: _("Role not known"),
    Fault.ROLE_STALE: _("Role set by nobody for a year"),
    Fault.LEFT: _("Left, and still on the map"),
    Fault.UNREACHABLE: _("Mail comes back"),
    Fault.DUPLICATE: _("Perhaps one person twice"),
}
REMEDIES: dict[Fault, Promise] = {
    Fault.ROLE_UNKNOWN: _("Say who decides and who has influence."),
    Fault.ROLE_STALE: _("Look whether it still holds, and say so."),
    Fault.LEFT: _("Find out who came instead, and take the ties off."),
    Fault.UNREACHABLE: _("Ask whether they have left, or find an address."),
    Fault.DUPLICATE: _("Look at them side by side, and merge them if they are one."),
}
FRIENDLY: dict[Friends, Promise] = {
    Friends.ONLY_FRIENDLY: _("Mostly those who liked us before were asked, more than chance would have it."),
    Friends.NOTHING_SEEN: _("Nothing shows that only the friendly were asked."),
    Friends.TOO_FEW_KNOWN: _("Too few people had answered before to tell."),
    Friends.ALL_ASKED: _("Everybody who had answered before was asked."),
    Friends.NOBODY_ASKED: _("Nobody who had answered before was asked in the last half-year."),
}

REASONS: dict[str, Promise] = {
    SilenceReason.HABIT: _("how often they answer"),
    SilenceReason.NEVER_ANSWERED: _("was asked more than once and never answered"),
    SilenceReason.ROLE: _("their role in the decision"),
    SilenceReason.TITLE: _("their job title"),
    SilenceReason.TIE: _("the tie to their account manager"),
    SilenceReason.RENEWAL: _("the renewal is near"),
    SilenceReason.TICKETS: _("open tickets"),
    SurpriseReason.SIZE: _("how far the answer lies from what was expected"),
    SurpriseReason.CATEGORY: _("another category than expected"),
    SurpriseReason.BAD_NEWS: _("bad news comes first"),
    SurpriseReason.TEAM_DIVIDED: _("the team itself was divided"),
}
LEANS: dict[Lean, Promise] = {
    Lean.TEAM_HIGHER: _("the team expects more than comes"),
    Lean.TEAM_LOWER: _("the team expects less than comes"),
    Lean.NO_DIFFERENCE_SEEN: _("no difference is seen"),
    Lean.CANNOT_TELL: pgettext_lazy("team and answers", "cannot tell"),
}
BANDS: dict[Band, Promise] = {
    Band.HIGH: pgettext_lazy("risk", "high"),
    Band.MEDIUM: pgettext_lazy("risk", "medium"),
    Band.LOW: pgettext_lazy("risk", "low"),
    Band.UNKNOWN: pgettext_lazy("risk", "not known"),
}
RISKS: dict[RiskReason, Promise] = {
    RiskReason.DETRACTOR_DECIDES: _("a decision-maker is a detractor"),
    RiskReason.DETRACTORS: _("detractors among the others"),
    RiskReason.FELL: _("people fell in the last wave"),
    RiskReason.SILENT_REGULARS: _("people who used to answer fell silent"),
    RiskReason.NO_DECIDER_HEARD: _("no decision-maker was heard"),
    RiskReason.COVERAGE_MISSING: _("people are missing of the contract"),
    RiskReason.CRITICAL_TICKETS: _("urgent tickets are open"),
    RiskReason.DISPUTE: _("a dispute is open"),
    RiskReason.BROKEN_PROMISES: _("promises of ours are overdue"),
    RiskReason.REVENUE_FALLS: _("revenue falls"),
    RiskReason.NO_CONTACT: _("no contact for over 90 days"),
    RiskReason.PROMOTER_DECIDES: _("a decision-maker is a promoter"),
}


def what_word(kind: str, what: str) -> str:
    """Of a task: what the wave showed."""
    lists = {CallKind.MOVE: MOVES, CallKind.SURPRISE: SURPRISES, CallKind.SILENCE: SILENCES}
    return str(lists[CallKind(kind)].get(what, what))
