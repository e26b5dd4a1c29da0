from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from otklik.api.operations.tokens import create_token
from otklik.api.rules.scopes import Scope
from otklik.events.public import Actor
from otklik.identity.public import User
from otklik.kit.clock import now


@pytest.fixture
def api_as() -> Callable[..., Client]:
    """A client that calls as somebody: ``api_as(world.root)``, with all scopes unless some are named."""

    def build(owner: User, *scopes: Scope) -> Client:
        at = now()
        _token, secret = create_token(
            owner=owner,
            name="test",
            scopes=scopes or tuple(Scope),
            expires_at=at + timedelta(days=30),
            by=Actor.person(owner.pk),
            at=at,
        )
        headers: dict[str, Any] = {"authorization": f"Bearer {secret}"}
        return Client(headers=headers)

    return build
