"""Policy changes: whom they reach, and what the newest report says of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
from django.db.models import Case, Count, Max, Min, Q, QuerySet, Value, When

from otklik.impact.models import PolicyChange, PolicyStart
from otklik.impact.rules.changes import Starts
from otklik.kit.among import Among
from otklik.partners.public import Partner, name_key

_NUMBER = re.compile(r"#[0-9]{1,18}")


def changes_to_study(program_id: int) -> list[Starts]:
    """The oldest first. Two queries."""
    changes = PolicyChange.objects.filter(program=program_id).order_by("recorded_at", "pk")
    rows = PolicyStart.objects.filter(change__program=program_id).order_by("change_id", "partner_id")
    days: dict[int, list[tuple[int, date]]] = defaultdict(list)
    for change, partner, day in rows.values_list("change_id", "partner_id", "starts_on").iterator():
        days[change].append((partner, day))
    return [
        Starts(
            pk,
            version,
            np.array([partner for partner, _ in days[pk]], dtype=np.int64),
            tuple(day for _, day in days[pk]),
        )
        for pk, version in changes.values_list("pk", "version")
    ]


def with_reach(changes: QuerySet[PolicyChange]) -> QuerySet[PolicyChange]:
    """``reached`` partners, from the ``first`` to the ``last`` day."""
    return changes.annotate(
        reached=Count("starts"), first=Min("starts__starts_on"), last=Max("starts__starts_on")
    )


def tier_days(change_id: int) -> dict[str, date]:
    rows = PolicyStart.objects.filter(change=change_id, is_listed=False)
    return dict(rows.order_by().values_list("tier", "starts_on").distinct())


def reached_by_day(change_id: int) -> list[tuple[date, str, bool, int]]:
    """Days with the tier, whether partners were named one by one, and how many they are."""
    rows = PolicyStart.objects.filter(change=change_id)
    tiers = Case(When(is_listed=True, then=Value("")), default="tier")
    grouped = rows.annotate(shown=tiers).order_by("starts_on", "is_listed", "shown")
    return list(grouped.values_list("starts_on", "shown", "is_listed").annotate(n=Count("pk")))


def listed_starts(change_id: int) -> QuerySet[PolicyStart]:
    rows = PolicyStart.objects.filter(change=change_id, is_listed=True)
    return rows.select_related("partner").order_by("starts_on", "partner__name_key", "partner_id")


def tier_sizes(program_id: int) -> dict[str, int]:
    """Partners by their tier of today, "" for those in none, which come last."""
    rows = Partner.objects.filter(program=program_id, erased_at=None).order_by()
    sizes = dict(rows.values_list("tier").annotate(n=Count("pk")))
    return dict(sorted(sizes.items(), key=lambda one: (not one[0], one[0].casefold())))


def members_now(program_id: int, tiers: Collection[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    rows = Partner.objects.filter(program=program_id, erased_at=None, tier__in=list(tiers))
    for partner, tier in rows.values_list("pk", "tier"):
        found[tier].append(partner)
    return found


def tiers_now(partners: Collection[int]) -> Mapping[int, str]:
    return dict(Partner.objects.filter(pk__in=Among(partners)).values_list("pk", "tier"))


def partners_named(program_id: int, texts: Collection[str]) -> dict[str, Sequence[int]]:
    """Whom each text names: the partner with this external id, else all with this name. "#17" is the one with
    this number, as those are called who were erased."""
    keys = {text: name_key(text) for text in texts}
    numbers = {int(text[1:]) for text in texts if _NUMBER.fullmatch(text)}
    rows = Partner.objects.filter(program=program_id).filter(
        Q(external_id__in=set(texts) - {""}) | Q(name_key__in=set(keys.values())) | Q(pk__in=numbers)
    )
    by_code: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = defaultdict(list)
    for pk, code, key in rows.values_list("pk", "external_id", "name_key"):
        if code:
            by_code[code] = [pk]
        by_code.setdefault(f"#{pk}", [pk])
        by_name[key].append(pk)
    return {text: by_code.get(text) or by_name.get(key, []) for text, key in keys.items()}
