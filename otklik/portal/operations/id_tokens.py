"""Reading what a provider signed (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# Signed with a key that only the provider has; "none" and keys that both sides share are not among them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_CLOCKS_DIFFER_SECONDS = 60
_LONGEST = 50_000


class BadToken(Exception):
    """Not signed by the provider, for somebody else, or not valid at this moment."""


@dataclass(frozen=True, slots=True)
class Keys:
    """``fetch(fresh)`` gives the provider's key set; ``fresh``: not the one that is remembered."""

    fetch: Callable[[bool], Mapping[str, Any]]


def read_id_token(token: str, keys: Keys, *, issuer: str, client_id: str) -> dict[str, Any]:
    """Its claims. Raises BadToken, and whatever fetching keys raises."""
    import jwt

    if not token or len(token) > _LONGEST:
        raise BadToken("there is no token")
    try:
        head = jwt.get_unverified_header(token)
        if (algorithm := head.get("alg")) not in ALGORITHMS:
            raise BadToken(f"signed by {str(algorithm)[:20]!r}")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(head, keys),
            algorithms=[algorithm],
            audience=client_id,
            issuer=issuer,
            leeway=_CLOCKS_DIFFER_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadToken(str(error)[:200]) from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise BadToken("made for several programs, and not for us first of all")
    return claims


def _key(head: Mapping[str, Any], keys: Keys) -> Any:
    """The key that the token names. Providers change their keys: one that is not known is looked for once
    more."""
    for fresh in (False, True):
        found = _named(keys.fetch(fresh), head)
        if found is not None:
            return found
    raise BadToken("signed with a key that the provider does not show")


def _named(key_set: Mapping[str, Any], head: Mapping[str, Any]) -> Any:
    import jwt

    listed = key_set.get("keys")
    shown = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    fitting = [
        one for one in shown if one.get("use", "sig") == "sig" and one.get("alg", head["alg"]) == head["alg"]
    ]
    if "kid" in head:
        fitting = [one for one in fitting if one.get("kid") == head["kid"]]
    if len(fitting) != 1:
        return None
    return jwt.PyJWK(fitting[0], algorithm=head["alg"]).key
