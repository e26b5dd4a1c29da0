"""What a promoter is asked for, from the thought to what came of it, with what exactly they agreed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User
from otklik.loop.access import may_speak_for
from otklik.loop.models import Ask, AskConsent, Referral
from otklik.loop.operations.actors import own_key, user_of
from otklik.loop.queries.asks import why_not
from otklik.loop.queries.guarding import relations
from otklik.loop.rules.asking import AGREED_ASKS, OPEN_ASKS, STEPS, Said, holds
from otklik.loop.rules.vocabulary import AskKind, AskState, ConsentSaid, GuardReason, Way
from otklik.partners.public import Contact, Partner

LONGEST_TEXT = 4000


class NotNow(Exception):
    """``reasons`` say why this person is asked for nothing, or not for this."""

    def __init__(self, reasons: Sequence[GuardReason]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = tuple(reasons)


class WrongStep(Exception):
    """Not from the state it is in: somebody took the step meanwhile."""


class WordsMissing(Exception):
    """Nobody can hold to what is not written down."""


class NotYet(Exception):
    """What they said lies in the future, or before they were asked."""


class AlreadyOver(Exception):
    """A consent until a day that is over."""


class NoConsent(Exception):
    """What they agreed to does not hold any more: ask them anew, or let it rest."""


class CannotSpeak(Exception):
    """This colleague does not see the partner, or may not follow up."""


class NoReferral(Exception):
    """Only what was asked as a referral, and agreed to, brings partners."""


class NotTheirReferral(Exception):
    """A partner does not refer itself, nor one of another program."""


class ReferredAlready(Exception):
    """The partner came by another referral."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """``exactly``: what they agreed to, in words; ``until``: the last day it holds, None without end."""

    exactly: str
    way: Way
    said_at: datetime
    until: date | None = None


@transaction.atomic
def propose_ask(
    *,
    contact_id: int,
    kind: AskKind,
    text: str = "",
    owner: User | None = None,
    key: str = "",
    on: date,
    by: Actor,
    at: datetime,
) -> Ask:
    """The same ``key`` twice is one. Raises NotNow, CannotSpeak, Contact.DoesNotExist."""
    person = _locked_person(contact_id)
    made_by = own_key(by, key)
    if made_by is not None and (known := Ask.objects.filter(key=made_by).first()):
        return known
    if found := why_not(contact_id, kind=kind, on=on, at=at):
        raise NotNow(found)
    if owner is not None and not may_speak_for(owner, person.partner_id):
        raise CannotSpeak(owner.pk)
    ask = Ask.objects.create(
        program_id=person.partner.program_id,
        partner_id=person.partner_id,
        contact=person,
        kind=kind,
        owner_id=owner.pk if owner else user_of(by),
        text=text.strip()[:LONGEST_TEXT],
        score=relations([contact_id], at=at)[contact_id].score,
        created_by_id=user_of(by),
        created_at=at,
        key=made_by,
    )
    _tell("ask.proposed", ask, {"score": ask.score}, by=by, at=at)
    return ask


@transaction.atomic
def put_ask(*, ask_id: int, on: date, by: Actor, at: datetime) -> Ask:
    """They were asked. What has come up since it was proposed counts: looked at once more, with the person
    held. Raises NotNow, WrongStep, Ask.DoesNotExist."""
    contact_id = Ask.objects.values_list("contact_id", flat=True).get(pk=ask_id)
    _locked_person(contact_id)
    ask = _locked(ask_id, AskState.ASKED)
    if found := why_not(ask.contact_id, kind=AskKind(ask.kind), but=ask.pk, on=on, at=at):
        raise NotNow(found)
    ask.put(at)
    _keep(ask)
    _tell("ask.asked", ask, {}, by=by, at=at)
    return ask


@transaction.atomic
def note_agreement(*, ask_id: int, agreement: Agreement, on: date, by: Actor, at: datetime) -> Ask:
    """They said yes, or said anew for how long and for what: a line of the trail each time. Raises
    WordsMissing, NotYet, AlreadyOver, WrongStep, Ask.DoesNotExist."""
    ask = Ask.objects.select_for_update(of=("self",)).get(pk=ask_id)
    if ask.state not in (AskState.ASKED, *AGREED_ASKS):
        raise WrongStep(ask.state)
    if not agreement.exactly.strip():
        raise WordsMissing
    if agreement.until is not None and agreement.until < on:
        raise AlreadyOver(agreement.until)
    _write(ask, ConsentSaid.GIVEN, agreement, by=by, at=at)
    if ask.state == AskState.ASKED:
        ask.answer(AskState.AGREED, agreement.said_at)
    _keep(ask)
    until = agreement.until.isoformat() if agreement.until else None
    _tell("ask.agreed", ask, {"until": until}, by=by, at=at)
    return ask


@transaction.atomic
def note_refusal(*, ask_id: int, result: str = "", by: Actor, at: datetime) -> Ask:
    """They said no; ``result``: why, if they did. Raises WrongStep, Ask.DoesNotExist."""
    ask = _locked(ask_id, AskState.DECLINED)
    ask.answer(AskState.DECLINED, at)
    ask.end(AskState.DECLINED, result.strip()[:LONGEST_TEXT], at)
    _keep(ask)
    _tell("ask.declined", ask, {}, by=by, at=at)
    return ask


@transaction.atomic
def note_delivery(*, ask_id: int, result: str, on: date, by: Actor, at: datetime) -> Ask:
    """It came about; ``result``: what. Raises WordsMissing, NoConsent, WrongStep, Ask.DoesNotExist."""
    if not result.strip():
        raise WordsMissing
    ask = _locked(ask_id, AskState.DELIVERED)
    if not consent_holds(ask, on):
        raise NoConsent(ask_id)
    ask.end(AskState.DELIVERED, result.strip()[:LONGEST_TEXT], at)
    _keep(ask)
    _tell("ask.delivered", ask, {}, by=by, at=at)
    return ask


@transaction.atomic
def withdraw_consent(
    *, ask_id: int, way: Way, said_at: datetime, words: str = "", by: Actor, at: datetime
) -> Ask:
    """They took it back; the line before it stays. Raises NotYet, WrongStep, Ask.DoesNotExist."""
    ask = _locked(ask_id, AskState.WITHDRAWN)
    _write(ask, ConsentSaid.WITHDRAWN, Agreement(words, way, said_at), by=by, at=at)
    ask.end(AskState.WITHDRAWN, "", at)
    _keep(ask)
    _tell("ask.consent_withdrawn", ask, {}, by=by, at=at)
    return ask


@transaction.atomic
def drop_ask(*, ask_id: int, why: str, by: Actor, at: datetime) -> Ask:
    """We did not ask after all, or let it rest. Raises WordsMissing, WrongStep, Ask.DoesNotExist."""
    if not why.strip():
        raise WordsMissing
    ask = _locked(ask_id, AskState.DROPPED)
    ask.end(AskState.DROPPED, why.strip()[:LONGEST_TEXT], at)
    _keep(ask)
    _tell("ask.dropped", ask, {}, by=by, at=at)
    return ask


@transaction.atomic
def give_ask(*, ask_id: int, owner: User, by: Actor, at: datetime) -> Ask:
    """Raises CannotSpeak, WrongStep where it has ended, Ask.DoesNotExist."""
    ask = Ask.objects.select_for_update(of=("self",)).get(pk=ask_id)
    if ask.state not in OPEN_ASKS:
        raise WrongStep(ask.state)
    if not may_speak_for(owner, ask.partner_id):
        raise CannotSpeak(owner.pk)
    before, ask.owner_id = ask.owner_id, owner.pk
    _keep(ask)
    _tell("ask.assigned", ask, {"from": before, "to": owner.pk}, by=by, at=at)
    return ask


@transaction.atomic
def note_referral(*, ask_id: int, partner_id: int, by: Actor, at: datetime) -> Referral:
    """The partner that came of it; noted again, it stays. Raises NoReferral, NotTheirReferral,
    ReferredAlready, Ask.DoesNotExist."""
    ask = Ask.objects.select_for_update(of=("self",)).get(pk=ask_id)
    if ask.kind != AskKind.REFERRAL or ask.state not in AGREED_ASKS:
        raise NoReferral(ask_id)
    partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner_id)
    if partner.pk == ask.partner_id or partner.program_id != ask.program_id:
        raise NotTheirReferral(partner_id)
    known = Referral.objects.filter(partner=partner).first()
    if known is not None and known.ask_id != ask.pk:
        raise ReferredAlready(partner_id)
    if known is not None:
        return known
    referral = Referral.objects.create(ask=ask, partner=partner, noted_by_id=user_of(by), noted_at=at)
    _keep(ask)
    _tell("ask.referred", ask, {"referred": partner.pk}, by=by, at=at)
    return referral


@transaction.atomic
def take_back_referral(*, ask_id: int, partner_id: int, by: Actor, at: datetime) -> None:
    """It was noted by mistake. Raises Ask.DoesNotExist."""
    ask = Ask.objects.select_for_update(of=("self",)).get(pk=ask_id)
    removed, _ = Referral.objects.filter(ask=ask, partner_id=partner_id).delete()
    if removed:
        _keep(ask)
        _tell("ask.referral_taken_back", ask, {"referred": partner_id}, by=by, at=at)


def consent_holds(ask: Ask, on: date) -> bool:
    """Whether what they agreed to holds on this day."""
    return holds([Said(ConsentSaid(line.said), line.until) for line in ask.consents.all()], on)


def _locked_person(contact_id: int) -> Contact:
    """Two colleagues who ask one person at once come one after the other."""
    rows = Contact.objects.select_for_update(of=("self",)).select_related("partner")
    return rows.get(pk=contact_id, erased_at=None)


def _locked(ask_id: int, to: AskState) -> Ask:
    ask = Ask.objects.select_for_update(of=("self",)).get(pk=ask_id)
    if to not in STEPS[AskState(ask.state)]:
        raise WrongStep(ask.state)
    return ask


def _keep(ask: Ask) -> None:
    ask.version += 1
    ask.save()


def _write(ask: Ask, said: ConsentSaid, agreement: Agreement, *, by: Actor, at: datetime) -> None:
    if agreement.said_at > at or (ask.asked_at is not None and agreement.said_at < ask.asked_at):
        raise NotYet(agreement.said_at)
    AskConsent.objects.create(
        ask=ask,
        contact_id=ask.contact_id,
        said=said,
        exactly=agreement.exactly.strip()[:LONGEST_TEXT],
        way=agreement.way,
        said_at=agreement.said_at,
        until=agreement.until,
        recorded_by_id=user_of(by),
        recorded_at=at,
    )


def _tell(kind: str, ask: Ask, data: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    subjects = [
        Subject("ask", ask.pk),
        Subject("partner", ask.partner_id),
        Subject("contact", ask.contact_id),
    ]
    record(kind, by=by, at=at, subjects=subjects, data={"ask": str(ask.kind), **data})
