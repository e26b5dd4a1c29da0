"""What the rules find of every partner, kept for the lists over all of them: made again and again, by the
chunk, the longest unchecked first. Nothing is changed by it but its own rows, so it writes no event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from otklik.kit.bulk import insert_rows, put_for_ids
from otklik.kit.chunks import in_chunks
from otklik.partners.public import Partner
from otklik.relationships.models import AccountCheck, OpeningFound
from otklik.relationships.queries.accounts import Facts, facts_of
from otklik.relationships.queries.prospects import prospects_of, usual_products
from otklik.relationships.queries.quality import entries_of
from otklik.relationships.rules.calls import reasons_of
from otklik.relationships.rules.coverage import BlindSpots, gap_points
from otklik.relationships.rules.quality import Entry, Fault, find_faults
from otklik.relationships.rules.renewals import Due, Opening, Prospect, due_of, openings, risk_of

CHUNK = 500
GOOD_FOR = timedelta(hours=1)
_REACHED = (
    "people",
    "asked",
    "answered",
    "known",
    "known_promoters",
    "known_asked",
    "known_asked_promoters",
)
_COLUMNS = (
    "step",
    "points",
    "band",
    "plain_points",
    "plain_band",
    "reasons",
    "gap",
    "todo",
    "faults",
    *(fault.value for fault in Fault),
    *_REACHED,
    "checked_at",
)
_OPENING = (
    "partner_id",
    "kind",
    "products",
    "points",
    "plain_points",
    "proofs",
    "blocked_by",
    "is_blocked",
    "found_at",
)


def check_due(*, at: datetime) -> int:
    """Partners never checked, and those whose check is older than ``GOOD_FOR``. How many were."""
    old = AccountCheck.objects.filter(checked_at__lte=at - GOOD_FOR).order_by("checked_at")
    ids = [*_unchecked(), *old.values_list("partner_id", flat=True)]
    check_partners(ids, at=at)
    return len(ids)


def check_partners(partner_ids: Sequence[int], *, at: datetime) -> None:
    """Those that were erased are left out. Run twice, or beside itself, it leaves the same rows."""
    if not partner_ids:
        return
    usual = usual_products(list(Partner.objects.order_by().values_list("program_id", flat=True).distinct()))
    for ids in in_chunks(partner_ids, CHUNK):
        partners = list(Partner.objects.filter(pk__in=ids, erased_at=None))
        facts = facts_of(partners, at=at)
        entries = entries_of(ids, at=at)
        prospects = prospects_of(partners, facts, usual, at=at)
        rows = [_check(one.pk, facts[one.pk], entries.get(one.pk, ()), at) for one in partners]
        found = [row for one in partners for row in _openings(prospects[one.pk], at)]
        _store(ids, rows, found)


def _unchecked() -> list[int]:
    rows = Partner.objects.filter(erased_at=None).exclude(pk__in=AccountCheck.objects.values("partner_id"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _store(ids: Sequence[int], rows: list[tuple[Any, ...]], found: list[tuple[Any, ...]]) -> None:
    # Locked, and looked at again: whoever was erased since they were read has no rows.
    there = set(
        Partner.objects.select_for_update()
        .filter(pk__in=ids, erased_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    put_for_ids(AccountCheck, ("partner_id",), _COLUMNS, [row for row in rows if row[0] in there])
    OpeningFound.objects.filter(partner_id__in=ids).delete()
    insert_rows(OpeningFound, _OPENING, [row for row in found if row[0] in there])


def _check(partner_id: int, facts: Facts, entries: Sequence[Entry], at: datetime) -> tuple[Any, ...]:
    risk = risk_of(facts.account)
    plain = risk_of(replace(facts.account, revenue_trend=None))
    faults = Counter(finding.fault for finding in find_faults(entries))
    return (
        partner_id,
        list(Due).index(due_of(facts.account.renewal_in_days)),
        risk.points,
        risk.band.value,
        plain.points,
        plain.band.value,
        reasons_of(risk.reasons),
        gap_points(facts.spots),
        _todo(facts.spots),
        faults.total(),
        *(faults[fault] for fault in Fault),
        *(getattr(facts.reached, name) for name in _REACHED),
        at,
    )


def _todo(spots: BlindSpots) -> list[list[Any]]:
    return [[one.step.value, one.role.value, one.count, list(one.people)] for one in spots.todo]


def _openings(prospect: Prospect, at: datetime) -> list[tuple[Any, ...]]:
    plain: Mapping[Opening, float] = {
        one.opening: one.points for one in openings(replace(prospect, revenue_trend=None))
    }
    return [
        (
            prospect.id,
            one.opening.value,
            list(one.products),
            one.points,
            plain.get(one.opening, 0.0),
            reasons_of(one.proofs),
            [obstacle.value for obstacle in one.blocked_by],
            bool(one.blocked_by),
            at,
        )
        for one in openings(prospect)
    ]
