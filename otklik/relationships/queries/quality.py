"""The data a map is drawn from, as the rules of its quality read it. Four queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from otklik.partners.public import AddressKind, Contact
from otklik.relationships.models import InfluenceLine, Tie
from otklik.relationships.rules.quality import Entry
from otklik.relationships.rules.vocabulary import Role


def entries_of(partner_ids: Sequence[int], *, at: datetime) -> dict[int, list[Entry]]:
    """By partner, everybody recorded there. Of those who left only the ones that a tie or a line of influence
    still stands on: whom nothing rests on may stay as they are."""
    people = Contact.objects.filter(partner__in=partner_ids, erased_at=None)
    addresses = _addresses(partner_ids)
    leant_on = _leant_on(partner_ids)
    found: dict[int, list[Entry]] = defaultdict(list)
    columns = ("authority_set_at", "influence_set_at", "role_overruled_at")
    for pk, partner, name, role, is_active, *stated in people.order_by("pk").values_list(
        "pk", "partner_id", "name", "role", "is_active", *columns
    ):
        if not is_active and pk not in leant_on:
            continue
        theirs = addresses.get(pk, ())
        mails = [(value, bounced) for kind, value, bounced in theirs if kind == AddressKind.EMAIL]
        last = max((moment for moment in stated if moment), default=None)
        found[partner].append(
            Entry(
                pk,
                name,
                tuple(value for value, _ in mails),
                tuple(value for kind, value, _ in theirs if kind == AddressKind.PHONE),
                Role(role),
                None if last is None else (at - last).days,
                not is_active,
                bool(mails) and all(bounced for _, bounced in mails),
            )
        )
    return found


def _addresses(ids: Sequence[int]) -> dict[int, list[tuple[str, str, bool]]]:
    found: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    rows = Contact.objects.filter(partner__in=ids, erased_at=None, addresses__isnull=False)
    for pk, kind, value, bounced in rows.order_by("addresses__pk").values_list(
        "pk", "addresses__kind", "addresses__normalised", "addresses__bounced_at"
    ):
        found[pk].append((kind, value, bounced is not None))
    return found


def _leant_on(ids: Sequence[int]) -> set[int]:
    gone = {"contact__partner__in": ids, "contact__is_active": False}
    found = set(Tie.objects.filter(**gone).values_list("contact_id", flat=True))
    lines = InfluenceLine.objects.filter(source__partner__in=ids)
    for source, target in lines.filter(Q(source__is_active=False) | Q(target__is_active=False)).values_list(
        "source_id", "target_id"
    ):
        found |= {source, target}
    return found
