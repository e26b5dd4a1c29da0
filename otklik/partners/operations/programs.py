from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from otklik.events.public import Actor, Subject, record
from otklik.partners.models import Program
from otklik.partners.operations.changes import set_values
from otklik.partners.rules.names import name_key, tidy, to_latin


class ProgramNameTaken(Exception):
    """Another program has this name."""


@transaction.atomic
def create_program(
    *,
    name: str,
    currency: str = "EUR",
    managers_see_own_only: bool = False,
    slug: str = "",
    by: Actor,
    at: datetime,
) -> Program:
    """``slug`` is made from the name where none is given. Raises ProgramNameTaken."""
    _refuse_taken(name, None)
    program = Program.objects.create(
        name=tidy(name),
        slug=_free_slug(slug or name),
        currency=currency,
        managers_see_own_only=managers_see_own_only,
        created_at=at,
    )
    data = {"currency": currency, "managers_see_own_only": managers_see_own_only}
    record("program.created", by=by, at=at, subjects=[Subject("program", program.pk)], data=data)
    return program


@transaction.atomic
def change_program(
    *, program_id: int, name: str, currency: str, managers_see_own_only: bool, by: Actor, at: datetime
) -> Program:
    """Raises ProgramNameTaken, Program.DoesNotExist."""
    program = Program.objects.select_for_update().get(pk=program_id)
    _refuse_taken(name, program_id)
    changes = set_values(
        program,
        {"name": tidy(name), "currency": currency, "managers_see_own_only": managers_see_own_only},
    )
    if changes:
        program.save(update_fields=list(changes))
        data = {"fields": sorted(changes), "managers_see_own_only": managers_see_own_only}
        record("program.changed", by=by, at=at, subjects=[Subject("program", program.pk)], data=data)
    return program


def _refuse_taken(name: str, but: int | None) -> None:
    # Programs are few, and neither database compares Russian letters without case.
    others = Program.objects.values_list("pk", "name")
    if name_key(name) in {name_key(other) for pk, other in others if pk != but}:
        raise ProgramNameTaken(name)


def _free_slug(name: str) -> str:
    stem = slugify(to_latin(name))[:50] or "program"
    taken = set(Program.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
