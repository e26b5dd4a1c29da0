"""A program begins with rules, causes and letters before anybody thought of them; what is there is never
touched."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise

from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User
from otklik.loop.first_causes import FIRST_CAUSES
from otklik.loop.first_letters import FIRST_LETTERS
from otklik.loop.first_rules import FIRST_RULES
from otklik.loop.models import AlertRule, LetterTemplate, RootCause
from otklik.loop.operations.rules import STEP
from otklik.loop.rules.conditions import as_json
from otklik.partners.public import Program


@transaction.atomic
def begin_loop(*, program_id: int, by: Actor, at: datetime) -> bool:
    """Rules, a tree of causes and letters, where the program never had any: they are switched off and
    retired, never deleted. Rules get their names in the language of whoever set the program up. Whether
    there was anything to do."""
    # Two workers at once would each find nothing there.
    program = Program.objects.select_for_update().filter(pk=program_id).first()
    if program is None:
        return False
    rules = 0 if AlertRule.objects.filter(program=program).exists() else _first_rules(program, by, at)
    causes = 0 if RootCause.objects.filter(program=program).exists() else _first_causes(program)
    letters = 0 if LetterTemplate.objects.filter(program=program).exists() else _first_letters(program)
    if not rules and not causes and not letters:
        return False
    data = {"rules": rules, "causes": causes, "letters": letters}
    record("loop.begun", by=by, at=at, subjects=[Subject("program", program.pk)], data=data)
    return True


def begin_everywhere(*, by: Actor, at: datetime) -> int:
    """Programs that were there before the loop. How many had to be begun."""
    ready = Program.objects.filter(
        pk__in=AlertRule.objects.values("program"),
    ).filter(pk__in=RootCause.objects.values("program"))
    ready = ready.filter(pk__in=LetterTemplate.objects.values("program"))
    missing = Program.objects.exclude(pk__in=ready.values("pk")).order_by("pk").values_list("pk", flat=True)
    return sum(begin_loop(program_id=program, by=by, at=at) for program in list(missing))


def in_every_language(text: Promise) -> dict[str, str]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = str(text)
    return found


def _first_rules(program: Program, by: Actor, at: datetime) -> int:
    with translation.override(_language_of(by)):
        rows = [
            AlertRule(
                program=program,
                name=str(first.name),
                kind=first.kind,
                conditions=as_json(first.conditions),
                position=place * STEP,
                deadline_hours=first.hours,
                is_active=first.is_active,
                created_at=at,
            )
            for place, first in enumerate(FIRST_RULES, 1)
        ]
    return len(AlertRule.objects.bulk_create(rows))


def _first_letters(program: Program) -> int:
    rows = [
        LetterTemplate(program=program, kind=kind, language=language, subject=subject, text=text.strip())
        for (kind, language), (subject, text) in FIRST_LETTERS.items()
    ]
    return len(LetterTemplate.objects.bulk_create(rows))


def _first_causes(program: Program) -> int:
    branches = RootCause.objects.bulk_create(
        RootCause(program=program, names=in_every_language(name), position=place * STEP)
        for place, (name, _below) in enumerate(FIRST_CAUSES, 1)
    )
    leaves = RootCause.objects.bulk_create(
        RootCause(program=program, parent=branch, names=in_every_language(name), position=place * STEP)
        for branch, (_name, below) in zip(branches, FIRST_CAUSES, strict=True)
        for place, name in enumerate(below, 1)
    )
    return len(branches) + len(leaves)


def _language_of(by: Actor) -> str:
    """Of who set the program up; the first of the staff, who installed it, where nobody did."""
    staff = User.objects.filter(is_active=True).order_by("pk")
    person = staff.filter(pk=by.id).first() if by.id is not None else None
    chosen = person or staff.first()
    return chosen.language if chosen is not None else translation.get_language()
