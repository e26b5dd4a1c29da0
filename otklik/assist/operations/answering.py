"""Answers on the partner's own pages: at once, or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.html import escape
from django.utils.safestring import SafeString

from otklik.assist.models import AutomaticAnswer
from otklik.assist.operations.composing import compose, language_for, new_answer
from otklik.assist.queries.permission import is_switched_on, reachable
from otklik.assist.queries.understanding import understand
from otklik.assist.rules.outcomes import QUIET
from otklik.assist.rules.vocabulary import AnswerChannel, AnswerOutcome, Intent, OutcomeReason
from otklik.events.public import Actor, Subject, record

LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page shows, marked as automatic, with "this answers it" and "I need a person" beneath
    (``settle_answer``). ``lines`` are safe HTML, a paragraph each. ``link_name`` and ``link_args`` lead to a
    page of the portal; "" to none. ``sources``: what was read, as (noun, id)."""

    id: int
    intent: Intent
    confidence: float
    title: str
    lines: tuple[SafeString, ...]
    link_name: str
    link_args: tuple[Any, ...]
    sources: tuple[tuple[str, int], ...]


def answer_for(text: str, *, contact_id: int, language: str, channel: str, at: datetime) -> Answer | None:
    """None: not sure enough, nothing to tell, not theirs to know, switched off, or they have asked for a
    person about this already. The same question on the same day is the same row,
    and what it tells is as things stand now.

    Only ``channel`` "portal" answers here: there the person is who they say. Call it when a question is sent,
    not while it is typed: what is told is stored.
    """
    if channel != AnswerChannel.PORTAL or not text.strip() or len(text) > LONGEST:
        return None
    contact = reachable(contact_id)
    understood = understand(text) if contact is not None else None
    if contact is None or understood is None or not understood.is_sure:
        return None
    intent = understood.intent
    if not is_switched_on(intent, AnswerChannel.PORTAL) or _wants_a_person(contact_id, intent, at):
        return None
    spoken = language_for(contact, language)
    key = f"portal:{contact_id}:{at.date()}:{spoken}:{_digest(text)}"
    told = compose(understood, text, contact, language=spoken, at=at)
    if told is None:
        return None
    new = new_answer(
        understood,
        told,
        contact,
        key=key,
        question=text,
        channel=AnswerChannel.PORTAL,
        language=spoken,
        outcome=AnswerOutcome.TOLD,
        at=at,
    )
    return shown(_stored(new, at))


def shown(answer: AutomaticAnswer) -> Answer:
    return Answer(
        id=answer.pk,
        intent=Intent(answer.intent),
        confidence=answer.confidence,
        title=answer.title,
        lines=tuple(escape(line) for line in answer.lines),
        link_name=answer.link.get("name", ""),
        link_args=tuple(answer.link.get("args", ())),
        sources=tuple((source["noun"], source["id"]) for source in answer.sources),
    )


@transaction.atomic
def settle_answer(*, answer_id: int, contact_id: int, helped: bool, at: datetime) -> AutomaticAnswer | None:
    """The person's own word on it: "this answers it", or "I need a person". None for an answer of anybody
    else. The last word stands."""
    rows = AutomaticAnswer.objects.select_for_update().filter(pk=answer_id, contact_id=contact_id)
    answer = rows.exclude(outcome=AnswerOutcome.SUGGESTED).first()
    if answer is None:
        return None
    outcome = AnswerOutcome.HELPED if helped else AnswerOutcome.PERSON
    if answer.outcome != outcome:
        answer.settle(outcome, OutcomeReason.SAID_SO if helped else OutcomeReason.ASKED_PERSON, at=at)
        answer.save(update_fields=["outcome", "outcome_reason", "settled_at"])
        by = Actor.contact(contact_id)
        record("answer.settled", by=by, at=at, subjects=subjects_of(answer), data={"outcome": outcome.value})
    return answer


@transaction.atomic
def link_answer(*, answer_id: int, contact_id: int, ticket_id: int, at: datetime) -> None:
    """They asked all the same: in this ticket. Nothing happens for an answer of anybody else."""
    answer = settle_answer(answer_id=answer_id, contact_id=contact_id, helped=False, at=at)
    if answer is not None and answer.ticket_id is None:
        answer.ticket_id = ticket_id
        answer.save(update_fields=["ticket"])


def subjects_of(answer: AutomaticAnswer) -> list[Subject]:
    subjects = [
        Subject("answer", answer.pk),
        Subject("partner", answer.partner_id),
        Subject("contact", answer.contact_id),
    ]
    return [*subjects, Subject("ticket", answer.ticket_id)] if answer.ticket_id else subjects


def tell_of(answer: AutomaticAnswer, *, at: datetime) -> None:
    data = {
        "intent": answer.intent,
        "channel": answer.channel,
        "outcome": answer.outcome,
        "version": answer.model_version,
    }
    record("answer.told", by=Actor.system(), at=at, subjects=subjects_of(answer), data=data)


def _stored(new: AutomaticAnswer, at: datetime) -> AutomaticAnswer:
    if (known := AutomaticAnswer.objects.filter(key=new.key).first()) is not None:
        return _renewed(known, new)
    try:
        with transaction.atomic():
            new.save()
            tell_of(new, at=at)
    except IntegrityError:
        # Asked twice at one moment.
        return AutomaticAnswer.objects.get(key=new.key)
    return new


def _renewed(known: AutomaticAnswer, new: AutomaticAnswer) -> AutomaticAnswer:
    """What was true this morning may not be so any more."""
    if (known.title, known.lines) != (new.title, new.lines):
        known.title, known.lines, known.link, known.sources = new.title, new.lines, new.link, new.sources
        known.save(update_fields=["title", "lines", "link", "sources"])
    return known


def _wants_a_person(contact_id: int, intent: Intent, at: datetime) -> bool:
    rows = AutomaticAnswer.objects.filter(contact_id=contact_id, told_at__gte=at - QUIET, intent=intent)
    return rows.filter(outcome=AnswerOutcome.PERSON).exists()


def _digest(text: str) -> str:
    """Of the words as they stand, with their numbers: #5 is another question than #7."""
    words = text.casefold().replace("ё", "е").split()
    return hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()[:24]
