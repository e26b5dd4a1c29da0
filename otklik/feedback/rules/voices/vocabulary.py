from __future__ import annotations

from enum import StrEnum


class VoiceKind(StrEnum):
    ANSWER = "answer"
    INTERVIEW = "interview"
    MENTION = "mention"


class InterviewChannel(StrEnum):
    CALL = "call"
    VIDEO = "video"
    MEETING = "meeting"
    CHAT = "chat"


class QuoteConsent(StrEnum):
    """What the person allowed. Nobody was asked: NO."""

    NO = "no"
    NAMELESS = "nameless"
    NAMED = "named"


class MentionSource(StrEnum):
    FEED = "feed"
    HAND = "hand"
    FILE = "file"


class FeedFailure(StrEnum):
    """Why the last fetch brought nothing; DAMAGED brought what could be read."""

    REFUSED = "refused"
    """The address leads where we do not go."""
    UNREACHABLE = "unreachable"
    STATUS = "status"
    """The server said no; the detail is what it said."""
    TOO_LARGE = "too_large"
    NOT_A_FEED = "not_a_feed"
    DAMAGED = "damaged"
    BROKEN = "broken"
    """Something of ours failed."""
