"""What reached us, as rules look at it. Each reads a chunk in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from otklik.feedback.public import (
    Invitation,
    InvitationState,
    Mention,
    Response,
    ResponseStatus,
    SurveyKind,
    said_in,
)
from otklik.loop.models import AlertRule
from otklik.loop.rules.conditions import Heard
from otklik.partners.public import Partner

# Of a partner's own fields: the column of a CRM export, or what a connector writes.
DEAL_FIELD = "expansion_deal"
_NO = frozenset({"", "0", "no", "false", "none", "нет"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may raise an alert. ``key``: once, however often it is looked at. ``said_at``: when
    somebody we know answered the recommendation question."""

    key: str
    program_id: int
    heard: Heard
    partner_id: int | None = None
    manager_id: int | None = None
    contact_id: int | None = None
    response_id: int | None = None
    mention_id: int | None = None
    wave_id: int | None = None
    said_at: datetime | None = None


Rules = Mapping[int, Sequence[AlertRule]]


def rules_in_force(programs: Iterable[int] | None = None) -> dict[int, list[AlertRule]]:
    """By program, the first to be asked first."""
    rows = AlertRule.objects.filter(is_active=True)
    if programs is not None:
        rows = rows.filter(program_id__in=set(programs))
    found: dict[int, list[AlertRule]] = defaultdict(list)
    for rule in rows.order_by("position", "pk"):
        found[rule.program_id].append(rule)
    return found


def answers(response_ids: Sequence[int], rules: Rules) -> list[Candidate]:
    """Complete ones, of programs with rules."""
    rows = list(
        Response.objects.filter(
            pk__in=response_ids, status=ResponseStatus.COMPLETE, program_id__in=list(rules)
        ).order_by("pk")
    )
    before, partners, topics = _scores_before(rows), _partners(rows), _topics(rows, rules)
    return [
        Candidate(
            key=f"response:{row.pk}",
            program_id=row.program_id,
            heard=_heard(row, before.get(row.pk), partners.get(row.partner_id or 0), topics.get(row.pk)),
            partner_id=row.partner_id,
            manager_id=_manager(partners, row.partner_id),
            contact_id=row.contact_id,
            response_id=row.pk,
            said_at=row.responded_at if row.kind == SurveyKind.NPS and row.contact_id is not None else None,
        )
        for row in rows
    ]


def mentions(mention_ids: Sequence[int], rules: Rules) -> list[Candidate]:
    rows = list(Mention.objects.filter(pk__in=mention_ids, set_aside_at=None, program_id__in=list(rules)))
    partners = _partners(rows)
    return [
        Candidate(
            key=f"mention:{row.pk}",
            program_id=row.program_id,
            heard=_of_partner(
                Heard(row.published_at.date(), is_mention=True, sentiment=row.sentiment),
                partners.get(row.partner_id or 0),
            ),
            partner_id=row.partner_id,
            manager_id=_manager(partners, row.partner_id),
            mention_id=row.pk,
        )
        for row in rows
    ]


def silent(invitation_ids: Sequence[int], *, at: datetime) -> list[Candidate]:
    """Who was asked and said nothing; mails that came back are no silence."""
    asked = Invitation.objects.filter(
        pk__in=invitation_ids, state=InvitationState.SENT, answered_at=None, contact__erased_at=None
    )
    rows = list(asked.order_by("pk"))
    partners, before = _partners(rows), _last_scores([row.contact_id for row in rows])
    return [
        Candidate(
            key=f"silence:{row.wave_id}:{row.contact_id}",
            program_id=row.program_id,
            heard=_of_partner(
                Heard(at.date(), is_silence=True, before=before.get(row.contact_id), role=row.role),
                partners.get(row.partner_id),
            ),
            partner_id=row.partner_id,
            manager_id=_manager(partners, row.partner_id),
            contact_id=row.contact_id,
            wave_id=row.wave_id,
        )
        for row in rows
    ]


def has_open_deal(custom: Mapping[str, object]) -> bool | None:
    """None: nobody has told us of deals at all."""
    value = custom.get(DEAL_FIELD)
    return None if value is None else str(value).strip().lower() not in _NO


def _heard(
    row: Response, before: int | None, partner: Partner | None, topics: frozenset[str] | None
) -> Heard:
    heard = Heard(
        on=row.responded_at.date(),
        survey_kind=row.kind,
        score=row.score,
        before=before,
        comment=row.comment,
        topics=topics or frozenset(),
        role=row.role,
        tier=row.tier,
    )
    return _of_partner(heard, partner)


def _of_partner(heard: Heard, partner: Partner | None) -> Heard:
    if partner is None:
        return heard
    return replace(
        heard,
        tier=heard.tier or partner.tier,
        renewal_on=partner.renewal_on,
        open_deal=has_open_deal(partner.custom),
    )


def _partners(rows: Iterable[Response | Mention | Invitation]) -> dict[int, Partner]:
    return Partner.objects.in_bulk({row.partner_id for row in rows if row.partner_id is not None})


def _manager(partners: Mapping[int, Partner], partner_id: int | None) -> int | None:
    partner = partners.get(partner_id or 0)
    return partner.manager_id if partner is not None else None


def _scores_before(rows: Sequence[Response]) -> dict[int, int]:
    """By the answer's id: the score that its person gave before it in the same kind of survey."""
    people = {row.contact_id for row in rows if row.contact_id is not None}
    history: dict[tuple[int, str], list[tuple[datetime, int, int]]] = defaultdict(list)
    said = Response.objects.filter(contact_id__in=people, status=ResponseStatus.COMPLETE)
    for contact, kind, moment, pk, score in said.order_by("responded_at", "pk").values_list(
        "contact_id", "kind", "responded_at", "pk", "score"
    ):
        history[contact, kind].append((moment, pk, score))
    found = {}
    for row in rows:
        if row.contact_id is None:
            continue
        earlier = [
            score
            for moment, pk, score in history[row.contact_id, row.kind]
            if (moment, pk) < (row.responded_at, row.pk)
        ]
        if earlier:
            found[row.pk] = earlier[-1]
    return found


def _last_scores(people: Sequence[int]) -> dict[int, int]:
    rows = Response.objects.filter(contact_id__in=people, kind=SurveyKind.NPS, status=ResponseStatus.COMPLETE)
    return dict(rows.order_by("responded_at", "pk").values_list("contact_id", "score"))


def _topics(rows: Sequence[Response], rules: Rules) -> dict[int, frozenset[str]]:
    """Read only where a rule asks for topics: reading costs processor time."""
    asked = {program for program, theirs in rules.items() if any(rule.asked.topics for rule in theirs)}
    by_program: dict[int, list[Response]] = defaultdict(list)
    for row in rows:
        if row.comment and row.program_id in asked:
            by_program[row.program_id].append(row)
    found = {}
    for program, theirs in by_program.items():
        for row, said in zip(theirs, said_in(program, [one.comment for one in theirs]), strict=True):
            found[row.pk] = frozenset(said.topics.split())
    return found
