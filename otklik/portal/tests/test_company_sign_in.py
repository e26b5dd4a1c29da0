"""Signing in through a partner's own provider, which may be down, wrong or somebody else's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from otklik.kit.clock import now
from otklik.partners.models import Contact
from otklik.portal.models import CompanySignIn, PortalAccount, PortalSettings
from otklik.portal.operations import company as operations
from otklik.portal.tests.people import account_of
from otklik.portal.tests.provider import OTHER_KEY, FakeProvider, running_provider
from otklik.portal.web.guard import COOKIE
from tests.world import World, make_contact

BEGIN, BACK = "/portal/sign-in/company/aurora-key/", "/portal/sign-in/company/"
VERA = "vera@aurora.example"


@pytest.fixture
def provider(world: World, settings: Any) -> Iterator[FakeProvider]:
    settings.OTKLIK = replace(settings.OTKLIK, fetch_private=True)
    cache.clear()
    with running_provider() as one:
        CompanySignIn.objects.create(
            partner=world.aurora, key="aurora-key", issuer=one.issuer, client_id=one.client_id,
            client_secret=one.secret, domains=["aurora.example"], changed_at=now(),
        )  # fmt: skip
        yield one


def returned(client: Client, provider: FakeProvider, email: str = VERA, **claims: Any) -> Any:
    """To the provider and back."""
    address = client.get(BEGIN)["Location"]
    return client.get(BACK, provider.lets_in(address, email, **claims))


def is_in(client: Client) -> bool:
    return COOKIE in client.cookies


def test_whom_the_company_vouches_for_is_let_in(client: Client, provider: FakeProvider, world: World) -> None:
    address = client.get(f"{BEGIN}?next=/portal/me/")["Location"]
    assert address.startswith(f"{provider.issuer}/authorize?tenant=1&response_type=code")
    assert "code_challenge_method=S256" in address
    response = client.get(BACK, provider.lets_in(address, "Vera@Aurora.example"))
    assert response["Location"] == "/portal/me/"
    assert PortalAccount.objects.get().contact == world.vera
    client.post("/portal/sign-out/")
    assert "Aurora" in client.get("/portal/sign-in/").content.decode()


def test_a_provider_that_takes_the_secret_in_the_form_gets_it_there(
    client: Client, provider: FakeProvider
) -> None:
    provider.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    returned(client, provider)
    assert is_in(client)


def test_an_address_told_only_when_asked_for_is_asked_for(client: Client, provider: FakeProvider) -> None:
    provider.userinfo = {"sub": "7", "email": VERA, "email_verified": True}
    returned(client, provider, email="")
    assert is_in(client)
    other = Client()
    provider.userinfo["sub"] = "8"
    assert returned(other, provider, email="").status_code == 502


@pytest.mark.parametrize(
    ("email", "claims"),
    [
        (VERA, {"email_verified": False}),
        (VERA, {"email_verified": None}),
        ("vera@evil.example", {}),
        ("nobody@aurora.example", {}),
        ("nadia@aurora.example", {}),
        ("vera@aurora.example@evil.example", {}),
        ("ve\0ra@aurora.example", {}),
        ("ve\ud800ra@aurora.example", {}),
    ],
)
def test_only_a_verified_contact_of_that_partner_gets_in(
    client: Client, provider: FakeProvider, world: World, email: str, claims: dict[str, Any]
) -> None:
    """Nadia has an address of Aurora's domain and works at Borealis."""
    make_contact(world.borealis, "Nadia", "nadia@aurora.example", "none", "low")  # type: ignore[arg-type]
    response = returned(client, provider, email, **claims)
    assert response.status_code == 403
    assert not is_in(client)


def test_who_was_shut_out_here_is_not_let_in_by_their_company(
    client: Client, provider: FakeProvider, world: World
) -> None:
    account = account_of(world.vera)
    account.disable(now())
    account.save()
    assert returned(client, provider).status_code == 403
    Contact.objects.filter(pk=world.gleb.pk).update(is_active=False)
    assert returned(client, provider, "gleb@aurora.example").status_code == 403


def test_where_only_the_invited_come_in_the_company_brings_nobody_else(
    client: Client, provider: FakeProvider, world: World
) -> None:
    PortalSettings.objects.create(pk=1, contacts_come_uninvited=False, changed_at=now())
    assert returned(client, provider).status_code == 403
    assert not PortalAccount.objects.exists()
    account = account_of(world.vera)
    account.invited_at = now()
    account.save()
    returned(client, provider)
    assert is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another program"},
        {"aud": ["otklik", "another"]},
        {"exp": timedelta(minutes=-10)},
        {"iat": timedelta(minutes=10)},
        {"nonce": "of another attempt"},
        {"sub": 7},
        {"nonce": "\ud800"},
    ],
)
def test_a_token_for_something_else_is_none(
    client: Client, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    """A moment is counted from when the test runs, which is long after it was collected."""
    at = int(time.time())
    said = {
        name: at + int(value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in claims.items()
    }
    assert returned(client, provider, **said).status_code == 502
    assert not is_in(client)


@pytest.mark.parametrize("how", ["key", "none", "shared", "kid"])
def test_a_token_that_the_provider_did_not_sign_is_none(
    client: Client, provider: FakeProvider, how: str
) -> None:
    if how == "key":
        provider.key = OTHER_KEY
    elif how == "none":
        provider.key, provider.algorithm = None, "none"
    elif how == "shared":
        provider.key, provider.algorithm = "otklik" * 10, "HS256"
    else:
        provider.head = {"kid": "unknown"}
    assert returned(client, provider).status_code == 502
    assert not is_in(client)


def test_a_provider_may_change_its_keys(client: Client, provider: FakeProvider) -> None:
    returned(client, provider)
    provider.shown_kid, provider.head = "two", {"kid": "two"}
    other = Client()
    returned(other, provider)
    assert is_in(other)
    assert provider.calls.count("/keys") == 2


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (500, b"")),
        ("/.well-known/openid-configuration", (200, b"<html>")),
        ("/.well-known/openid-configuration", (200, b"[]")),
        ("/.well-known/openid-configuration", (302, b"")),
        ("/.well-known/openid-configuration", (200, b'{"issuer": "https://elsewhere.example"}')),
        ("/token", (400, b'{"error": "invalid_grant"}')),
        ("/token", (200, b"{}")),
        ("/token", (200, b'{"id_token": ["x"]}')),
        ("/token", (200, b"[" * 100_000)),
        ("/token", (200, b" " * 600_000)),
        ("/keys", (200, b'{"keys": "x"}')),
        ("/keys", (200, b'{"keys": [1, {"kty": "EC", "kid": "one"}]}')),
    ],
)
def test_whatever_a_provider_answers_the_person_is_told_what_to_do(
    client: Client, provider: FakeProvider, path: str, answer: tuple[int, bytes]
) -> None:
    provider.answers[path] = answer
    response = client.get(BEGIN)
    if response.status_code == 302:
        response = client.get(BACK, provider.lets_in(response["Location"], VERA))
    assert response.status_code == 502
    assert "link from the mailbox" in response.content.decode()
    assert not is_in(client)


def test_a_slow_provider_holds_nobody_up(
    client: Client, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "_LIMITS", replace(operations._LIMITS, seconds=0.05))
    CompanySignIn.objects.update(issuer="http://127.0.0.1:9")
    assert client.get(BEGIN).status_code == 502


def test_addresses_that_lead_elsewhere_are_not_fetched(
    client: Client, provider: FakeProvider, settings: Any
) -> None:
    provider.about = {"token_endpoint": "http://10.0.0.1/token"}
    assert client.get(BEGIN).status_code == 502
    settings.OTKLIK = replace(settings.OTKLIK, fetch_private=False)
    cache.clear()
    assert client.get(BEGIN).status_code == 502


def test_what_comes_back_counts_for_the_browser_that_began_and_once(
    client: Client, provider: FakeProvider
) -> None:
    address = client.get(BEGIN)["Location"]
    carried = provider.lets_in(address, VERA)
    assert Client().get(BACK, carried).status_code == 400
    assert client.get(BACK, {**carried, "state": "x"}).status_code == 400
    kept = client.cookies["otklik_portal_company"].value
    assert client.get(BACK, carried).status_code == 302
    client.cookies["otklik_portal_company"] = kept
    assert client.get(BACK, carried).status_code == 400


def test_a_code_of_another_provider_is_not_handed_to_this_one(client: Client, provider: FakeProvider) -> None:
    """Mix-up: the answer says which provider it is from (RFC 9207)."""
    carried = provider.lets_in(client.get(BEGIN)["Location"], VERA)
    assert client.get(BACK, {**carried, "iss": "https://honest.example"}).status_code == 400
    assert "/token" not in provider.calls
    assert client.get(BACK, {**carried, "iss": provider.issuer}).status_code == 302


def test_a_refusal_of_the_provider_is_told(client: Client, provider: FakeProvider) -> None:
    address = client.get(BEGIN)["Location"]
    state = provider.lets_in(address, VERA)["state"]
    odd = {"state": state, "error": "access_denied", "error_description": "<script>alert(1)</script>"}
    response = client.get(BACK, odd)
    assert response.status_code == 400
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("key", ["none", "x" * 400, "é"])
def test_there_is_no_sign_in_by_a_key_nobody_has(client: Client, world: World, key: str) -> None:
    assert client.get(f"{BACK}{key}/").status_code == 404


def test_a_sign_in_that_was_switched_off_leads_nowhere(client: Client, provider: FakeProvider) -> None:
    CompanySignIn.objects.update(is_active=False)
    assert client.get(BEGIN).status_code == 404
