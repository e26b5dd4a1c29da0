"""Signs that a score was helped, with their cases. The number of queries does not grow with the answers.
Everything here is a reason to ask and takes no answer out of any figure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Q, QuerySet

from otklik.desk.public import mean_ratings
from otklik.events.public import by_people
from otklik.feedback.access import Scope, visible_invitations, visible_responses
from otklik.feedback.models import AnswerTrace, AskingRules, Invitation, Response
from otklik.feedback.queries.survey_counts import REACHED
from otklik.feedback.rules.results import FIRST_GOOD
from otklik.feedback.rules.signs import (
    AGAIN,
    FAST_SECONDS,
    LOOKED_BACK,
    Apart,
    Sign,
    Spread,
    above_rest,
    chance_of,
    changed_shortly_before,
    differences,
    expected_again,
    expected_changes,
    share_difference,
)
from otklik.feedback.rules.vocabulary import SCALES, InvitationState, Refusal, ResponseStatus, SurveyKind
from otklik.identity.public import names_of
from otklik.partners.public import Contact

MOST_CASES = 50
ELSEWHERE = timedelta(days=365)
# Ratings of tickets stand among the surveys of a person.
TICKETS = 0
MOST_IDS = 500


@dataclass(frozen=True, slots=True)
class Case:
    """One invitation, answer, person or manager that shows the sign. ``moment``, ``times``, ``score`` and
    ``apart`` as the sign has them. ``who``: a colleague, or the people of one device."""

    contact_id: int | None = None
    contact: str = ""
    partner_id: int | None = None
    partner: str = ""
    survey: str = ""
    who: str = ""
    moment: datetime | None = None
    times: int | None = None
    score: int | None = None
    apart: Apart | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """``looked_at``: among how many. ``expected``: so many by chance, None where nobody can say; ``chance``:
    of as many as there are, or more."""

    sign: Sign
    count: int
    looked_at: int
    cases: tuple[Case, ...] = ()
    expected: float | None = None

    @property
    def chance(self) -> float | None:
        return None if self.expected is None else chance_of(self.count, self.expected)


def signs(scope: Scope, *, at: datetime) -> tuple[Found, ...]:
    """Of the last ``LOOKED_BACK``; scores elsewhere of the last ``ELSEWHERE``."""
    invitations = visible_invitations(scope).order_by()
    answered = invitations.filter(answered_at__gte=at - LOOKED_BACK)
    traces = AnswerTrace.objects.filter(
        response__in=visible_responses(scope).order_by().values("pk"),
        response__status=ResponseStatus.COMPLETE,
    )
    total = answered.count()
    return (
        _address_changed(scope, answered, total, at),
        _own_domain(answered, total),
        *_traced(traces),
        _picked_by_hand(invitations, at),
        _left_out_again(invitations, at),
        _above_elsewhere(scope, at),
    )


def _address_changed(scope: Scope, answered: QuerySet[Invitation], total: int, at: datetime) -> Found:
    events = by_people("contact", kind="contact.changed", since=at - LOOKED_BACK)
    changes: dict[int, list[tuple[datetime, int | None]]] = defaultdict(list)
    for event in events:
        if "addresses" in event.data.get("fields", ()):
            changes[event.object_id].append((event.happened_at, event.actor_id))
    people = _people(scope)
    if not changes:
        return Found(Sign.ADDRESS_CHANGED, 0, total, expected=0.0)
    hits: list[tuple[Invitation, datetime]] = []
    ids = sorted(changes)
    for start in range(0, len(ids), MOST_IDS):
        rows = answered.filter(contact_id__in=ids[start : start + MOST_IDS], sent_at__isnull=False)
        for row in rows.select_related("contact", "partner", "wave__survey", "response"):
            moments = [moment for moment, _ in changes[row.contact_id]]
            when = changed_shortly_before(moments, row.sent_at) if row.sent_at else None
            if when is not None:
                hits.append((row, when))
    hits.sort(key=lambda hit: hit[1], reverse=True)
    names = names_of({actor for found in changes.values() for _, actor in found})
    actors = {(pk, moment): actor for pk, found in changes.items() for moment, actor in found}
    cases = [
        _case(row, moment=when, who=names.get(actors[row.contact_id, when] or 0, ""))
        for row, when in hits[:MOST_CASES]
    ]
    amount = sum(len(found) for found in changes.values())
    return Found(
        Sign.ADDRESS_CHANGED, len(hits), total, tuple(cases), expected_changes(amount, people, total)
    )


def _people(scope: Scope) -> int:
    people = Contact.objects.filter(is_active=True, erased_at=None)
    if scope.programs is not None:
        people = people.filter(
            Q(partner__program_id__in=scope.programs) | Q(partner__manager_id=scope.manager or 0)
        )
    return people.count()


def _own_domain(answered: QuerySet[Invitation], total: int) -> Found:
    ours = Q(pk__in=())
    for program, domains in AskingRules.objects.values_list("program_id", "own_domains"):
        for domain in domains:
            name = str(domain).strip().lower().lstrip("@.")
            if name:
                ends = Q(address__endswith=f"@{name}") | Q(address__endswith=f".{name}")
                ours |= Q(program_id=program) & ends
    return _found(Sign.OWN_DOMAIN, answered.filter(ours), total)


def _found(sign: Sign, rows: QuerySet[Invitation], total: int) -> Found:
    cases = rows.select_related("contact", "partner", "wave__survey", "response").order_by("-answered_at")
    return Found(
        sign, rows.count(), total, tuple(_case(row, moment=row.answered_at) for row in cases[:MOST_CASES])
    )


def _traced(traces: QuerySet[AnswerTrace]) -> tuple[Found, Found, Found]:
    """Traces are kept for 30 days: these three look no further back."""
    total = traces.count()
    sent = traces.filter(response__invitation__isnull=False)
    fast = sent.filter(seconds__lt=FAST_SECONDS)
    own = traces.filter(is_own_network=True)
    return (
        Found(Sign.FAST, fast.count(), sent.count(), _cases_of(fast, shows_seconds=True)),
        Found(Sign.OWN_NETWORK, own.count(), total, _cases_of(own)),
        _one_device(traces, total),
    )


def _cases_of(traces: QuerySet[AnswerTrace], *, shows_seconds: bool = False) -> tuple[Case, ...]:
    rows = traces.select_related("response__contact", "response__partner", "response__version__survey")
    return tuple(
        _answer_case(row.response, times=row.seconds if shows_seconds else None)
        for row in rows.order_by("-at")[:MOST_CASES]
    )


def _one_device(traces: QuerySet[AnswerTrace], total: int) -> Found:
    """Several people whose answers came from one device. People of one company may share one."""
    shared = (
        traces.exclude(response__link__is_shared=True)
        .values("device")
        .annotate(people=Count("response__contact", distinct=True))
        .filter(people__gte=2)
    )
    devices = list(shared.order_by("-people").values_list("device", flat=True)[:MOST_CASES])
    rows = traces.filter(device__in=devices).select_related("response__contact", "response__partner")
    by_device: dict[str, list[Response]] = defaultdict(list)
    for row in rows.order_by("at"):
        by_device[row.device].append(row.response)
    cases = []
    for device in devices:
        people = {r.contact_id: r for r in by_device[device] if r.contact_id is not None}
        partners = sorted({r.partner.name for r in people.values() if r.partner})
        names = sorted(r.contact.name for r in people.values() if r.contact)
        first = next(iter(people.values()))
        only = first.partner_id if len(partners) == 1 else None
        cases.append(
            Case(partner_id=only, partner=", ".join(partners), who=", ".join(names), times=len(people),
                 moment=max(r.responded_at for r in people.values()))
        )  # fmt: skip
    return Found(Sign.ONE_DEVICE, shared.count(), total, tuple(cases))


def _picked_by_hand(invitations: QuerySet[Invitation], at: datetime) -> Found:
    """Of each colleague who picked people: the share of good answers against that of people nobody picked."""
    asked = invitations.filter(
        Q(state__in=REACHED) | Q(answered_at__isnull=False), sent_at__gte=at - LOOKED_BACK
    )
    good = Q(response__kind=SurveyKind.NPS, response__score__gte=9)
    for kind, first in FIRST_GOOD.items():
        good |= Q(response__kind=kind, response__score__gte=first)
    counted = Q(response__status=ResponseStatus.COMPLETE)
    rows = asked.values_list("picked_by").annotate(
        n=Count("pk"), answers=Count("pk", filter=counted), good=Count("pk", filter=counted & good)
    )
    by_picker = {picker: (n, answers, hits) for picker, n, answers, hits in rows}
    _, other_n, other_hits = by_picker.pop(None, (0, 0, 0))
    names = names_of(by_picker)
    cases = [
        Case(who=names.get(picker, ""), times=n, apart=share_difference(hits, answers, other_hits, other_n))
        for picker, (n, answers, hits) in sorted(by_picker.items(), key=lambda item: -item[1][0])
    ]
    picked = sum(n for n, _, _ in by_picker.values())
    return Found(Sign.PICKED_BY_HAND, picked, asked.count(), tuple(cases[:MOST_CASES]))


def _left_out_again(invitations: QuerySet[Invitation], at: datetime) -> Found:
    """Over all rounds of the last year: a person rarely stands in more than a few."""
    # Before the start of a wave, or out of one that ran.
    out_of_it = (InvitationState.LEFT_OUT, InvitationState.WITHDRAWN)
    by_hand = Q(state__in=out_of_it, reason=Refusal.BY_HAND)
    people = (
        invitations.filter(planned_at__gte=at - ELSEWHERE)
        .values("contact_id")
        .annotate(stood=Count("pk"), out=Count("pk", filter=by_hand))
    )
    appearances: dict[int, int] = defaultdict(int)
    left_out = again = 0
    # Added up here: a sum over sums has no form in the ORM that both databases share.
    for stood, out in people.values_list("stood", "out").iterator(5000):
        appearances[stood] += 1
        left_out += out
        again += out >= AGAIN
    rows = people.filter(out__gte=AGAIN).order_by("-out").values_list("contact_id", "out")[:MOST_CASES]
    times = dict(rows)
    found = Contact.objects.filter(pk__in=times).select_related("partner")
    cases = [
        Case(person.pk, person.name, person.partner_id, person.partner.name, times=times[person.pk])
        for person in sorted(found, key=lambda person: -times[person.pk])
    ]
    expected = expected_again(left_out, appearances)
    return Found(Sign.LEFT_OUT_AGAIN, again, sum(appearances.values()), tuple(cases), expected)


def _above_elsewhere(scope: Scope, at: datetime) -> Found:
    """By manager and survey: how far people's scores lie above their own in other surveys and ratings of
    tickets, against the same of all other people of that survey."""
    rows = (
        visible_responses(scope)
        .filter(status=ResponseStatus.COMPLETE, contact__isnull=False, responded_at__gte=at - ELSEWHERE)
        .order_by()
        .values_list("contact_id", "manager_id", "version__survey_id", "kind", "version__survey__name")
        .annotate(mean=Avg("score"))
    )
    people: dict[int, dict[int, float]] = defaultdict(dict)
    managers: dict[tuple[int, int], int] = {}
    names: dict[int, str] = {}
    for contact, manager, survey, kind, name, mean in rows.iterator(5000):
        people[contact][survey] = _on_one(SurveyKind(kind), float(mean))
        managers[contact, survey] = manager or 0
        names[survey] = name
    for contact, mean in mean_ratings(since=at - ELSEWHERE).items():
        if contact in people:
            people[contact][TICKETS] = _on_one(SurveyKind.CSAT, float(mean))
    groups: dict[tuple[int, int], Spread] = defaultdict(Spread)
    for contact, scores in people.items():
        for survey, difference in differences(scores).items():
            if survey != TICKETS:
                one = Spread(1, difference, difference * difference)
                groups[survey, managers[contact, survey]] += one
    return _compared(groups, names)


def _compared(groups: dict[tuple[int, int], Spread], names: dict[int, str]) -> Found:
    wholes: dict[int, Spread] = defaultdict(Spread)
    for (survey, _), part in groups.items():
        wholes[survey] += part
    managers = names_of({manager for _, manager in groups if manager})
    compared = [
        (survey, manager, part, apart)
        for (survey, manager), part in groups.items()
        if (apart := above_rest(part, wholes[survey].without(part), looked_at=len(groups))) is not None
    ]
    above = sorted((row for row in compared if row[3].is_above), key=lambda row: -row[3].difference)
    cases = [
        Case(survey=names[survey], who=managers.get(manager, ""), times=part.n, apart=apart)
        for survey, manager, part, apart in above[:MOST_CASES]
    ]
    # The intervals allow for how many were looked at: one in twenty such pages shows one by chance.
    return Found(Sign.ABOVE_ELSEWHERE, len(above), len(compared), tuple(cases), 0.05 if compared else 0.0)


def _on_one(kind: SurveyKind, score: float) -> float:
    low, high = SCALES[kind]
    return (score - low) / (high - low)


def _case(row: Invitation, *, moment: datetime | None, who: str = "") -> Case:
    answer: Response | None = getattr(row, "response", None)
    return Case(
        row.contact_id,
        row.contact.name,
        row.partner_id,
        row.partner.name,
        row.wave.survey.name,
        who,
        moment,
        score=answer.score if answer else None,
    )


def _answer_case(answer: Response, *, times: int | None) -> Case:
    return Case(
        answer.contact_id,
        answer.contact.name if answer.contact else "",
        answer.partner_id,
        answer.partner.name if answer.partner else "",
        answer.version.survey.name,
        moment=answer.responded_at,
        times=times,
        score=answer.score,
    )
