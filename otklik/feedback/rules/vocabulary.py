from __future__ import annotations

from enum import StrEnum


class SurveyKind(StrEnum):
    NPS = "nps"
    CSAT = "csat"
    CES = "ces"


SCALES: dict[SurveyKind, tuple[int, int]] = {
    SurveyKind.NPS: (0, 10),
    SurveyKind.CSAT: (1, 5),
    SurveyKind.CES: (1, 7),
}


class ResponseStatus(StrEnum):
    """Only complete responses count in any figure. DUPLICATE: a second answer at an anonymous link from what
    seems to be the same device; kept, shown, not counted. A fetched link that nobody confirmed is no
    response at all; exports list it as provisional."""

    PROVISIONAL = "provisional"
    COMPLETE = "complete"
    DUPLICATE = "duplicate"


class WaveMode(StrEnum):
    WAVE = "wave"
    ROLLING = "rolling"
    EVENT = "event"
    HAND = "hand"


class WaveState(StrEnum):
    """PLANNING: the sample is frozen and its invitations are being written."""

    DRAFT = "draft"
    PLANNING = "planning"
    RUNNING = "running"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class InvitationState(StrEnum):
    """SENDING is claimed before the mail is handed over; whoever finds an old claim makes it UNCERTAIN, for
    nobody knows whether that mail left and nobody gets two. Whether it was answered is ``answered_at``."""

    LEFT_OUT = "left_out"
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    BOUNCED = "bounced"
    WITHDRAWN = "withdrawn"


class ObjectionKind(StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"


class Gesture(StrEnum):
    """What made an answer count: something a person did on the page. A page that is only open is none."""

    POINTER = "pointer"
    KEY = "key"
    COMMENT = "comment"
    SUBMIT = "submit"


class Channel(StrEnum):
    """How the answer reached us."""

    EMAIL = "email"
    PORTAL = "portal"
    LINK = "link"
    TELEGRAM = "telegram"
    CHAT = "chat"
    PHONE = "phone"
    API = "api"
    IMPORT = "import"


class RowResult(StrEnum):
    STORED = "stored"
    SKIPPED = "skipped"
    FAILED = "failed"


class RowProblem(StrEnum):
    """Why an answer was not stored; ``DUPLICATE`` belongs to skipped, the others to failed."""

    DUPLICATE = "duplicate"
    NO_SOURCE_KEY = "no_source_key"
    SOURCE_KEY_TOO_LONG = "source_key_too_long"
    SCORE_OFF_SCALE = "score_off_scale"
    UNKNOWN_PARTNER = "unknown_partner"
    UNKNOWN_CONTACT = "unknown_contact"
    CONTACT_OF_OTHER_PARTNER = "contact_of_other_partner"
    UNKNOWN_SURVEY = "unknown_survey"
    SURVEY_OF_OTHER_PROGRAM = "survey_of_other_program"
    UNKNOWN_ROLE = "unknown_role"
    UNKNOWN_CHANNEL = "unknown_channel"
    UNKNOWN_MANAGER = "unknown_manager"
    BAD_COUNTRY = "bad_country"
    VALUE_TOO_LONG = "value_too_long"
    NO_TIME_ZONE = "no_time_zone"
    IN_THE_FUTURE = "in_the_future"


class Refusal(StrEnum):
    """Why somebody is not asked now; the last two speak of the sample, the others of the person."""

    INACTIVE = "inactive"
    NO_ADDRESS = "no_address"
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    CONSENT_REFUSED = "consent_refused"
    QUARANTINE = "quarantine"
    """A complaint, less than so many days ago."""
    COOLDOWN = "cooldown"
    """Asked by any survey over any channel, less than so many days away."""
    OPEN_TICKET = "open_ticket"
    """Only where the program switched it on."""
    TICKET_REOPENED = "ticket_reopened"
    """The ticket to ask about is no solved one any more: open again, spam, or merged into another."""
    PAYOUT_CAME_BACK = "payout_came_back"
    """The payout to ask about did not stay where it was paid to."""
    OLD_OCCASION = "old_occasion"
    """Told of so long after it happened that a question about it would puzzle people."""
    BY_HAND = "by_hand"
    """Taken out by a person."""
    OVER_QUOTA = "over_quota"
    NOT_DRAWN = "not_drawn"


LASTING = frozenset(
    {
        Refusal.INACTIVE,
        Refusal.NO_ADDRESS,
        Refusal.BOUNCED,
        Refusal.UNSUBSCRIBED,
        Refusal.CONSENT_REFUSED,
        Refusal.BY_HAND,
    }
)
"""What time alone does not change: who is refused for these is no part of a round."""


class HandReason(StrEnum):
    """Why a person changed a sample; in the event, in place of words about somebody."""

    FORGOTTEN = "forgotten"
    WISHED = "wished"
    """They asked to be asked."""
    WRONG_PERSON = "wrong_person"
    AWAY = "away"
    TALKS = "talks"
    """Talks are under way that a survey would disturb."""
    OTHER = "other"


ADDED_FOR = (HandReason.FORGOTTEN, HandReason.WISHED, HandReason.OTHER)
REMOVED_FOR = (HandReason.WRONG_PERSON, HandReason.AWAY, HandReason.TALKS, HandReason.OTHER)
