from __future__ import annotations

from dataclasses import dataclass

from otklik.api.labels import SCOPES
from otklik.api.models import ApiToken
from otklik.api.rules.scopes import Scope
from otklik.kit.registry import Text

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class TokenLine:
    token: ApiToken
    allows: list[Text]


def token_lines() -> list[TokenLine]:
    """Tokens that were not revoked, newest first."""
    rows = ApiToken.objects.select_related("owner").filter(revoked_at=None)[:MOST_SHOWN]
    return [TokenLine(row, [SCOPES[Scope(scope)] for scope in row.scopes]) for row in rows]
