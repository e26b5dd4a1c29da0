"""A token opens what its scopes and its owner allow, until it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from otklik.api.models import ApiToken
from otklik.api.operations.tokens import NoScope, TooLong, create_token, recognise_token, revoke_token
from otklik.api.rules.scopes import Scope
from otklik.events.models import Event
from otklik.events.operations.deliver import deliver_batch
from otklik.events.public import Actor
from otklik.identity.operations.staff import deactivate_user, reactivate_user
from otklik.kit.clock import now
from tests.world import World


def test_only_a_digest_is_kept(world: World) -> None:
    at = now()
    token, secret = create_token(
        owner=world.root, name="crm", scopes=[Scope.PARTNERS_READ], expires_at=at + timedelta(days=1),
        by=Actor.person(world.root.pk), at=at,
    )  # fmt: skip
    assert secret not in str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert recognise_token(secret, at=at) == token


def test_a_token_without_scope_or_without_end_is_not_made(world: World) -> None:
    at = now()
    with pytest.raises(NoScope):
        create_token(owner=world.root, name="x", scopes=[], expires_at=at, by=Actor.system(), at=at)
    with pytest.raises(TooLong):
        create_token(
            owner=world.root, name="x", scopes=[Scope.PARTNERS_READ], expires_at=at + timedelta(days=400),
            by=Actor.system(), at=at,
        )  # fmt: skip


def test_an_expired_a_revoked_and_an_orphaned_token_open_nothing(world: World) -> None:
    at = now()

    def make() -> tuple[ApiToken, str]:
        return create_token(
            owner=world.anna, name="x", scopes=[Scope.PARTNERS_READ], expires_at=at + timedelta(days=1),
            by=Actor.system(), at=at,
        )  # fmt: skip

    _first, expired = make()
    assert recognise_token(expired, at=at + timedelta(days=1)) is None
    token, revoked = make()
    revoke_token(token=token, by=Actor.system(), at=at)
    assert recognise_token(revoked, at=at) is None
    _third, orphaned = make()
    world.anna.deactivate()
    world.anna.save()
    assert recognise_token(orphaned, at=at) is None
    assert recognise_token("otk_guess", at=at) is None


def test_who_was_deactivated_and_comes_back_begins_with_new_tokens(
    world: World,
) -> None:
    at, by = now(), Actor.person(world.root.pk)

    def make(moment: datetime) -> str:
        return create_token(
            owner=world.anna, name="x", scopes=[Scope.PARTNERS_READ], expires_at=moment + timedelta(days=1),
            by=by, at=moment,
        )[1]  # fmt: skip

    stolen = make(at)
    deactivate_user(user=world.anna, by=by, at=at)
    deliver_batch(Event.objects.get(kind="user.deactivated").batch_id)
    reactivate_user(user=world.anna, by=by, at=at)
    assert recognise_token(stolen, at=at) is None
    later = at + timedelta(seconds=1)
    assert recognise_token(make(later), at=later) is not None


def test_a_missing_token_is_401_and_a_missing_scope_403(
    world: World, client: Client, api_as: Callable[..., Client]
) -> None:
    answer = client.get("/api/v1/partners")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    other = api_as(world.root, Scope.FEEDBACK_READ).get("/api/v1/partners")
    assert other.status_code == 403
    assert "partners:read" in other.json()["message"]


def test_a_token_never_allows_more_than_its_owner(world: World, api_as: Callable[..., Client]) -> None:
    stranger = api_as(world.stranger)
    assert stranger.get("/api/v1/partners").status_code == 403
    clara = api_as(world.clara)
    assert [p["name"] for p in clara.get("/api/v1/partners").json()["items"]] == ["Borealis"]
    assert clara.get(f"/api/v1/partners/{world.aurora.pk}").status_code == 404
    assert clara.get(f"/api/v1/contacts/{world.vera.pk}").status_code == 404
    assert clara.post("/api/v1/partners", {}, "application/json").status_code == 403


def test_the_secret_is_shown_once(world: World, client: Client) -> None:
    client.force_login(world.root)
    page = client.post(reverse("tokens"), {"name": "CRM", "scopes": ["partners:read"], "days": "30"})
    assert page.headers["Cache-Control"] == "no-store"
    assert b"otk_" in page.content
    secret = page.context["secret"]
    assert secret not in client.get(reverse("tokens")).content.decode()


def test_only_an_administrator_makes_and_revokes_tokens(world: World, client: Client) -> None:
    client.force_login(world.anna)
    assert client.get(reverse("tokens")).status_code == 403
    client.force_login(world.root)
    client.post(reverse("tokens"), {"name": "CRM", "scopes": ["partners:read"], "days": "30"})
    token = ApiToken.objects.get()
    client.post(reverse("token_revocation", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at is not None
