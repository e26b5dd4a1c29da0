"""A policy change recorded, corrected, removed. Its effect is studied anew with the next report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from otklik.events.public import Actor, ActorKind, Origin, Subject, record
from otklik.impact.models import PolicyChange, PolicyStart
from otklik.impact.operations.computing import ask_report, programs_with_answers
from otklik.impact.queries.changes import members_now, tier_days, tiers_now
from otklik.impact.rules.change_starts import Start, starts_for
from otklik.impact.rules.vocabulary import Outcome
from otklik.kit.bulk import insert_rows
from otklik.partners.public import Program


class ChangedMeanwhile(Exception):
    """Somebody else corrected it after it was opened for editing."""


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """What somebody says of a change: from which day for whole tiers, and for partners one by one, which
    goes before their tier."""

    name: str
    about: str
    by_tier: Mapping[str, date]
    listed: Mapping[int, date]


def record_change(*, program: Program, terms: ChangeTerms, by: Actor, at: datetime) -> PolicyChange:
    """Who is in a tier now stays reached by it. Raises NobodyReached."""
    with transaction.atomic():
        members = members_now(program.pk, terms.by_tier)
        starts = starts_for(terms.by_tier, members, terms.listed, tiers_now(terms.listed))
        change = PolicyChange.objects.create(
            program=program,
            name=terms.name,
            about=terms.about,
            recorded_by_id=by.id if by.kind is ActorKind.PERSON else None,
            recorded_at=at,
            saved_at=at,
        )
        _put_starts(change, starts)
        _tell("recorded", change, starts, by, at)
        _study(program, by, at)
    return change


def correct_change(
    *, change_id: int, version: int, terms: ChangeTerms, by: Actor, at: datetime
) -> PolicyChange:
    """Partners that a tier's day reached stay reached by it, whatever tier they are in by now. Raises
    NobodyReached, ChangedMeanwhile, PolicyChange.DoesNotExist."""
    with transaction.atomic():
        change = PolicyChange.objects.select_for_update().get(pk=change_id)
        if change.version != version:
            raise ChangedMeanwhile
        starts = _starts_again(change, terms)
        change.correct(terms.name, terms.about, at)
        change.save(update_fields=["name", "about", "saved_at", "version"])
        PolicyStart.objects.filter(change=change).delete()
        _put_starts(change, starts)
        _tell("corrected", change, starts, by, at)
        _study(Program.objects.get(pk=change.program_id), by, at)
    return change


def remove_change(*, change_id: int, by: Actor, at: datetime) -> None:
    """Reports that were made keep what they said of it. Raises PolicyChange.DoesNotExist."""
    with transaction.atomic():
        change = PolicyChange.objects.select_for_update().get(pk=change_id)
        subjects = _subjects(change)
        record("policy_change.removed", by=by, at=at, subjects=subjects, data={"version": change.version})
        change.delete()


def _starts_again(change: PolicyChange, terms: ChangeTerms) -> list[Start]:
    kept = dict(PolicyStart.objects.filter(change=change).values_list("partner_id", "tier"))
    frozen = tier_days(change.pk)
    stay = {partner for partner, tier in kept.items() if tier in frozen and tier in terms.by_tier}
    found = members_now(change.program_id, set(terms.by_tier) - set(frozen))
    members = {tier: [one for one in partners if one not in stay] for tier, partners in found.items()}
    for partner, tier in kept.items():
        if tier in frozen:
            members.setdefault(tier, []).append(partner)
    return starts_for(terms.by_tier, members, terms.listed, {**tiers_now(terms.listed), **kept})


def _put_starts(change: PolicyChange, starts: Sequence[Start]) -> None:
    rows = [(change.pk, one.partner, one.day, one.tier, one.is_listed) for one in starts]
    insert_rows(PolicyStart, ("change_id", "partner_id", "starts_on", "tier", "is_listed"), rows)


def _tell(what: str, change: PolicyChange, starts: Sequence[Start], by: Actor, at: datetime) -> None:
    days = [one.day for one in starts]
    data = {
        "version": change.version,
        "partners": len(starts),
        "first": min(days).isoformat(),
        "last": max(days).isoformat(),
    }
    record(f"policy_change.{what}", by=by, at=at, subjects=_subjects(change), data=data)


def _subjects(change: PolicyChange) -> list[Subject]:
    return [Subject("program", change.program_id), Subject("policy_change", change.pk)]


def _study(program: Program, by: Actor, at: datetime) -> None:
    if by.origin is Origin.DEMO:  # its facts are told of by its end: a report of now would be of nothing
        return
    for outcome in Outcome:
        if programs_with_answers(outcome, at).filter(pk=program.pk).exists():
            ask_report(program=program, outcome=outcome, by=by, at=at)
