from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from otklik.events.public import Actor, Subject, record
from otklik.identity.models import Team, User


class TeamNameTaken(Exception):
    """Another team has this name."""


def save_team(*, team: Team | None, name: str, members: Iterable[User], by: Actor, at: datetime) -> Team:
    """Make a team (``team=None``) or change one. Raises TeamNameTaken."""
    people = list(members)
    with transaction.atomic():
        namesakes = Team.objects.filter(name=name)
        if (namesakes.exclude(pk=team.pk) if team else namesakes).exists():
            raise TeamNameTaken(name)
        kind = "team.changed" if team else "team.created"
        team = team or Team()
        team.name = name
        team.save()
        team.members.set(people)
        subjects = [Subject("team", team.pk)]
        record(kind, by=by, at=at, subjects=subjects, data={"members": [person.pk for person in people]})
    return team


class TeamInUse(Exception):
    """Something that stays names the team: a question that the desk asked it."""


def remove_team(*, team: Team, by: Actor, at: datetime) -> None:
    """The people stay, only the group goes. Raises TeamInUse."""
    try:
        with transaction.atomic():
            record("team.removed", by=by, at=at, subjects=[Subject("team", team.pk)])
            team.delete()
    except ProtectedError as found:
        raise TeamInUse(team.pk) from found
