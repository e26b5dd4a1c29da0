"""What a test asks of the installation under test.

`drive.py begin` prints a new person's id, `ticket PERSON TOPIC...` a ticket; `partners N` makes
partners, `change NOUN ID...` writes events about such objects, `deactivate PERSON` takes everything away from
somebody.
"""

from __future__ import annotations

import sys

import django


def begin() -> int:
    from otklik.identity.models import RoleGrant, User
    from otklik.identity.rules.roles import Role
    from otklik.kit.clock import now

    user = User.objects.create(email="head@example.com", name="Head", created_at=now())
    RoleGrant.objects.create(user=user, role=Role.HEAD, granted_at=now())
    return user.pk


def ticket(person: str, *topics: str) -> str:
    from otklik.edge.tickets import issue_ticket
    from otklik.kit.clock import now

    return issue_ticket(int(person), topics, since=now().timestamp())


def change(noun: str, *ids: str) -> None:
    from django.db import transaction

    from otklik.events.public import Actor, NewEvent, Subject, record_many
    from otklik.kit.clock import now

    at = now()
    with transaction.atomic():
        news = [NewEvent("test.changed", at, [Subject(noun, int(which))]) for which in ids]
        record_many(news, by=Actor.system(), at=at)


def partners(count: str) -> None:
    from otklik.kit.clock import now
    from otklik.partners.models import Partner, Program

    program = Program.objects.create(name="North", slug="north", created_at=now())
    for n in range(int(count)):
        Partner.objects.create(program=program, name=f"Partner {n}", created_at=now())


def deactivate(person: str) -> None:
    from otklik.identity.models import User

    User.objects.filter(pk=int(person)).update(is_active=False)


if __name__ == "__main__":
    django.setup()
    said = {
        "begin": begin,
        "ticket": ticket,
        "change": change,
        "partners": partners,
        "deactivate": deactivate,
    }[sys.argv[1]](*sys.argv[2:])
    if said is not None:
        print(said)
