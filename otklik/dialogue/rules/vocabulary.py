"""The closed lists of dialogue."""

from __future__ import annotations

from enum import StrEnum


class NewsKind(StrEnum):
    NEWS = "news"
    CHANGE = "change"
    QUESTION = "question"
    OUTAGE = "outage"


class NewsState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    """To be seen from ``visible_from`` on, which may lie ahead."""
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Of the program, or of the partner."""

    OURS = "ours"
    THEIRS = "theirs"

    @property
    def other(self) -> Side:
        return Side.THEIRS if self is Side.OURS else Side.OURS


class GoalState(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    MET = "met"
    MISSED = "missed"
    DROPPED = "dropped"


class PromiseState(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    DONE = "done"
    DROPPED = "dropped"


class Standing(StrEnum):
    """How something with a day stands."""

    OPEN = "open"
    SOON = "soon"
    OVERDUE = "overdue"
    KEPT = "kept"
    LATE = "late"
    ENDED = "ended"


class IdeaState(StrEnum):
    NEW = "new"
    CONSIDERED = "considered"
    PLANNED = "planned"
    DONE = "done"
    DECLINED = "declined"


class Moderation(StrEnum):
    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


class ApplicationState(StrEnum):
    NEW = "new"
    VETTING = "vetting"
    MORE_WANTED = "more_wanted"
    APPROVED = "approved"
    DECLINED = "declined"


OPEN_APPLICATIONS = frozenset({ApplicationState.NEW, ApplicationState.VETTING, ApplicationState.MORE_WANTED})


class Decision(StrEnum):
    APPROVED = "approved"
    DECLINED = "declined"
    MORE_WANTED = "more_wanted"


class Reason(StrEnum):
    """Why an application is declined, or what is wanted more."""

    TRAFFIC_UNCLEAR = "traffic_unclear"
    SITE_UNREACHABLE = "site_unreachable"
    SITE_UNFINISHED = "site_unfinished"
    VOLUME_TOO_SMALL = "volume_too_small"
    COUNTRY_NOT_SERVED = "country_not_served"
    CHANNEL_NOT_ALLOWED = "channel_not_allowed"
    CONTENT_NOT_ALLOWED = "content_not_allowed"
    DOCUMENTS_MISSING = "documents_missing"
    DETAILS_MISSING = "details_missing"
    CANNOT_VERIFY = "cannot_verify"
    ALREADY_PARTNER = "already_partner"
    NO_ROOM_NOW = "no_room_now"


WANTED_MORE = (
    Reason.TRAFFIC_UNCLEAR,
    Reason.SITE_UNREACHABLE,
    Reason.SITE_UNFINISHED,
    Reason.DOCUMENTS_MISSING,
    Reason.DETAILS_MISSING,
    Reason.CANNOT_VERIFY,
)
REFUSED_FOR = tuple(reason for reason in Reason if reason is not Reason.DETAILS_MISSING)


class VettingOutcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class StepKind(StrEnum):
    ARTICLE = "article"
    DOCUMENT = "document"
    LINK = "link"
    DETAILS = "details"
    COURSE = "course"
    CALL = "call"
    OTHER = "other"
