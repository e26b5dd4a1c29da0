"""Alerts are raised here and nowhere else: by the chunk, and once for what raised them. Reading and judging
come before the transaction, which is short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.desk.public import program_calendar
from otklik.events.public import Actor, NewEvent, record_many
from otklik.feedback.public import Invitation, InvitationState, Wave
from otklik.kit.bulk import insert_missing
from otklik.kit.chunks import in_chunks
from otklik.loop.models import Alert, AlertRule
from otklik.loop.operations.locking import subjects_of
from otklik.loop.queries.heard import Candidate, Rules, answers, mentions, rules_in_force, silent
from otklik.loop.queries.owning import house
from otklik.loop.rules.conditions import Reason, flow_of, judge
from otklik.loop.rules.deadlines import Deadlines, deadlines
from otklik.loop.rules.owners import Owner, owner_of
from otklik.loop.rules.vocabulary import AlertState, OwnerWay, RuleKind

CHUNK = 200


@dataclass(frozen=True, slots=True)
class _Raised:
    """``reasons`` of the first rule that fired; ``also``: the others."""

    candidate: Candidate
    rule: AlertRule
    reasons: tuple[Reason, ...]
    also: tuple[int, ...]
    owner: Owner
    deadlines: Deadlines


def raise_for_answers(*, response_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """How many alerts were new. An answer that was changed since raises one only if it had none, and the
    alert it has shows the score of now."""
    rules = rules_in_force()
    count = 0
    for ids in in_chunks(response_ids, CHUNK):
        found = answers(ids, rules) if rules else []
        count += _raise(found, rules, by=by, at=at)
        _follow_scores(found, by=by, at=at)
    return count


def raise_for_mentions(*, mention_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """How many alerts were new."""
    rules = rules_in_force()
    chunks = in_chunks(mention_ids, CHUNK) if rules else ()
    return sum(_raise(mentions(ids, rules), rules, by=by, at=at) for ids in chunks)


def raise_for_silence(*, wave_id: int, by: Actor, at: datetime) -> int:
    """Of a wave that was closed. How many alerts were new. Raises Wave.DoesNotExist."""
    wave = Wave.objects.get(pk=wave_id)
    rules = rules_in_force([wave.program_id])
    if not any(rule.kind == RuleKind.SILENCE for rule in rules.get(wave.program_id, ())):
        return 0
    asked = Invitation.objects.filter(wave=wave, state=InvitationState.SENT, answered_at=None)
    ids = list(asked.order_by("pk").values_list("pk", flat=True))
    return sum(_raise(silent(some, at=at), rules, by=by, at=at) for some in in_chunks(ids, CHUNK))


def _raise(candidates: Sequence[Candidate], rules: Rules, *, by: Actor, at: datetime) -> int:
    fired = list(_fired(candidates, rules, at))
    if not fired:
        return 0
    rows = [_row(one, at) for one in fired]
    with transaction.atomic():
        new = insert_missing(Alert, _COLUMNS, rows)
        alerts = Alert.objects.filter(key__in=new).order_by("pk")
        record_many([_event(alert, at) for alert in alerts], by=by, at=at)
    return len(new)


def _fired(candidates: Sequence[Candidate], rules: Rules, at: datetime) -> Iterable[_Raised]:
    judged = []
    for candidate in candidates:
        theirs = [
            (rule, reasons)
            for rule in rules.get(candidate.program_id, ())
            if (reasons := judge(RuleKind(rule.kind), rule.asked, candidate.heard)) is not None
        ]
        if theirs:
            judged.append((candidate, theirs))
    if not judged:
        return
    staff = house({theirs[0][0].team_id for _, theirs in judged})
    calendars = {program: program_calendar(program) for program in {one.program_id for one, _ in judged}}
    for candidate, theirs in judged:
        rule, reasons = theirs[0]
        yield _Raised(
            candidate,
            rule,
            reasons,
            tuple(other.pk for other, _ in theirs[1:]),
            owner_of(OwnerWay(rule.owner_way), staff.staff_for(rule, candidate.manager_id)),
            deadlines(calendars[candidate.program_id], at, rule.deadline_hours, rule.escalation_hours),
        )


_COLUMNS = (
    "key", "program_id", "partner_id", "contact_id", "rule_id", "kind", "flow", "response_id", "mention_id",
    "wave_id", "survey_kind", "score", "said_at", "reasons", "also", "state", "owner_id", "owner_reason",
    "opened_at", "due_at", "escalates_at", "snooze_reason", "outcome", "result", "told_how", "owes_word",
    "reopened", "version",
)  # fmt: skip


def _row(one: _Raised, at: datetime) -> tuple[object, ...]:
    found, heard = one.candidate, one.candidate.heard
    reasons = [[reason.because.value, reason.value] for reason in one.reasons]
    return (
        found.key, found.program_id, found.partner_id, found.contact_id, one.rule.pk, str(one.rule.kind),
        flow_of(heard).value, found.response_id, found.mention_id, found.wave_id, heard.survey_kind,
        heard.score, found.said_at, reasons, list(one.also), AlertState.OPEN.value, one.owner.user_id,
        one.owner.reason.value, at, one.deadlines.due_at, one.deadlines.escalates_at, "", "", "", "", False,
        0, 1,
    )  # fmt: skip


def _event(alert: Alert, at: datetime) -> NewEvent:
    data = {
        "flow": alert.flow,
        "kind": alert.kind,
        "rule": alert.rule_id,
        "score": alert.score,
        "owner": alert.owner_id,
        "due_at": alert.due_at.isoformat(),
    }
    return NewEvent("alert.raised", at, subjects_of(alert), data)


def _follow_scores(candidates: Iterable[Candidate], *, by: Actor, at: datetime) -> None:
    """Somebody corrected an answer that had raised an alert: the alert stays, whatever the new score."""
    now = {one.response_id: one.heard for one in candidates}
    known = Alert.objects.filter(response_id__in=list(now)).values_list("response_id", "score")
    # Nearly always there is nothing to write, and nobody should wait for that.
    if all(now[response].score == score for response, score in known):
        return
    with transaction.atomic():
        rows = Alert.objects.select_for_update(of=("self",)).filter(response_id__in=list(now))
        events = []
        for alert in rows.order_by("pk"):
            heard = now[alert.response_id]
            if heard.score is None or heard.score == alert.score:
                continue
            before, alert.score = alert.score, heard.score
            alert.flow = flow_of(heard)
            alert.save(update_fields=["score", "flow"])
            data = {"flow": str(alert.flow), "before": before, "score": alert.score}
            events.append(NewEvent("alert.score_changed", at, subjects_of(alert), data))
        record_many(events, by=by, at=at)
