"""What waves are called on screen, and the lines of their log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from otklik.events.public import ActorKind, EventLine, timeline
from otklik.feedback.labels import WAVE_STATE_LABELS
from otklik.feedback.models import Invitation, Wave
from otklik.feedback.rules.plans import (
    APPLICATION_APPROVED,
    ONBOARDING_FINISHED,
    PAYOUT_PAID,
    TICKET_SOLVED,
    PlanProblem,
)
from otklik.feedback.rules.recurrence import Every
from otklik.feedback.rules.sampling import Dimension
from otklik.feedback.rules.vocabulary import HandReason, InvitationState, Refusal, WaveMode, WaveState
from otklik.identity.public import names_of

MODES: dict[WaveMode, tuple[Promise, Promise]] = {
    WaveMode.WAVE: (
        gettext_lazy("Wave"),
        gettext_lazy("Everybody, or a sample, once: each quarter, each half-year, before a renewal."),
    ),
    WaveMode.ROLLING: (
        gettext_lazy("Rolling sample"),
        gettext_lazy("A share every day; each person at most once in so many days, everybody in turn."),
    ),
    WaveMode.EVENT: (
        gettext_lazy("After an event"),
        gettext_lazy("After a solved ticket, a payout, an onboarding, or whatever your systems tell of."),
    ),
    WaveMode.HAND: (
        gettext_lazy("By hand"),
        gettext_lazy("Only people you choose one by one. Such answers are marked as picked."),
    ),
}
EVENTS: dict[str, Promise] = {
    TICKET_SOLVED: gettext_lazy("a ticket was solved"),
    PAYOUT_PAID: gettext_lazy("a payout arrived"),
    ONBOARDING_FINISHED: gettext_lazy("a partner finished the onboarding"),
    APPLICATION_APPROVED: gettext_lazy("an application was accepted"),
}
REFUSALS: dict[Refusal, Promise] = {
    Refusal.INACTIVE: gettext_lazy("no longer works there"),
    Refusal.NO_ADDRESS: gettext_lazy("has no e-mail address"),
    Refusal.BOUNCED: gettext_lazy("the address does not work"),
    Refusal.UNSUBSCRIBED: gettext_lazy("unsubscribed"),
    Refusal.CONSENT_REFUSED: gettext_lazy("withdrew their consent"),
    Refusal.QUARANTINE: gettext_lazy("complained not long ago"),
    Refusal.COOLDOWN: gettext_lazy("was asked not long ago, or is about to be"),
    Refusal.OPEN_TICKET: gettext_lazy("has an open ticket"),
    Refusal.TICKET_REOPENED: gettext_lazy("the ticket is not solved any more"),
    Refusal.PAYOUT_CAME_BACK: gettext_lazy("the payout came back"),
    Refusal.OLD_OCCASION: gettext_lazy("the event was reported too late"),
    Refusal.BY_HAND: gettext_lazy("taken out by hand"),
    Refusal.OVER_QUOTA: gettext_lazy("the quota is full"),
    Refusal.NOT_DRAWN: gettext_lazy("not drawn"),
}
STATES: dict[InvitationState, Promise] = {
    InvitationState.LEFT_OUT: pgettext_lazy("invitation", "left out"),
    InvitationState.PLANNED: pgettext_lazy("invitation", "to be sent"),
    InvitationState.SENDING: pgettext_lazy("invitation", "being sent"),
    InvitationState.SENT: pgettext_lazy("invitation", "sent"),
    InvitationState.UNCERTAIN: pgettext_lazy("invitation", "not known whether it left"),
    InvitationState.FAILED: pgettext_lazy("invitation", "could not be sent"),
    InvitationState.BOUNCED: pgettext_lazy("invitation", "came back"),
    InvitationState.WITHDRAWN: pgettext_lazy("invitation", "withdrawn"),
}
# To be sent by nobody: without an address that works there is only the link to hand over.
WAITS_FOR_LINK = pgettext_lazy("invitation", "waits for a personal link")
REASONS: dict[HandReason, Promise] = {
    HandReason.FORGOTTEN: gettext_lazy("the plan forgot them"),
    HandReason.WISHED: gettext_lazy("they asked to be asked"),
    HandReason.WRONG_PERSON: gettext_lazy("not the right person to ask"),
    HandReason.AWAY: gettext_lazy("they are away"),
    HandReason.TALKS: gettext_lazy("talks are under way"),
    HandReason.OTHER: gettext_lazy("another reason"),
}
PROBLEMS: dict[PlanProblem, Promise] = {
    PlanProblem.EVERY_DAYS: gettext_lazy("Each person can be asked at most every 1 to 1000 days."),
    PlanProblem.BELOW_COOLDOWN: gettext_lazy(
        "The program's cooldown between two surveys is longer than this. Choose more days, or change the "
        "rules of asking."
    ),
    PlanProblem.EVENT: gettext_lazy(
        "Name the event in small letters, digits, dots and dashes: payout.paid would do."
    ),
    PlanProblem.DELAY: gettext_lazy("The delay is between 0 and 2160 hours."),
    PlanProblem.SPREAD: gettext_lazy("A send is spread over 0 to 336 working hours."),
    PlanProblem.NUMBER: gettext_lazy("Numbers of people are not below 0."),
    PlanProblem.REMINDERS: gettext_lazy(
        "At most five reminders, as growing numbers of days from 1 to 90: 3, 7 would do."
    ),
}
DIMENSIONS: dict[Dimension, Promise] = {
    Dimension.ROLE: gettext_lazy("Role"),
    Dimension.TIER: gettext_lazy("Tier"),
    Dimension.MANAGER: gettext_lazy("Account manager"),
}
EVERY: dict[Every, Promise] = {
    Every.MONTH: gettext_lazy("every month"),
    Every.QUARTER: gettext_lazy("every quarter"),
    Every.HALF_YEAR: gettext_lazy("every half-year"),
    Every.YEAR: gettext_lazy("every year"),
}
_COMING = pgettext_lazy("wave", "planned")
_KINDS: dict[str, Promise] = {
    "wave.created": gettext_lazy("The plan was made"),
    "wave.started": gettext_lazy("The wave was started; people and form are frozen"),
    "wave.edited": gettext_lazy("The plan was changed"),
    "wave.closed": gettext_lazy("The wave was closed"),
    "wave.cancelled": gettext_lazy("The wave was called off"),
    "wave.repeating_stopped": gettext_lazy("The repetition was stopped"),
    "invitation.added": gettext_lazy("Somebody was put in by hand"),
    "invitation.handed_over": gettext_lazy("The link of a person was handed over"),
    "invitation.removed": gettext_lazy("Somebody was taken out by hand"),
}


def wave_state_words(wave: Wave) -> Promise:
    return (
        _COMING
        if wave.starts_itself and wave.state == WaveState.DRAFT
        else WAVE_STATE_LABELS[WaveState(wave.state)]
    )


def waits_for_link(row: Invitation) -> bool:
    return row.state == InvitationState.PLANNED and not row.address


def state_words(row: Invitation) -> Promise:
    return WAITS_FOR_LINK if waits_for_link(row) else STATES[InvitationState(row.state)]


@dataclass(frozen=True, slots=True)
class LogLine:
    at: datetime
    text: str
    who: str
    contact_id: int | None


def log_of(wave: Wave, *, limit: int = 50) -> list[LogLine]:
    """Newest first."""
    lines = timeline("wave", wave.pk, limit=limit, kinds=_KINDS)
    names = names_of(_people(lines))
    return [_line(line, names) for line in lines]


def _people(lines: Iterable[EventLine]) -> list[int | None]:
    return [line.actor_id for line in lines if line.actor_kind == ActorKind.PERSON]


def _line(line: EventLine, names: dict[int, str]) -> LogLine:
    text = str(_KINDS[line.kind])
    if line.data.get("fields") == ["closes_at"]:
        text = _("The closing was moved")
    if line.data.get("follows"):
        text = _("The plan was copied from the wave before")
    if line.data.get("skipped"):
        text = _("The wave was skipped; the next one is planned")
    if why := line.data.get("why"):
        text = f"{text}: {REASONS[HandReason(why)]}"
    contact = next((subject.id for subject in line.subjects if subject.noun == "contact"), None)
    who = names.get(line.actor_id or 0, "") if line.actor_kind == ActorKind.PERSON else _("by itself")
    return LogLine(line.happened_at, text, who, contact)
