"""What the words of interviews and mentions are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.feedback.rules.texts.sentiment import WISH
from otklik.feedback.rules.voices.guides import GuideKind
from otklik.feedback.rules.voices.vocabulary import (
    FeedFailure,
    InterviewChannel,
    MentionSource,
    QuoteConsent,
    VoiceKind,
)

KIND_LABELS: dict[VoiceKind, Promise] = {
    VoiceKind.ANSWER: _("Answers to surveys"),
    VoiceKind.INTERVIEW: _("Interviews"),
    VoiceKind.MENTION: _("Mentions"),
}
INTERVIEW_CHANNEL_LABELS: dict[InterviewChannel, Promise] = {
    InterviewChannel.CALL: _("Phone call"),
    InterviewChannel.VIDEO: _("Video call"),
    InterviewChannel.MEETING: _("Meeting"),
    InterviewChannel.CHAT: _("Chat"),
}
CONSENT_LABELS: dict[QuoteConsent, Promise] = {
    QuoteConsent.NO: _("may not be quoted"),
    QuoteConsent.NAMELESS: _("may be quoted without a name"),
    QuoteConsent.NAMED: _("may be quoted by name"),
}
MENTION_SOURCE_LABELS: dict[MentionSource, Promise] = {
    MentionSource.FEED: _("Feed"),
    MentionSource.HAND: _("Written down by hand"),
    MentionSource.FILE: _("File"),
}
# The column says -1, 0, 1, 2 or nothing; the address says it in a word.
SENTIMENT_WORDS: dict[str, int | None] = {"bad": -1, "mixed": 0, "good": 1, "wish": WISH, "unclear": None}
SENTIMENT_LABELS: dict[int | None, Promise] = {
    1: pgettext_lazy("sentiment", "praise"),
    0: pgettext_lazy("sentiment", "both praise and complaint"),
    -1: pgettext_lazy("sentiment", "complaint"),
    WISH: pgettext_lazy("sentiment", "a wish"),
    None: pgettext_lazy("sentiment", "cannot tell"),
}
MENTION_SENTENCES: dict[int | None, Promise] = {
    1: _("A public mention with praise."),
    0: _("A public mention with praise and complaint."),
    -1: _("A public mention with a complaint."),
    WISH: _("A public mention with a wish."),
    None: _("A public mention."),
}
GUIDE_KIND_LABELS: dict[GuideKind, Promise] = {
    GuideKind.LOYAL: _("for a loyal partner"),
    GuideKind.DETRACTOR: _("for a partner who gave a low score"),
    GuideKind.LEFT: _("for a partner who left"),
}
FAILURE_LABELS: dict[FeedFailure, Promise] = {
    FeedFailure.REFUSED: _(
        "This address is not fetched: it leads into the internal network, or is no plain web address."
    ),
    FeedFailure.UNREACHABLE: _("The server cannot be reached or takes too long."),
    FeedFailure.STATUS: _("The server refuses: HTTP %(detail)s."),
    FeedFailure.TOO_LARGE: _("The document is larger than 4 MB and was not read."),
    FeedFailure.NOT_A_FEED: _("There is no RSS or Atom at this address. Look for the feed's own address."),
    FeedFailure.DAMAGED: _(
        "The document is damaged: what could be read is here, some entries may be missing."
    ),
    FeedFailure.BROKEN: _("Reading it failed on our side: %(detail)s. Tell the administrator."),
}


def failure_text(failure: str, detail: str) -> str:
    return str(FAILURE_LABELS[FeedFailure(failure)]) % {"detail": detail}
