"""Adding, changing and deactivating people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from otklik.events.public import Actor, Subject, record
from otklik.identity.models import Installation, User
from otklik.identity.operations.roles import grant_role, keep_an_administrator
from otklik.identity.rules.roles import Role


class EmailTaken(Exception):
    """Somebody on the staff has this e-mail address already, perhaps deactivated."""


class AlreadyStarted(Exception):
    """This installation has its first administrator; more staff is added by them."""


class NoSelfDeactivation(Exception):
    """Nobody deactivates themselves: another administrator does."""


def create_user(
    *,
    email: str,
    name: str,
    language: str,
    time_zone: str,
    roles: Iterable[Role] = (),
    password: str | None = None,
    by: Actor,
    at: datetime,
) -> User:
    """Add a member of staff; without a password they choose one by an invitation. Raises EmailTaken."""
    email = email.strip().lower()
    user = User(email=email, name=name, language=language, time_zone=time_zone, created_at=at)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    with transaction.atomic():
        if User.objects.filter(email=email).exists():
            raise EmailTaken(email)
        user.save(force_insert=True)
        record("user.created", by=by, at=at, subjects=[Subject("user", user.pk)])
        for role in roles:
            grant_role(user=user, role=role, by=by, at=at)
    return user


def create_first_administrator(
    *, email: str, name: str, password: str, language: str, time_zone: str, at: datetime
) -> User:
    """The first-run page's one effect. Raises AlreadyStarted where anybody exists or was quicker."""
    try:
        with transaction.atomic():
            if User.objects.exists():
                raise AlreadyStarted
            Installation(pk=1, started_at=at).save(force_insert=True)
            return create_user(
                email=email,
                name=name,
                language=language,
                time_zone=time_zone,
                roles=[Role.ADMINISTRATOR],
                password=password,
                by=Actor.system(),
                at=at,
            )
    except IntegrityError as error:
        raise AlreadyStarted from error


def change_user(
    *, user: User, name: str, language: str, time_zone: str, email: str | None = None, by: Actor, at: datetime
) -> User:
    """Change somebody's details; the log keeps which, not what. Raises EmailTaken."""
    wanted = {"name": name, "language": language, "time_zone": time_zone}
    if email is not None:
        wanted["email"] = email.strip().lower()
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        changed = [field for field, value in wanted.items() if getattr(user, field) != value]
        if not changed:
            return user
        if "email" in changed and User.objects.filter(email=wanted["email"]).exists():
            raise EmailTaken(wanted["email"])
        for field in changed:
            setattr(user, field, wanted[field])
        user.save(update_fields=changed)
        record("user.changed", by=by, at=at, subjects=[Subject("user", user.pk)], data={"fields": changed})
    return user


def deactivate_user(*, user: User, by: Actor, at: datetime) -> None:
    """Nobody signs in as them from now on and their sessions end; what they did stays.

    Raises LastAdministrator, NoSelfDeactivation.
    """
    if by.id == user.pk:
        raise NoSelfDeactivation
    with transaction.atomic():
        keep_an_administrator(without=user)
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            return
        user.deactivate()
        user.save(update_fields=["is_active", "password"])
        record("user.deactivated", by=by, at=at, subjects=[Subject("user", user.pk)])


def reactivate_user(*, user: User, by: Actor, at: datetime) -> None:
    """They may come back, with the roles they had and a password of their own new choice."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active:
            return
        user.reactivate()
        user.save(update_fields=["is_active"])
        record("user.reactivated", by=by, at=at, subjects=[Subject("user", user.pk)])
