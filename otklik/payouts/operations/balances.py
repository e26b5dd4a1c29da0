"""Balances, held while somebody reckons with them.

Whoever takes several locks takes them in this order, so that no two wait for each other: batch, partners,
balances, anything else. Merging, which holds the partners first, fits into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from otklik.events.public import Actor, ActorKind
from otklik.kit.among import Among
from otklik.kit.bulk import update_rows
from otklik.partners.public import Partner
from otklik.payouts.models import Balance
from otklik.payouts.models.fields import units

Key = tuple[int, str]
"""(partner's id, currency)"""


def locked_balances(keys: Iterable[Key]) -> dict[Key, Balance]:
    """Until the transaction ends; made where there is none. Raises Partner.DoesNotExist."""
    wanted = set(keys)
    partners = sorted({partner_id for partner_id, _ in wanted})
    held = Partner.objects.select_for_update(no_key=True).filter(pk__in=Among(partners)).order_by("pk")
    if len(held.values_list("pk", flat=True)) < len(partners):
        raise Partner.DoesNotExist
    rows = Balance.objects.select_for_update().filter(
        partner_id__in=Among(partners), currency__in={currency for _, currency in wanted}
    )
    found = {(row.partner_id, row.currency): row for row in rows.order_by("partner_id", "currency")}
    # Nobody else makes one meanwhile: that takes the partner's row.
    new = [Balance(partner_id=pk, currency=currency) for pk, currency in sorted(wanted - found.keys())]
    Balance.objects.bulk_create(new, batch_size=500)
    found |= {(row.partner_id, row.currency): row for row in new}
    return {key: found[key] for key in sorted(wanted)}


def locked_balance(partner_id: int, currency: str) -> Balance:
    return locked_balances([(partner_id, currency)])[partner_id, currency]


def keep_balances(balances: Mapping[Key, Balance]) -> None:
    """Stores what was reckoned."""
    for row in balances.values():
        row.version += 1
    update_rows(
        Balance,
        ("total", "held", "planned", "version"),
        [
            (units(row.total), units(row.held), units(row.planned), row.version, row.pk)
            for row in balances.values()
        ],
    )


def keep_balance(balance: Balance) -> None:
    keep_balances({(balance.partner_id, balance.currency): balance})


def person(by: Actor) -> int | None:
    """The member of staff, where it is one."""
    return by.id if by.kind is ActorKind.PERSON else None
