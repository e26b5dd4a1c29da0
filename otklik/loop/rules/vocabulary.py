"""The closed lists of the loop. Stored values never change; labels are in ``labels.py``."""

from __future__ import annotations

from enum import StrEnum

from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE


class RuleKind(StrEnum):
    """What a rule looks at. SCORE and DROP: answers to the recommendation question; WORDS: comments of any
    survey, where no scores are set."""

    SCORE = "score"
    DROP = "drop"
    WORDS = "words"
    LOW_CSAT = "low_csat"
    LOW_CES = "low_ces"
    SILENCE = "silence"
    MENTION = "mention"


class Flow(StrEnum):
    """How an alert is followed up: what is asked, and what counts as done, differ."""

    DETRACTOR = "detractor"
    PASSIVE = "passive"
    """What would make it a nine?"""
    PROMOTER = "promoter"
    SILENT = "silent"
    """A personal touch instead of another reminder."""
    MENTION = "mention"


class Because(StrEnum):
    """Why a rule fired: a reason goes with the value it rests on."""

    SCORE = "score"
    DROP = "drop"
    WORDS = "words"
    TOPIC = "topic"
    SILENT = "silent"
    BAD_MENTION = "bad_mention"
    ROLE = "role"
    TIER = "tier"
    RENEWAL = "renewal"
    OPEN_DEAL = "open_deal"


class OwnerWay(StrEnum):
    """Whom a rule gives its alerts first."""

    MANAGER = "manager"
    PERSON = "person"
    TEAM = "team"


class OwnerReason(StrEnum):
    """Why it is this person's alert."""

    MANAGER = "manager"
    NAMED = "named"
    TEAM_LEAD = "team_lead"
    FALLBACK = "fallback"
    HEAD = "head"
    ADMINISTRATOR = "administrator"
    BY_HAND = "by_hand"


class AlertState(StrEnum):
    OPEN = "open"
    """Nobody has spoken to them yet."""
    CONTACTED = "contacted"
    WAITING = "waiting"
    """For something that we promised."""
    CLOSED = "closed"


OPEN_STATES = (AlertState.OPEN, AlertState.CONTACTED, AlertState.WAITING)


class Lateness(StrEnum):
    IN_TIME = "in_time"
    SOON = "soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    DONE = "done"


class Way(StrEnum):
    """How somebody was spoken to, or told."""

    CALL = "call"
    LETTER = "letter"
    MEETING = "meeting"
    CHAT = "chat"


class LetterKind(StrEnum):
    """What a letter to a partner's person is about."""

    DETRACTOR = "detractor"
    PASSIVE = "passive"
    SILENT = "silent"
    PROMOTER = "promoter"
    DONE = "done"
    """You said, we did."""


class LetterRefusal(StrEnum):
    """Why nobody is written to."""

    NOBODY = "nobody"
    GONE = "gone"
    NO_ADDRESS = "no_address"
    BOUNCES = "bounces"
    UNSUBSCRIBED = "unsubscribed"
    NOT_NOW = "not_now"
    """A promoter who is asked for nothing now (GuardReason)."""


class Outcome(StrEnum):
    """How an alert ended."""

    MENDED = "mended"
    EXPLAINED = "explained"
    """Nothing was broken, and they know now why it is so."""
    NOT_POSSIBLE = "not_possible"
    """We cannot, or will not, and said so."""
    THANKED = "thanked"
    """Nothing to mend: they were heard."""
    NOT_REACHED = "not_reached"
    NOT_OURS = "not_ours"
    """A slip of the finger, another company, a person who left."""


class ClosingProblem(StrEnum):
    NO_OUTCOME = "no_outcome"
    NO_ROOT_CAUSE = "no_root_cause"
    NOBODY_SPOKE = "nobody_spoke"
    """The outcome says that they were spoken to, and no follow-up does."""
    PROMISE_OPEN = "promise_open"


class GuardReason(StrEnum):
    """Why a person is asked for nothing now."""

    DISPUTE = "dispute"
    HOLD = "hold"
    CRITICAL_TICKET = "critical_ticket"
    OPEN_ALERT = "open_alert"
    NO_PROMOTER = "no_promoter"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    GONE = "gone"
    """Left, or erased."""
    OLD_SCORE = "old_score"
    UNDER_WAY = "under_way"
    """Something else is being asked of them."""
    ASKED_LATELY = "asked_lately"
    DECLINED = "declined"
    """They said no to the same thing not long ago."""


class AskKind(StrEnum):
    """What a promoter may be asked for."""

    REFERENCE = "reference"
    REFERRAL = "referral"
    COMMUNITY = "community"
    CASE_STORY = "case_story"
    ADVICE = "advice"
    """A beta, or advice on the product."""
    OPENING = "opening"
    """A talk about selling more to them."""


class AskState(StrEnum):
    PROPOSED = "proposed"
    """We mean to ask; they do not know yet."""
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    """They agreed, and took it back."""
    DROPPED = "dropped"
    """We did not ask after all, or let it rest."""


class ConsentSaid(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ImprovementState(StrEnum):
    IDEA = "idea"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class Movement(StrEnum):
    """What may be said of closed against not closed."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"


class NotTold(StrEnum):
    """Why nothing can be told."""

    FEW_CLOSED = "few_closed"
    FEW_NOT_CLOSED = "few_not_closed"
    FEW_MATCHED = "few_matched"
    WITHIN_CHANCE = "within_chance"


def flow_of_score(score: int) -> Flow:
    """Of a score 0..10."""
    if score <= LAST_DETRACTOR_SCORE:
        return Flow.DETRACTOR
    return Flow.PASSIVE if score <= LAST_PASSIVE_SCORE else Flow.PROMOTER
