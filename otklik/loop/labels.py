"""What the closed lists of the loop are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from otklik.loop.rules.conditions import ConditionProblem
from otklik.loop.rules.vocabulary import (
    AlertState,
    AskKind,
    AskState,
    Because,
    ClosingProblem,
    ConsentSaid,
    Flow,
    GuardReason,
    ImprovementState,
    Lateness,
    LetterKind,
    LetterRefusal,
    Movement,
    NotTold,
    Outcome,
    OwnerReason,
    OwnerWay,
    RuleKind,
    Way,
)

RULE_KINDS: dict[RuleKind, Promise] = {
    RuleKind.SCORE: pgettext_lazy("kind of alert rule", "score"),
    RuleKind.DROP: pgettext_lazy("kind of alert rule", "drop since the last answer"),
    RuleKind.WORDS: pgettext_lazy("kind of alert rule", "words in the comment"),
    RuleKind.LOW_CSAT: pgettext_lazy("kind of alert rule", "satisfaction with one matter"),
    RuleKind.LOW_CES: pgettext_lazy("kind of alert rule", "effort that something took"),
    RuleKind.SILENCE: pgettext_lazy("kind of alert rule", "silence at the end of a wave"),
    RuleKind.MENTION: pgettext_lazy("kind of alert rule", "bad mention"),
}
RULE_HINTS: dict[RuleKind, Promise] = {
    RuleKind.SCORE: pgettext_lazy("what a rule hears", "An answer with one of some scores, 0 to 10"),
    RuleKind.DROP: pgettext_lazy("what a rule hears", "A score that is lower than this person's last one"),
    RuleKind.WORDS: pgettext_lazy("what a rule hears", "A comment that says certain words, in any survey"),
    RuleKind.LOW_CSAT: pgettext_lazy(
        "what a rule hears", "One of five faces after a ticket, a payout, a course"
    ),
    RuleKind.LOW_CES: pgettext_lazy("what a rule hears", "One of seven steps: how easy something was"),
    RuleKind.SILENCE: pgettext_lazy(
        "what a rule hears", "Somebody was asked, and the wave closed without them"
    ),
    RuleKind.MENTION: pgettext_lazy("what a rule hears", "Something bad that was published about us"),
}
CONDITION_PROBLEMS: dict[ConditionProblem, Promise] = {
    ConditionProblem.NO_SCORES: pgettext_lazy("what a rule lacks", "Choose at least one score."),
    ConditionProblem.SCORES: pgettext_lazy("what a rule lacks", "This survey has no such score."),
    ConditionProblem.NO_DROP: pgettext_lazy("what a rule lacks", "Say by how much the score has to fall."),
    ConditionProblem.NO_WORDS: pgettext_lazy("what a rule lacks", "Give at least one word or topic."),
    ConditionProblem.TOO_MANY_WORDS: pgettext_lazy(
        "what a rule lacks", "40 words or phrases at most, each of 60 letters at most."
    ),
    ConditionProblem.RENEWAL: pgettext_lazy("what a rule lacks", "Days to the renewal are 0 to 730."),
}
SURVEYS: dict[str, Promise] = {
    "nps": pgettext_lazy("survey behind an alert", "Would they recommend us, 0 to 10"),
    "csat": pgettext_lazy("survey behind an alert", "How satisfied they were, 1 to 5"),
    "ces": pgettext_lazy("survey behind an alert", "How easy it was for them, 1 to 7"),
}
LETTER_KINDS: dict[LetterKind, Promise] = {
    LetterKind.DETRACTOR: pgettext_lazy("kind of letter", "To a detractor"),
    LetterKind.PASSIVE: pgettext_lazy("kind of letter", "To a passive: what would make it a nine"),
    LetterKind.SILENT: pgettext_lazy("kind of letter", "To somebody who is silent"),
    LetterKind.PROMOTER: pgettext_lazy("kind of letter", "To a promoter: a request"),
    LetterKind.DONE: pgettext_lazy("kind of letter", "You said, we did"),
}
LETTER_REFUSALS: dict[LetterRefusal, Promise] = {
    LetterRefusal.NOBODY: pgettext_lazy(
        "why no letter goes", "There is nobody to write to: choose a person of the partner."
    ),
    LetterRefusal.GONE: pgettext_lazy("why no letter goes", "This person has left. Choose somebody else."),
    LetterRefusal.NO_ADDRESS: pgettext_lazy(
        "why no letter goes", "We have no mail address of this person. Call them, or add the address."
    ),
    LetterRefusal.BOUNCES: pgettext_lazy(
        "why no letter goes", "Mails to this person come back. Call them, or mend the address."
    ),
    LetterRefusal.UNSUBSCRIBED: pgettext_lazy(
        "why no letter goes", "This person does not want to be asked by mail. Call them instead."
    ),
    LetterRefusal.NOT_NOW: pgettext_lazy(
        "why no letter goes",
        "Nothing is asked of them now: something is open between us, or they were asked lately.",
    ),
}
PLACE_WORDS: dict[str, Promise] = {
    "name": pgettext_lazy("place in a letter", "whom the letter goes to"),
    "partner": pgettext_lazy("place in a letter", "their company"),
    "program": pgettext_lazy("place in a letter", "our program"),
    "sender": pgettext_lazy("place in a letter", "who writes the letter"),
    "score": pgettext_lazy("place in a letter", "the score that they gave"),
    "done": pgettext_lazy("place in a letter", "what came of it, as the closed alert says"),
}
FLOWS: dict[Flow, Promise] = {
    Flow.DETRACTOR: pgettext_lazy("flow of an alert", "detractor"),
    Flow.PASSIVE: pgettext_lazy("flow of an alert", "passive"),
    Flow.PROMOTER: pgettext_lazy("flow of an alert", "promoter"),
    Flow.SILENT: pgettext_lazy("flow of an alert", "silent"),
    Flow.MENTION: pgettext_lazy("flow of an alert", "mention"),
}
# With the value: "%(value)s" may be left out.
REASONS: dict[Because, Promise] = {
    Because.SCORE: pgettext_lazy("reason of an alert", "score %(value)s"),
    Because.DROP: pgettext_lazy("reason of an alert", "fell by %(value)s since the last answer"),
    Because.WORDS: pgettext_lazy("reason of an alert", "the comment says: %(value)s"),
    Because.TOPIC: pgettext_lazy("reason of an alert", "topic of the comment: %(value)s"),
    Because.SILENT: pgettext_lazy("reason of an alert", "was asked and did not answer"),
    Because.BAD_MENTION: pgettext_lazy("reason of an alert", "a bad mention"),
    Because.ROLE: pgettext_lazy("reason of an alert", "role: %(value)s"),
    Because.TIER: pgettext_lazy("reason of an alert", "tier: %(value)s"),
    Because.RENEWAL: pgettext_lazy("reason of an alert", "days to the renewal: %(value)s"),
    Because.OPEN_DEAL: pgettext_lazy("reason of an alert", "an expansion deal is open"),
}
OWNER_WAYS: dict[OwnerWay, Promise] = {
    OwnerWay.MANAGER: pgettext_lazy("whom a rule gives alerts to", "the account manager"),
    OwnerWay.PERSON: pgettext_lazy("whom a rule gives alerts to", "a person"),
    OwnerWay.TEAM: pgettext_lazy("whom a rule gives alerts to", "the lead of a team"),
}
OWNER_REASONS: dict[OwnerReason, Promise] = {
    OwnerReason.MANAGER: pgettext_lazy("why somebody owns an alert", "account manager of the partner"),
    OwnerReason.NAMED: pgettext_lazy("why somebody owns an alert", "named in the rule"),
    OwnerReason.TEAM_LEAD: pgettext_lazy("why somebody owns an alert", "leads the team of the rule"),
    OwnerReason.FALLBACK: pgettext_lazy("why somebody owns an alert", "stands in by the rule"),
    OwnerReason.HEAD: pgettext_lazy("why somebody owns an alert", "heads the program"),
    OwnerReason.ADMINISTRATOR: pgettext_lazy("why somebody owns an alert", "administrator: nobody else can"),
    OwnerReason.BY_HAND: pgettext_lazy("why somebody owns an alert", "assigned by hand"),
}
ALERT_STATES: dict[AlertState, Promise] = {
    AlertState.OPEN: pgettext_lazy("state of an alert", "nobody has spoken to them"),
    AlertState.CONTACTED: pgettext_lazy("state of an alert", "in contact"),
    AlertState.WAITING: pgettext_lazy("state of an alert", "we promised something"),
    AlertState.CLOSED: pgettext_lazy("state of an alert", "closed"),
}
LATENESS: dict[Lateness, Promise] = {
    Lateness.IN_TIME: pgettext_lazy("lateness of an alert", "in time"),
    Lateness.SOON: pgettext_lazy("lateness of an alert", "due soon"),
    Lateness.OVERDUE: pgettext_lazy("lateness of an alert", "overdue"),
    Lateness.ESCALATED: pgettext_lazy("lateness of an alert", "overdue, escalated"),
    Lateness.DONE: pgettext_lazy("lateness of an alert", "spoken to"),
}
WAYS: dict[Way, Promise] = {
    Way.CALL: pgettext_lazy("way of a follow-up", "call"),
    Way.LETTER: pgettext_lazy("way of a follow-up", "letter"),
    Way.MEETING: pgettext_lazy("way of a follow-up", "meeting"),
    Way.CHAT: pgettext_lazy("way of a follow-up", "chat"),
}
OUTCOMES: dict[Outcome, Promise] = {
    Outcome.MENDED: pgettext_lazy("outcome of an alert", "mended"),
    Outcome.EXPLAINED: pgettext_lazy("outcome of an alert", "explained, nothing was broken"),
    Outcome.NOT_POSSIBLE: pgettext_lazy("outcome of an alert", "we cannot or will not, and said so"),
    Outcome.THANKED: pgettext_lazy("outcome of an alert", "heard and thanked, nothing to mend"),
    Outcome.NOT_REACHED: pgettext_lazy("outcome of an alert", "not reached"),
    Outcome.NOT_OURS: pgettext_lazy("outcome of an alert", "not about us"),
}
CLOSING_PROBLEMS: dict[ClosingProblem, Promise] = {
    ClosingProblem.NO_OUTCOME: pgettext_lazy("why an alert does not close", "Say how it ended."),
    ClosingProblem.NO_ROOT_CAUSE: pgettext_lazy(
        "why an alert does not close", "Name a root cause: what many say is mended once for all."
    ),
    ClosingProblem.NOBODY_SPOKE: pgettext_lazy(
        "why an alert does not close",
        "Nobody has noted a follow-up: note it, or choose “not reached” or “not about us”.",
    ),
    ClosingProblem.PROMISE_OPEN: pgettext_lazy(
        "why an alert does not close", "A promise is still open: keep it or drop it with a reason first."
    ),
}
GUARD_REASONS: dict[GuardReason, Promise] = {
    GuardReason.DISPUTE: pgettext_lazy("why nobody is asked now", "a dispute is open"),
    GuardReason.HOLD: pgettext_lazy("why nobody is asked now", "a part of their money is held"),
    GuardReason.CRITICAL_TICKET: pgettext_lazy("why nobody is asked now", "a critical ticket is open"),
    GuardReason.OPEN_ALERT: pgettext_lazy("why nobody is asked now", "an alert of theirs is open"),
    GuardReason.NO_PROMOTER: pgettext_lazy("why nobody is asked now", "the last score is no 9 or 10"),
    GuardReason.CONSENT_WITHDRAWN: pgettext_lazy("why nobody is asked now", "they do not want to be asked"),
    GuardReason.GONE: pgettext_lazy("why nobody is asked now", "they have left"),
    GuardReason.OLD_SCORE: pgettext_lazy("why nobody is asked now", "the last score is over a year old"),
    GuardReason.UNDER_WAY: pgettext_lazy("why nobody is asked now", "they are being asked for something"),
    GuardReason.ASKED_LATELY: pgettext_lazy(
        "why nobody is asked now", "they were asked for something within 180 days"
    ),
    GuardReason.DECLINED: pgettext_lazy("why nobody is asked now", "they said no to it within a year"),
}
ASK_KINDS: dict[AskKind, Promise] = {
    AskKind.REFERENCE: pgettext_lazy("what a promoter is asked for", "a reference"),
    AskKind.REFERRAL: pgettext_lazy("what a promoter is asked for", "a referral"),
    AskKind.COMMUNITY: pgettext_lazy("what a promoter is asked for", "joining the community"),
    AskKind.CASE_STORY: pgettext_lazy("what a promoter is asked for", "a case story"),
    AskKind.ADVICE: pgettext_lazy("what a promoter is asked for", "a beta or advice on the product"),
    AskKind.OPENING: pgettext_lazy("what a promoter is asked for", "a talk about selling more"),
}
ASK_STATES: dict[AskState, Promise] = {
    AskState.PROPOSED: pgettext_lazy("state of an ask", "to be asked"),
    AskState.ASKED: pgettext_lazy("state of an ask", "asked"),
    AskState.AGREED: pgettext_lazy("state of an ask", "agreed"),
    AskState.DECLINED: pgettext_lazy("state of an ask", "declined"),
    AskState.DELIVERED: pgettext_lazy("state of an ask", "delivered"),
    AskState.WITHDRAWN: pgettext_lazy("state of an ask", "consent taken back"),
    AskState.DROPPED: pgettext_lazy("state of an ask", "dropped"),
}
CONSENT_SAID: dict[ConsentSaid, Promise] = {
    ConsentSaid.GIVEN: pgettext_lazy("consent", "agreed"),
    ConsentSaid.WITHDRAWN: pgettext_lazy("consent", "taken back"),
}
IMPROVEMENT_STATES: dict[ImprovementState, Promise] = {
    ImprovementState.IDEA: pgettext_lazy("state of an improvement", "idea"),
    ImprovementState.PLANNED: pgettext_lazy("state of an improvement", "planned"),
    ImprovementState.UNDER_WAY: pgettext_lazy("state of an improvement", "under way"),
    ImprovementState.DONE: pgettext_lazy("state of an improvement", "done"),
    ImprovementState.DROPPED: pgettext_lazy("state of an improvement", "dropped"),
}
MOVEMENTS: dict[Movement, Promise] = {
    Movement.BETTER: pgettext_lazy("closed alerts against the others", "closing helps"),
    Movement.WORSE: pgettext_lazy("closed alerts against the others", "closed ones moved less"),
    Movement.CANNOT_TELL: pgettext_lazy("closed alerts against the others", "cannot tell"),
}
NOT_TOLD: dict[NotTold, Promise] = {
    NotTold.FEW_CLOSED: pgettext_lazy(
        "closed alerts against the others", "fewer than 20 people with a closed alert have answered again"
    ),
    NotTold.FEW_NOT_CLOSED: pgettext_lazy(
        "closed alerts against the others", "fewer than 20 people without a closed alert have answered again"
    ),
    NotTold.FEW_MATCHED: pgettext_lazy(
        "closed alerts against the others", "too few began with a score that the others have too"
    ),
    NotTold.WITHIN_CHANCE: pgettext_lazy(
        "closed alerts against the others", "chance alone would explain the difference"
    ),
}
