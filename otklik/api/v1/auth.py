"""Who calls: a bearer token with a scope, acting as its owner."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from otklik.api.models import ApiToken
from otklik.api.operations.tokens import recognise_token
from otklik.api.rules.scopes import Scope
from otklik.identity.public import Right, User
from otklik.kit.clock import now


class TokenRequest(HttpRequest):
    """A request behind a ``Bearer``: ``auth`` is the token it came with."""

    auth: ApiToken


class Bearer(HttpBearer):
    """A valid token with ``scope`` whose owner has ``right`` now; 401 without a token, 403 without either."""

    def __init__(self, scope: Scope, right: Right) -> None:
        super().__init__()
        self.scope, self.right = scope, right

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        known = recognise_token(token, at=now())
        if known is None:
            return None
        if self.scope not in known.scopes:
            raise HttpError(403, f"This token lacks the scope {self.scope.value}.")
        if not known.owner.may(self.right):
            raise HttpError(403, f"The owner of this token lacks the right {self.right.value}.")
        return known


def owner_of(request: HttpRequest) -> User:
    token = getattr(request, "auth", None)
    if not isinstance(token, ApiToken):
        raise TypeError("owner_of() needs a request behind a Bearer")
    return token.owner
