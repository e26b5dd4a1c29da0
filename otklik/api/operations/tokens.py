"""Making, using up and revoking API tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from otklik.api.models import ApiToken
from otklik.api.rules.scopes import Scope
from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User
from otklik.kit.rows import rows_by_id, rows_where

LONGEST_LIFE = timedelta(days=366)
PREFIX = "otk_"


class TooLong(Exception):
    """A token may live a year at most: forgotten keys must end by themselves."""


class NoScope(Exception):
    """A token without a scope opens nothing."""


def create_token(
    *, owner: User, name: str, scopes: Iterable[Scope], expires_at: datetime, by: Actor, at: datetime
) -> tuple[ApiToken, str]:
    """The stored token and its secret, which is shown once and cannot be read back."""
    chosen = sorted(set(scopes))
    if not chosen:
        raise NoScope
    if expires_at > at + LONGEST_LIFE:
        raise TooLong
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            name=name,
            owner=owner,
            hint=secret[:10],
            digest=digest_of(secret),
            scopes=[str(scope) for scope in chosen],
            created_at=at,
            expires_at=expires_at,
        )
        record(
            "token.created",
            by=by,
            at=at,
            subjects=[Subject("token", token.pk), Subject("user", owner.pk)],
            data={"scopes": token.scopes, "expires_at": expires_at.isoformat()},
        )
    return token, secret


def revoke_token(*, token: ApiToken, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        locked = ApiToken.objects.select_for_update().get(pk=token.pk)
        if locked.revoked_at is not None:
            return
        locked.revoke(at)
        locked.save(update_fields=["revoked_at"])
        record("token.revoked", by=by, at=at, subjects=[Subject("token", token.pk)])


def revoke_tokens_of(*, owner_id: int, by: Actor, at: datetime) -> None:
    """All that this person had at that moment."""
    for token in ApiToken.objects.filter(owner_id=owner_id, revoked_at=None, created_at__lte=at):
        revoke_token(token=token, by=by, at=at)


def recognise_token(secret: str, *, at: datetime) -> ApiToken | None:
    """The valid token behind a secret, or None. One look-up by digest: nothing to time."""
    if not secret.startswith(PREFIX):
        return None
    found = rows_where(ApiToken, "digest", [digest_of(secret)])
    if not found:
        return None
    token = found[0]
    token.owner = rows_by_id(User, [token.owner_id])[token.owner_id]
    if not token.is_valid(at):
        return None
    hour = at.replace(minute=0, second=0, microsecond=0)
    if token.last_used_at is None or token.last_used_at < hour:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=hour)
    return token


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
