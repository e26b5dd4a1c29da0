from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Program
from otklik.relationships.models import CoverageContract
from otklik.relationships.operations.people import person_of
from otklik.relationships.rules.coverage import Wanted
from otklik.relationships.rules.vocabulary import Role

LONGEST_MONTHS = 36
MOST_WANTED = 1000


class OddContract(Exception):
    """Nobody is wanted, more are to be asked than known, or the months are none."""


@transaction.atomic
def set_contract(
    *, program_id: int, tier: str, needs: Mapping[Role, Wanted], months: int, by: Actor, at: datetime
) -> CoverageContract:
    """``tier`` "": of every tier without its own. Raises OddContract, Program.DoesNotExist."""
    wanted = {role.value: [one.known, one.asked] for role, one in needs.items() if one.known}
    odd = (not 0 <= one.asked <= one.known <= MOST_WANTED for one in needs.values())
    if not wanted or Role.UNKNOWN in needs or any(odd) or not 1 <= months <= LONGEST_MONTHS:
        raise OddContract(tier)
    program = Program.objects.select_for_update().get(pk=program_id)
    contract, _ = CoverageContract.objects.update_or_create(
        program=program,
        tier=tier.strip()[:40],
        defaults={"needs": wanted, "months": months, "set_by_id": person_of(by), "set_at": at},
    )
    data = {"tier": contract.tier, "needs": wanted, "months": months}
    record("coverage.set", by=by, at=at, subjects=[Subject("program", program_id)], data=data)
    return contract


@transaction.atomic
def drop_contract(*, contract_id: int, by: Actor, at: datetime) -> None:
    """The tier follows the contract of all others again. Raises CoverageContract.DoesNotExist."""
    contract = CoverageContract.objects.select_for_update().get(pk=contract_id)
    contract.delete()
    subjects = [Subject("program", contract.program_id)]
    record("coverage.dropped", by=by, at=at, subjects=subjects, data={"tier": contract.tier})
