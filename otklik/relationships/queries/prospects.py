"""Facts for the rule of openings, of some partners at a time, in eight queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Count

from otklik.dialogue.public import Goal, GoalState
from otklik.feedback.public import Interview, Response, ResponseStatus, SurveyKind
from otklik.loop.public import has_open_deal, owed_to
from otklik.partners.public import ItemKind, Partner, PartnerStatus
from otklik.relationships.queries.accounts import HALF_YEAR, Facts
from otklik.relationships.rules.products import products_named
from otklik.relationships.rules.renewals import Prospect

FEWEST_PEERS = 10
"""Partners of one segment, below which it has no usual products."""
Kind = tuple[int, str]
"""Program and segment."""


def usual_products(programs: Sequence[int]) -> dict[Kind, dict[str, float]]:
    """Of each kind of partners: products and the share of them that have each. Two queries."""
    rows = Partner.objects.filter(program__in=programs, status=PartnerStatus.ACTIVE, erased_at=None)
    sizes = {
        (program, segment): count
        for program, segment, count in rows.order_by()
        .values_list("program_id", "segment")
        .annotate(count=Count("pk"))
    }
    found: dict[Kind, dict[str, float]] = defaultdict(dict)
    held = rows.filter(items__kind=ItemKind.PRODUCT).order_by()
    for program, segment, name, count in held.values_list("program_id", "segment", "items__name").annotate(
        count=Count("pk")
    ):
        # Of a kind whose first partner came in since, nothing is known yet.
        size = sizes.get((program, segment), 0)
        if size >= FEWEST_PEERS:
            found[program, segment][name] = min(1.0, count / size)
    return found


def prospects_of(
    partners: Sequence[Partner],
    facts: Mapping[int, Facts],
    usual: Mapping[Kind, Mapping[str, float]],
    *,
    at: datetime,
) -> dict[int, Prospect]:
    """By partner."""
    ids = [one.pk for one in partners]
    items = _items(ids)
    texts = _texts(ids, at)
    goals = Counter(
        Goal.objects.filter(partner__in=ids, state=GoalState.AGREED).values_list("partner_id", flat=True)
    )
    owed = owed_to(ids)
    known = {name for shares in usual.values() for name in shares}
    known |= {name for kinds in items.values() for name in kinds[ItemKind.PRODUCT]}
    found = {}
    for one in partners:
        account, theirs = facts[one.pk].account, items[one.pk]
        found[one.pk] = Prospect(
            one.pk,
            account.deciders,
            account.others,
            account.revenue_trend,
            frozenset(theirs[ItemKind.PRODUCT]),
            frozenset(theirs[ItemKind.NEED]),
            products_named(texts[one.pk], known) if texts[one.pk] else frozenset(),
            usual.get((one.program_id, one.segment), {}),
            bool(has_open_deal(one.custom)),
            goals[one.pk],
            owed[one.pk].disputes > 0,
            owed[one.pk].holds > 0,
            owed[one.pk].critical_tickets,
        )
    return found


def _items(ids: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = Partner.objects.filter(pk__in=ids, items__isnull=False).order_by("items__pk")
    for partner, kind, name in rows.values_list("pk", "items__kind", "items__name"):
        found[partner][kind].append(name)
    return found


def _texts(ids: Sequence[int], at: datetime) -> dict[int, list[str]]:
    """What their people said in interviews and beside their scores in the half-year."""
    found: dict[int, list[str]] = defaultdict(list)
    since = at - HALF_YEAR
    held = Interview.objects.filter(partner__in=ids, held_at__gte=since)
    for partner, words, notes in held.values_list("partner_id", "words", "notes"):
        found[partner] += [words, *(str(text) for text in notes.values())]
    given = Response.objects.filter(
        partner__in=ids, kind=SurveyKind.NPS, status=ResponseStatus.COMPLETE, responded_at__gte=since
    )
    for partner, comment in given.exclude(comment="").values_list("partner_id", "comment"):
        if partner is not None:
            found[partner].append(comment)
    return found
