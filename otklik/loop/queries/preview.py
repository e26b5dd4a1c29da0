"""What a rule would have raised: the answers, silences and mentions of the last months, judged again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.feedback.public import Invitation, InvitationState, Mention, Response, ResponseStatus
from otklik.loop.models import AlertRule
from otklik.loop.queries.heard import Candidate, answers, mentions, silent
from otklik.loop.rules.conditions import NPS, SURVEYS, Conditions, as_json, judge
from otklik.loop.rules.vocabulary import RuleKind

DAYS = 90
MOST = 1000


@dataclass(frozen=True, slots=True)
class Preview:
    """``raised`` of the ``looked_at`` that came in the last ``DAYS``; ``is_capped``: only the latest ``MOST``
    of what the rule could be about were looked at."""

    raised: int
    looked_at: int
    is_capped: bool


def would_have_raised(*, program_id: int, kind: RuleKind, conditions: Conditions, at: datetime) -> Preview:
    """As if no other rule stood before it. A fixed number of queries."""
    since = at - timedelta(days=DAYS)
    found = _found(program_id, kind, conditions, since, at)
    raised = sum(judge(kind, conditions, one.heard) is not None for one in found)
    return Preview(raised, len(found), len(found) == MOST)


def _found(
    program_id: int, kind: RuleKind, conditions: Conditions, since: datetime, at: datetime
) -> Sequence[Candidate]:
    rules = {program_id: [AlertRule(kind=kind, conditions=as_json(conditions))]}
    if kind is RuleKind.SILENCE:
        asked = Invitation.objects.filter(
            program=program_id, wave__closed_at__gte=since, state=InvitationState.SENT, answered_at=None
        )
        return silent(list(asked.order_by("-pk").values_list("pk", flat=True)[:MOST]), at=at)
    if kind is RuleKind.MENTION:
        heard = Mention.objects.filter(program=program_id, published_at__gte=since, set_aside_at=None)
        return mentions(list(heard.order_by("-pk").values_list("pk", flat=True)[:MOST]), rules)
    rows = Response.objects.filter(
        program=program_id, responded_at__gte=since, status=ResponseStatus.COMPLETE
    )
    if kind is not RuleKind.WORDS or conditions.scores:
        rows = rows.filter(kind=SURVEYS.get(kind, NPS))
    if conditions.scores:
        rows = rows.filter(score__in=conditions.scores)
    if kind is RuleKind.WORDS:
        rows = rows.exclude(comment="")
    return answers(list(rows.order_by("-responded_at", "-pk").values_list("pk", flat=True)[:MOST]), rules)
