"""What the closed lists of dialogue are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.dialogue.rules.vocabulary import (
    ApplicationState,
    GoalState,
    IdeaState,
    Moderation,
    NewsKind,
    NewsState,
    PromiseState,
    Reason,
    Side,
    Standing,
    StepKind,
    VettingOutcome,
)

NEWS_KINDS: dict[NewsKind, Promise] = {
    NewsKind.NEWS: pgettext_lazy("kind of announcement", "news"),
    NewsKind.CHANGE: pgettext_lazy("kind of announcement", "change of terms"),
    NewsKind.QUESTION: pgettext_lazy("kind of announcement", "question to partners"),
    NewsKind.OUTAGE: pgettext_lazy("kind of announcement", "outage"),
}
NEWS_STATES: dict[NewsState, Promise] = {
    NewsState.DRAFT: pgettext_lazy("state of an announcement", "draft"),
    NewsState.PUBLISHED: pgettext_lazy("state of an announcement", "published"),
    NewsState.WITHDRAWN: pgettext_lazy("state of an announcement", "withdrawn"),
}
GOAL_STATES: dict[GoalState, Promise] = {
    GoalState.PROPOSED: pgettext_lazy("state of a goal", "proposed"),
    GoalState.AGREED: pgettext_lazy("state of a goal", "agreed"),
    GoalState.DECLINED: pgettext_lazy("state of a goal", "not agreed to"),
    GoalState.MET: pgettext_lazy("state of a goal", "met"),
    GoalState.MISSED: pgettext_lazy("state of a goal", "missed"),
    GoalState.DROPPED: pgettext_lazy("state of a goal", "dropped"),
}
PROMISE_STATES: dict[PromiseState, Promise] = {
    PromiseState.PROPOSED: pgettext_lazy("state of a commitment", "proposed"),
    PromiseState.AGREED: pgettext_lazy("state of a commitment", "promised"),
    PromiseState.DECLINED: pgettext_lazy("state of a commitment", "not agreed to"),
    PromiseState.DONE: pgettext_lazy("state of a commitment", "done"),
    PromiseState.DROPPED: pgettext_lazy("state of a commitment", "dropped"),
}
STANDINGS: dict[Standing, Promise] = {
    Standing.OPEN: pgettext_lazy("how a promise stands", "in time"),
    Standing.SOON: pgettext_lazy("how a promise stands", "due soon"),
    Standing.OVERDUE: pgettext_lazy("how a promise stands", "overdue"),
    Standing.KEPT: pgettext_lazy("how a promise stands", "kept"),
    Standing.LATE: pgettext_lazy("how a promise stands", "late"),
    Standing.ENDED: pgettext_lazy("how a promise stands", "ended"),
}
SIDES: dict[Side, Promise] = {
    Side.OURS: pgettext_lazy("side of a commitment", "the program"),
    Side.THEIRS: pgettext_lazy("side of a commitment", "the partner"),
}
IDEA_STATES: dict[IdeaState, Promise] = {
    IdeaState.NEW: pgettext_lazy("state of an idea", "new"),
    IdeaState.CONSIDERED: pgettext_lazy("state of an idea", "under consideration"),
    IdeaState.PLANNED: pgettext_lazy("state of an idea", "planned"),
    IdeaState.DONE: pgettext_lazy("state of an idea", "done"),
    IdeaState.DECLINED: pgettext_lazy("state of an idea", "declined"),
}
MODERATIONS: dict[Moderation, Promise] = {
    Moderation.WAITING: pgettext_lazy("moderation of an idea", "waits for moderation"),
    Moderation.SHOWN: pgettext_lazy("moderation of an idea", "shown to partners"),
    Moderation.HIDDEN: pgettext_lazy("moderation of an idea", "hidden from partners"),
}
APPLICATION_STATES: dict[ApplicationState, Promise] = {
    ApplicationState.NEW: pgettext_lazy("state of an application", "new"),
    ApplicationState.VETTING: pgettext_lazy("state of an application", "being vetted"),
    ApplicationState.MORE_WANTED: pgettext_lazy("state of an application", "more is wanted"),
    ApplicationState.APPROVED: pgettext_lazy("state of an application", "approved"),
    ApplicationState.DECLINED: pgettext_lazy("state of an application", "declined"),
}
VETTING_OUTCOMES: dict[VettingOutcome, Promise] = {
    VettingOutcome.PASSED: pgettext_lazy("outcome of a vetting step", "passed"),
    VettingOutcome.FAILED: pgettext_lazy("outcome of a vetting step", "failed"),
    VettingOutcome.SKIPPED: pgettext_lazy("outcome of a vetting step", "not needed"),
}
STEP_KINDS: dict[StepKind, Promise] = {
    StepKind.ARTICLE: pgettext_lazy("kind of onboarding step", "read an article"),
    StepKind.DOCUMENT: pgettext_lazy("kind of onboarding step", "sign a document"),
    StepKind.LINK: pgettext_lazy("kind of onboarding step", "set up a link"),
    StepKind.DETAILS: pgettext_lazy("kind of onboarding step", "add payout details"),
    StepKind.COURSE: pgettext_lazy("kind of onboarding step", "finish a course"),
    StepKind.CALL: pgettext_lazy("kind of onboarding step", "talk to us"),
    StepKind.OTHER: pgettext_lazy("kind of onboarding step", "another step"),
}
REASONS: dict[Reason, Promise] = {
    Reason.TRAFFIC_UNCLEAR: pgettext_lazy("reason of a decision", "sources of traffic unclear"),
    Reason.SITE_UNREACHABLE: pgettext_lazy("reason of a decision", "site not reachable"),
    Reason.SITE_UNFINISHED: pgettext_lazy("reason of a decision", "site not finished"),
    Reason.VOLUME_TOO_SMALL: pgettext_lazy("reason of a decision", "volume too small"),
    Reason.COUNTRY_NOT_SERVED: pgettext_lazy("reason of a decision", "country not served"),
    Reason.CHANNEL_NOT_ALLOWED: pgettext_lazy("reason of a decision", "channel not allowed"),
    Reason.CONTENT_NOT_ALLOWED: pgettext_lazy("reason of a decision", "content not allowed"),
    Reason.DOCUMENTS_MISSING: pgettext_lazy("reason of a decision", "documents missing"),
    Reason.DETAILS_MISSING: pgettext_lazy("reason of a decision", "details missing"),
    Reason.CANNOT_VERIFY: pgettext_lazy("reason of a decision", "company not verified"),
    Reason.ALREADY_PARTNER: pgettext_lazy("reason of a decision", "a partner already"),
    Reason.NO_ROOM_NOW: pgettext_lazy("reason of a decision", "no room at the moment"),
}
# What the applicant reads: what it means and what can be done about it.
SENTENCES: dict[Reason, Promise] = {
    Reason.TRAFFIC_UNCLEAR: _(
        "We could not tell where your visitors come from. Tell us the sources and show a month of statistics."
    ),
    Reason.SITE_UNREACHABLE: _(
        "Your site did not open for us. Check the address and whether the site is up."
    ),
    Reason.SITE_UNFINISHED: _("Your site is not finished yet. Once it has its content, we will look again."),
    Reason.VOLUME_TOO_SMALL: _(
        "Your volume is below what the program begins with. You can apply again when it has grown."
    ),
    Reason.COUNTRY_NOT_SERVED: _("The program does not work with visitors from your countries yet."),
    Reason.CHANNEL_NOT_ALLOWED: _("The program does not take visitors from the channels you named."),
    Reason.CONTENT_NOT_ALLOWED: _("The program cannot be shown beside content of this kind."),
    Reason.DOCUMENTS_MISSING: _("Documents of your company are missing. Tell us its full name and number."),
    Reason.DETAILS_MISSING: _("Some of our questions have no answer yet. Please write a little more."),
    Reason.CANNOT_VERIFY: _(
        "We could not confirm that you act for this company. Write to us from an address of its own domain."
    ),
    Reason.ALREADY_PARTNER: _(
        "Your company is a partner already. Ask your colleagues for access, or write to support."
    ),
    Reason.NO_ROOM_NOW: _("The program takes nobody new at the moment. You can apply again in three months."),
}
