"""The figures of a quarter, frozen as ids and values, and read back with the names of today."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Q

from otklik.dialogue.public import Agreed, Commitment, Goal, Side, agreements
from otklik.dialogue.public import Standing as Promised
from otklik.feedback.public import ResponseStatus, SurveyKind, scope_of, visible_responses
from otklik.identity.public import User
from otklik.loop.public import Alert
from otklik.partners.public import Contact, Partner
from otklik.relationships.models import CallToAction, InfluenceLine, PlanAction, Review, Tie
from otklik.relationships.queries.partner import TieLine, partner_map
from otklik.relationships.rules.quarters import last_quarters, next_quarter
from otklik.relationships.rules.segments import Member, View, standing_of
from otklik.relationships.rules.ties import Contacts, Evidence
from otklik.relationships.rules.ties import Tie as JudgedTie
from otklik.relationships.rules.vocabulary import (
    Authority,
    CallKind,
    CallState,
    Category,
    Influence,
    Role,
    Standing,
    TieLevel,
    category_of,
)

QUARTERS = 4
_OPEN = frozenset({Promised.OPEN, Promised.SOON, Promised.OVERDUE})


def figures_of(partner: Partner, quarter: date, *, user: User, at: datetime) -> dict[str, Any]:
    """Of the quarter, up to ``at`` where that is earlier than its end."""
    begins, ends = _midnight(quarter), _midnight(next_quarter(quarter))
    found = partner_map(partner, user=user, since=begins, at=min(at, ends))
    return {
        "views": [_view(one) for one in found.views],
        "people": [_member(one.member) for one in found.people],
        "coverage": [
            [one.role.value, one.known, one.wanted.known, one.asked, one.wanted.asked]
            for one in found.blind_spots.roles
        ],
        "trend": _trend(partner, quarter, user),
        "moves": _moves(partner, begins, ends),
        "ties": [_tie(tie) for one in found.people for tie in one.ties],
        "lines": [[one.source_id, one.target_id, str(one.kind)] for one in found.lines],
        "ours": list(found.ours),
        **_agreed(partner, quarter, min(at, ends).date()),
        "actions": _actions(partner, begins),
    }


def _view(one: View) -> dict[str, Any]:
    return {
        "way": one.way.value,
        "people": one.people,
        "counts": list(one.counts),
        "score": one.score,
        "interval": list(one.interval) if one.interval else None,
        "why": one.why.value if one.why else None,
    }


def _member(one: Member) -> list[Any]:
    return [
        one.id,
        one.authority.value,
        one.influence.value,
        one.role.value,
        one.score,
        standing_of(one).value,
    ]


def _trend(partner: Partner, quarter: date, user: User) -> list[list[Any]]:
    """[quarter, detractors, passives, promoters] of each; every answer counts."""
    quarters = last_quarters(quarter, QUARTERS)
    rows = visible_responses(scope_of(user)).filter(
        partner=partner,
        kind=SurveyKind.NPS,
        status=ResponseStatus.COMPLETE,
        responded_at__gte=_midnight(quarters[0]),
        responded_at__lt=_midnight(next_quarter(quarter)),
    )
    counts = {first: Counter[Category]() for first in quarters}
    for moment, score in rows.values_list("responded_at", "score"):
        first = max(one for one in quarters if _midnight(one) <= moment)
        counts[first][category_of(score)] += 1
    return [[first.isoformat(), *(those[kind] for kind in Category)] for first, those in counts.items()]


def _moves(partner: Partner, begins: datetime, ends: datetime) -> list[list[Any]]:
    rows = CallToAction.objects.filter(
        partner=partner, kind=CallKind.MOVE, raised_at__gte=begins, raised_at__lt=ends
    )
    return [
        [one.contact_id, one.what, one.facts.get("before"), one.facts.get("after"), one.state]
        for one in rows.order_by("wave_id", "place")
    ]


def _tie(one: TieLine) -> list[Any]:
    return [
        one.row.contact_id,
        one.row.user_id,
        str(one.row.kind),
        one.judged.stated.value,
        one.judged.evidence.level.value,
        list(astuple(one.contacts)),
    ]


def _agreed(partner: Partner, quarter: date, today: date) -> dict[str, Any]:
    """``promises``: ours, of all time, counted by how they stand on that day. ``promised``: those of ours
    that are open or ended since the quarter began: [id, standing, after an alert]. ``goals``: [id, standing],
    the same way."""
    found = agreements(partner.pk, side=Side.OURS, today=today)
    ours = [one for one in found.ours if _is_of(one, quarter)]
    after = Alert.objects.filter(promises__commitment__in=[one.row.pk for one in ours])
    alerted = set(after.values_list("promises__commitment_id", flat=True))
    return {
        "promises": dict(sorted(Counter(str(one.standing) for one in found.ours).items())),
        "promised": [[one.row.pk, str(one.standing), one.row.pk in alerted] for one in ours],
        "goals": [[one.row.pk, str(one.standing)] for one in found.goals if _is_of(one, quarter)],
    }


def _is_of(one: Agreed, quarter: date) -> bool:
    """Open, or over since the quarter began."""
    ended = one.row.closed_on if isinstance(one.row, Goal) else one.row.done_on
    return one.standing in _OPEN or (ended or one.row.due_on) >= quarter


def _actions(partner: Partner, begins: datetime) -> list[int]:
    """Open ones, and what was done in the quarter."""
    rows = PlanAction.objects.filter(Q(done_at=None) | Q(done_at__gte=begins), plan__partner=partner)
    return list(rows.order_by("due_on", "pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class FrozenPerson:
    """As they stood; ``row`` as they are today."""

    row: Contact
    member: Member
    standing: Standing
    ties: tuple[TieLine, ...] = ()

    @property
    def id(self) -> int:
        return self.row.pk


@dataclass(frozen=True, slots=True)
class FrozenMove:
    name: str
    what: str
    before: int | None
    after: int | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class FrozenPromise:
    """``standing`` as it was; the words as they are today."""

    row: Commitment | Goal
    standing: str
    after_alert: bool = False


@dataclass(frozen=True, slots=True)
class ReviewPage:
    people: tuple[FrozenPerson, ...]
    ours: Mapping[int, str]
    lines: tuple[InfluenceLine, ...]
    moves: tuple[FrozenMove, ...]
    promised: tuple[FrozenPromise, ...]
    goals: tuple[FrozenPromise, ...]
    actions: tuple[PlanAction, ...]


def read_review(review: Review) -> ReviewPage:
    """Whoever was merged away or erased since stands there by number, or not at all."""
    figures: Mapping[str, Any] = review.figures
    wanted = {row[0] for row in [*figures["people"], *figures["moves"]]}
    names = {row.pk: row for row in Contact.objects.filter(pk__in=wanted)}
    staff = User.objects.in_bulk(figures.get("ours", []))
    actions = PlanAction.objects.filter(pk__in=figures["actions"]).select_related("owner", "contact")
    promised, goals = figures.get("promised", []), figures.get("goals", [])
    commitments = Commitment.objects.in_bulk([row[0] for row in promised])
    shared = Goal.objects.in_bulk([row[0] for row in goals])
    return ReviewPage(
        tuple(_people(figures["people"], names, _ties(figures.get("ties", []), staff))),
        {pk: staff[pk].name for pk in figures.get("ours", []) if pk in staff},
        tuple(_lines(figures.get("lines", []), names)),
        tuple(
            FrozenMove(names[pk].name, what, before, after, state == CallState.OPEN)
            for pk, what, before, after, state in figures["moves"]
            if pk in names
        ),
        tuple(FrozenPromise(commitments[pk], *rest) for pk, *rest in promised if pk in commitments),
        tuple(FrozenPromise(shared[pk], standing) for pk, standing in goals if pk in shared),
        tuple(actions.order_by("due_on", "pk")),
    )


def _people(
    rows: Iterable[list[Any]], names: Mapping[int, Contact], ties: Mapping[int, list[TieLine]]
) -> Iterable[FrozenPerson]:
    for pk, authority, influence, role, score, standing in rows:
        if pk in names:
            member = Member(pk, Authority(authority), Influence(influence), Role(role), score)
            yield FrozenPerson(names[pk], member, Standing(standing), tuple(ties.get(pk, ())))


def _ties(rows: Iterable[list[Any]], staff: Mapping[int, User]) -> dict[int, list[TieLine]]:
    found: dict[int, list[TieLine]] = defaultdict(list)
    for person, user, kind, stated, logged, contacts in rows:
        if user in staff:
            row = Tie(contact_id=person, user=staff[user], kind=kind, level=stated)
            judged = JudgedTie(TieLevel(stated), Evidence(TieLevel(logged), 0.0, (), 0), ())
            found[person].append(TieLine(row, judged, Contacts(*contacts)))
    return found


def _lines(rows: Iterable[list[Any]], names: Mapping[int, Contact]) -> Iterable[InfluenceLine]:
    for source, target, kind in rows:
        if source in names and target in names:
            yield InfluenceLine(source=names[source], target=names[target], kind=kind)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
