"""Signing in through a partner's own OpenID Connect provider (Core 1.0, code flow with PKCE, RFC 7636).

Nothing here runs inside a transaction: the provider is somebody else's server. Whom it vouches for gets in
only as a contact of the partner whose provider it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache

from otklik.kit.http import FetchFailed, FetchRefused, Limits, fetch
from otklik.portal.models import CompanySignIn, PortalAccount
from otklik.portal.operations.accounts import open_account
from otklik.portal.operations.id_tokens import BadToken, Keys, read_id_token
from otklik.portal.queries.company import contact_at
from otklik.portal.queries.people import may_come_in
from otklik.portal.rules.keys import digest

_LIMITS = Limits(seconds=6.0, size=500_000, redirects=0)
_KEPT_SECONDS = 600
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class ProviderAway(Exception):
    """It cannot be reached, takes too long, or its address leads where we do not go."""


class ProviderWrong(Exception):
    """It answers, but not as the standard says, or its answer proves nothing."""


class NotVouchedFor(Exception):
    """It knows the person, but as nobody whom we know at this partner: another address, not verified, not
    invited where only the invited come in, or shut out."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What it says about itself (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    posts_secret: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """Kept by the browser that begins, until the provider sends it back."""

    company: str
    state: str
    nonce: str
    verifier: str
    wanted: str


def begin(company: CompanySignIn, *, back: str, wanted: str) -> tuple[str, Attempt]:
    """The provider's address to send the browser to. Raises ProviderAway, ProviderWrong."""
    provider = discover(company.issuer)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    attempt = Attempt(company.key, state, nonce, verifier, wanted)
    challenge = hashlib.sha256(attempt.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": company.client_id,
        "redirect_uri": back,
        "scope": "openid email",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    joint = "&" if urlsplit(provider.authorization).query else "?"
    return f"{provider.authorization}{joint}{urlencode(asked)}", attempt


def finish(company: CompanySignIn, attempt: Attempt, *, code: str, back: str, at: datetime) -> PortalAccount:
    """The account of whoever the provider vouches for. Raises ProviderAway, ProviderWrong, NotVouchedFor."""
    provider = discover(company.issuer)
    tokens = _tokens(company, provider, attempt, code=code, back=back)
    try:
        claims = read_id_token(
            str(tokens.get("id_token", "")),
            Keys(lambda fresh: _json(provider.keys, fresh=fresh)),
            issuer=provider.issuer,
            client_id=company.client_id,
        )
    except BadToken as error:
        raise ProviderWrong(str(error)) from error
    if not hmac.compare_digest(digest(str(claims.get("nonce", ""))), digest(attempt.nonce)):
        raise ProviderWrong("the token was made for another attempt")
    return _account(company, _with_email(provider, tokens, claims), at)


def discover(issuer: str) -> Provider:
    """Raises ProviderAway, ProviderWrong."""
    said = _json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != issuer:
        raise ProviderWrong(f"it calls itself {str(said.get('issuer'))[:200]!r}")
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    is_told_to_post = isinstance(methods, list) and "client_secret_basic" not in methods
    return Provider(
        issuer=issuer,
        authorization=_place(said, "authorization_endpoint"),
        token=_place(said, "token_endpoint"),
        keys=_place(said, "jwks_uri"),
        userinfo=_place(said, "userinfo_endpoint") if said.get("userinfo_endpoint") else "",
        posts_secret=is_told_to_post,
    )


def _tokens(
    company: CompanySignIn, provider: Provider, attempt: Attempt, *, code: str, back: str
) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": attempt.verifier,
    }
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    secret = company.client_secret.reveal()
    if provider.posts_secret:
        form |= {"client_id": company.client_id, "client_secret": secret}
    else:
        # RFC 6749, 2.3.1: each part is encoded as in a form before the two are joined.
        pair = f"{quote(company.client_id, safe='')}:{quote(secret, safe='')}"
        headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return _fetched(provider.token, method="POST", headers=headers, body=urlencode(form).encode())


def _with_email(provider: Provider, tokens: Mapping[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """Some providers tell the address only where they are asked for it."""
    if claims.get("email") or not provider.userinfo or not tokens.get("access_token"):
        return claims
    said = _fetched(provider.userinfo, headers={"authorization": f"Bearer {tokens['access_token']}"})
    # Core 1.0, 5.3.2: what is said about somebody else must not be used.
    if said.get("sub") != claims.get("sub"):
        raise ProviderWrong("it told about somebody else")
    return {**claims, "email": said.get("email"), "email_verified": said.get("email_verified")}


def _account(company: CompanySignIn, claims: Mapping[str, Any], at: datetime) -> PortalAccount:
    address, verified = str(claims.get("email", "")).strip().lower(), claims.get("email_verified")
    if verified is not True and verified != "true":
        raise NotVouchedFor("the address is not verified")
    # Neither database can be asked for half a surrogate pair, nor PostgreSQL for a NUL.
    if not address.isprintable():
        raise NotVouchedFor("the address is none")
    if address.rpartition("@")[2] not in company.domains:
        raise NotVouchedFor("the address is of another domain")
    contact = contact_at(company.partner_id, address)
    if contact is None:
        raise NotVouchedFor("nobody there has the address")
    if not may_come_in(contact):
        raise NotVouchedFor("the account was withdrawn, or only the invited come in")
    return open_account(contact=contact, at=at)


def _place(said: Mapping[str, Any], name: str) -> str:
    place = said.get(name)
    if not isinstance(place, str) or not is_safe_place(place):
        raise ProviderWrong(f"{name} is no https address")
    return place


def is_safe_place(address: str) -> bool:
    """https, wherever the installation is open to the world; one that may fetch from its own network may do
    so from itself without it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and settings.OTKLIK.fetch_private and parts.hostname in _LOOPBACK


def _json(address: str, *, fresh: bool = False) -> Mapping[str, Any]:
    """What hardly changes is asked for every ten minutes."""
    if not is_safe_place(address):
        raise ProviderWrong("its address does not begin with https://")
    name = f"portal:company:{digest(address)}"
    if not fresh and isinstance(kept := cache.get(name), dict):
        return kept
    said = _fetched(address, headers={"accept": "application/json"})
    cache.set(name, dict(said), _KEPT_SECONDS)
    return said


def _fetched(address: str, **request: Any) -> Mapping[str, Any]:
    try:
        reply = fetch(address, limits=_LIMITS, **request)
    except (FetchFailed, FetchRefused) as error:
        raise ProviderAway(str(error)[:300]) from error
    if reply.status >= 500:
        raise ProviderAway(f"it answered {reply.status}")
    if reply.status != 200:
        raise ProviderWrong(f"it answered {reply.status}")
    try:
        said = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise ProviderWrong("it did not answer with JSON") from error
    if not isinstance(said, dict):
        raise ProviderWrong("it did not answer with an object")
    return said
