"""Server time of the map of a partner with 300 people: the test client, every middleware and template, warm.

``time_map`` is for any process that has Django and its tables.
"""

from __future__ import annotations

from datetime import datetime

from tests.bench.harness import Timing, measure

PEOPLE = 300
RUNS = 20
LIMIT = 0.15
"""Seconds of the median."""
SISTERS = 60


def time_map(*, at: datetime, people: int = PEOPLE, runs: int = RUNS, one_cell: bool = False) -> Timing:
    """Makes a program with this partner in it and reads the map as its account manager."""
    from django.conf import settings
    from django.test import Client

    from otklik.identity.models import RoleGrant, User
    from otklik.identity.rules.roles import Role
    from otklik.partners.models import Partner, Program
    from tests.bench.relationship_rows import fill, sisters

    slug = f"map-{people}-{'one' if one_cell else 'all'}"
    program = Program.objects.create(name=slug, slug=slug, created_at=at)
    users = [
        User.objects.create(email=f"{slug}-{number}@example.com", name=f"Manager {number}", created_at=at)
        for number in range(4)
    ]
    RoleGrant.objects.create(user=users[0], role=Role.ACCOUNT_MANAGER, granted_at=at)
    sisters(program, count=SISTERS, people=6, at=at)
    partner = Partner.objects.create(
        program=program, name="Large", tier="gold", manager=users[0], created_at=at
    )
    fill(partner, users=users, people=people, at=at, one_cell=one_cell)
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]} if settings.ALLOWED_HOSTS else {})
    client.force_login(users[0])

    def read() -> None:
        answer = client.get(f"/partners/{partner.pk}/map/")
        assert answer.status_code == 200, answer.status_code

    return measure(read, runs=runs, warm_up=5)
