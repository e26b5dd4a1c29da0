"""What sister partners' answers tell of somebody whose own answers are few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from otklik.feedback.public import Response, ResponseStatus, SurveyKind
from otklik.partners.public import Partner
from otklik.relationships.rules.segments import Priors
from otklik.relationships.rules.vocabulary import Category, Role, category_of
from otklik.stats.shrinkage import Prior, fit_prior

LATEST_ANSWERS = 2_000
"""Of a whole program there may be a hundred thousand: the latest tell as much of how partners differ."""
_CATEGORIES = list(Category)
_ROLES = frozenset(role.value for role in Role)


def priors_of(partner: Partner, *, since: datetime | None, at: datetime) -> Priors:
    """From the other partners of the program in the time looked at, each person's last answer counted once;
    whoever sees the map or not, the figure is the same. One query."""
    rows = Response.objects.filter(
        program_id=partner.program_id,
        kind=SurveyKind.NPS,
        status=ResponseStatus.COMPLETE,
        responded_at__lte=at,
    ).exclude(partner=partner)
    if since is not None:
        rows = rows.filter(responded_at__gte=since)
    columns = ("contact_id", "partner_id", "role", "score")
    latest = rows.order_by("-responded_at", "-pk").values_list(*columns)[:LATEST_ANSWERS]
    seen: set[int] = set()
    answers: dict[Role | None, list[tuple[int, int]]] = defaultdict(list)
    for person, sister, role, score in latest:
        if person in seen:
            continue
        if person is not None:
            seen.add(person)
        answers[None].append((sister, score))
        if role in _ROLES:
            answers[Role(role)].append((sister, score))
    roles = {role: _fitted(answers[role]) for role in Role if role is not Role.UNKNOWN}
    return Priors(_fitted(answers[None]), {role: prior for role, prior in roles.items() if prior is not None})


def _fitted(answers: Sequence[tuple[int, int]]) -> Prior | None:
    counts = list(_counted(answers))
    return fit_prior(counts) if counts else None


def _counted(answers: Iterable[tuple[int, int]]) -> Iterable[list[int]]:
    by_sister: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for sister, score in answers:
        by_sister[sister][_CATEGORIES.index(category_of(score))] += 1
    return by_sister.values()
