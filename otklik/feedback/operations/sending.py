"""Survey mail goes out: at most once.

A mail server cannot take part in our transaction. So each mail is claimed first, handed over, and settled
after it; a claim that nobody settles is never sent again. A question that comes twice is worse than one that
does not come.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from otklik.events.public import Actor
from otklik.feedback.mailing.ids import message_id_for
from otklik.feedback.mailing.letters import Personal, Template, link_of, template_for
from otklik.feedback.models import AskingRules, Invitation
from otklik.feedback.operations.claiming import Claimed, claim_invitation, claim_reminder, give_up_lost_claims
from otklik.feedback.operations.settling import End, Settled, settle
from otklik.feedback.queries.sending import due_invitations, due_reminders
from otklik.feedback.rules.forms import read_form
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.feedback.senders.protocol import (
    AddressDead,
    NotNow,
    NotTaken,
    OutcomeUnknown,
    Outgoing,
    Sender,
    Session,
    WayClosed,
)
from otklik.feedback.tokens import invitation_token
from otklik.kit import limits

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# Settled together: what a killed worker leaves uncertain is no more than these.
_TOGETHER, _AT_LEAST_EVERY = 20, timedelta(seconds=2)
_LOOKED_UP = 100
_LIMIT = "survey-mails"
_ENDS: dict[type[Exception], End] = {
    AddressDead: End.DEAD,
    NotTaken: End.REFUSED,
    NotNow: End.LATER,
    WayClosed: End.CLOSED,
    OutcomeUnknown: End.UNKNOWN,
}


def send_due(*, sender: Sender, clock: Clock, until: datetime, by: Actor | None = None) -> bool:
    """What is due, invitations before reminders. False: nothing is left, the limit of this minute is reached,
    or the way is closed. True: there may be more."""
    actor = by or Actor.system()
    give_up_lost_claims(at=clock())
    if not (due_invitations(at=clock()).exists() or due_reminders(at=clock()).exists()):
        return False
    try:
        with sender.open() as session:
            return _Batch(session, clock, actor).run(until)
    except WayClosed as closed:
        log.warning("survey mail waits: %s", closed)
        return False


class _Batch:
    def __init__(self, session: Session, clock: Clock, by: Actor) -> None:
        self._session, self._clock, self._by = session, clock, by
        self._waiting: list[Settled] = []
        self._settled_at = clock()
        self._rules: dict[int, AskingRules] = {}
        self._templates: dict[tuple[int, str, bool], Template] = {}

    def run(self, until: datetime) -> bool:
        try:
            for claim_next in self._due():
                if self._clock() >= until:
                    return True
                if not _may_send_more(self._clock()):
                    return False
                claim = claim_next()
                if claim is not None and not self._hand_over(claim):
                    return False
            return False
        finally:
            self._settle()

    def _due(self) -> Iterator[Callable[[], Claimed | None]]:
        while ids := list(due_invitations(at=self._clock()).values_list("pk", flat=True)[:_LOOKED_UP]):
            for pk in ids:
                yield partial(self._claim, pk)
        while ids := list(due_reminders(at=self._clock()).values_list("pk", flat=True)[:_LOOKED_UP]):
            for pk in ids:
                yield partial(self._claim_reminder, pk)

    def _claim(self, pk: int) -> Claimed | None:
        return claim_invitation(invitation_id=pk, by=self._by, at=self._clock())

    def _claim_reminder(self, pk: int) -> Claimed | None:
        return claim_reminder(invitation_id=pk, at=self._clock())

    def _hand_over(self, claim: Claimed) -> bool:
        """Whether the way is open."""
        end, said = End.TAKEN, ""
        try:
            outgoing = self._outgoing(claim)
        except Exception as error:
            log.exception("the mail of invitation %s could not be written", claim.invitation.pk)
            end, said = End.REFUSED, f"{type(error).__name__}: {error}"
        else:
            try:
                self._session.send(outgoing)
            except tuple(_ENDS) as error:
                end, said = _ENDS[type(error)], str(error)
            except Exception as error:
                log.exception("nobody knows whether invitation %s left", claim.invitation.pk)
                end, said = End.UNKNOWN, f"{type(error).__name__}: {error}"
        self._waiting.append(Settled(claim, end, said))
        if end is End.CLOSED:
            log.warning("survey mail waits: %s", said)
        if len(self._waiting) >= _TOGETHER or self._clock() - self._settled_at >= _AT_LEAST_EVERY:
            self._settle()
        return end is not End.CLOSED

    def _settle(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._settled_at = self._clock()
        if waiting:
            settle(waiting, by=self._by, at=self._settled_at)

    def _outgoing(self, claim: Claimed) -> Outgoing:
        invitation = claim.invitation
        rules = self._rules_of(invitation.program_id)
        link = link_of(invitation_token(invitation.pk))
        personal = Personal(
            name=invitation.contact.name,
            program=invitation.program.name,
            manager=invitation.manager.name if invitation.manager else invitation.program.name,
            link=link,
        )
        return Outgoing(
            address=invitation.address,
            letter=self._template(invitation, is_reminder=claim.number > 0).fill(personal),
            message_id=message_id_for(invitation.pk, claim.number),
            stop_link=f"{link}stop/",
            feedback_id=f"w{invitation.wave_id}:s{invitation.version.survey_id}:p{invitation.program_id}:otklik",
            sender_name=rules.sender_name,
            reply_to=rules.reply_to,
        )

    def _template(self, invitation: Invitation, *, is_reminder: bool) -> Template:
        key = (invitation.version_id, invitation.language, is_reminder)
        if key not in self._templates:
            version = invitation.version
            form = read_form(
                SurveyKind(version.survey.kind),
                version.wording,
                version.questions,
                asks_contact=version.asks_contact,
            )
            language = form.language_for(invitation.language)
            self._templates[key] = template_for(form, language, is_reminder=is_reminder)
        return self._templates[key]

    def _rules_of(self, program_id: int) -> AskingRules:
        if program_id not in self._rules:
            found = AskingRules.objects.filter(program_id=program_id).first()
            self._rules[program_id] = found or AskingRules(program_id=program_id)
        return self._rules[program_id]


def _may_send_more(at: datetime) -> bool:
    """Counted for all workers together."""
    most = settings.OTKLIK.survey_mails_per_minute
    return not most or limits.count(_LIMIT, span=timedelta(minutes=1), at=at) <= most
