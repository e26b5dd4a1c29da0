"""What the closed lists of assist are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from otklik.assist.rules.vocabulary import (
    AnswerChannel,
    AnswerOutcome,
    Intent,
    NoticeKind,
    OutcomeReason,
    Review,
)

INTENTS: dict[Intent, Promise] = {
    Intent.PAYOUT_WHEN: pgettext_lazy("what is asked", "When the payout comes"),
    Intent.PAYOUT_STATE: pgettext_lazy("what is asked", "How much is paid and how far it is"),
    Intent.HOLD_WHY: pgettext_lazy("what is asked", "Why money is on hold"),
    Intent.TICKET_STATE: pgettext_lazy("what is asked", "How a request stands"),
    Intent.TRAFFIC_CHECK: pgettext_lazy("what is asked", "How the traffic check goes"),
    Intent.DOCUMENT: pgettext_lazy("what is asked", "Where a document is"),
    Intent.COURSE: pgettext_lazy("what is asked", "Courses and webinars"),
    Intent.NONE: pgettext_lazy("what is asked", "None of these"),
}
CHANNELS: dict[AnswerChannel, Promise] = {
    AnswerChannel.PORTAL: pgettext_lazy("channel of an answer", "on the portal"),
    AnswerChannel.MAIL: pgettext_lazy("channel of an answer", "by mail"),
    AnswerChannel.FORM: pgettext_lazy("channel of an answer", "by the web form"),
}
OUTCOMES: dict[AnswerOutcome, Promise] = {
    AnswerOutcome.SUGGESTED: pgettext_lazy("outcome of an answer", "suggested to the agent"),
    AnswerOutcome.TOLD: pgettext_lazy("outcome of an answer", "not known yet"),
    AnswerOutcome.HELPED: pgettext_lazy("outcome of an answer", "it helped"),
    AnswerOutcome.QUIET: pgettext_lazy("outcome of an answer", "nothing more was asked"),
    AnswerOutcome.PERSON: pgettext_lazy("outcome of an answer", "it took a person"),
}
OUTCOME_REASONS: dict[OutcomeReason, Promise] = {
    OutcomeReason.SAID_SO: pgettext_lazy("why an answer counts so", "the person said so"),
    OutcomeReason.QUIET: pgettext_lazy("why an answer counts so", "72 hours without a word"),
    OutcomeReason.ASKED_PERSON: pgettext_lazy("why an answer counts so", "asked for a person"),
    OutcomeReason.WROTE_AGAIN: pgettext_lazy("why an answer counts so", "wrote again"),
    OutcomeReason.NEW_TICKET: pgettext_lazy("why an answer counts so", "asked about it anew"),
    OutcomeReason.AGENT_ANSWERED: pgettext_lazy("why an answer counts so", "an agent stepped in"),
}
REVIEWS: dict[Review, Promise] = {
    Review.RIGHT: pgettext_lazy("review of an answer", "Right"),
    Review.WRONG_INTENT: pgettext_lazy("review of an answer", "Something else was asked"),
    Review.WRONG_FACT: pgettext_lazy("review of an answer", "What it says is not so"),
}
NOTICES: dict[NoticeKind, Promise] = {
    NoticeKind.PAYOUT_SOON: pgettext_lazy("kind of notice", "A payout comes soon"),
    NoticeKind.PAYOUT_LATE: pgettext_lazy("kind of notice", "A payout is late or moved"),
    NoticeKind.PAYOUT_FAILED: pgettext_lazy("kind of notice", "A payout failed or came back"),
    NoticeKind.HOLD_OPENED: pgettext_lazy("kind of notice", "Money was put on hold"),
    NoticeKind.HOLD_DECIDED: pgettext_lazy("kind of notice", "A hold was decided"),
    NoticeKind.RENEWAL_NEAR: pgettext_lazy("kind of notice", "The contract is about to be renewed"),
    NoticeKind.PROMISE_LATE: pgettext_lazy("kind of notice", "An answer will come later than promised"),
    NoticeKind.MATTER_SILENT: pgettext_lazy("kind of notice", "We have said nothing for days"),
    NoticeKind.PARTNER_SILENT: pgettext_lazy("kind of notice", "Nobody talked to a partner"),
}
