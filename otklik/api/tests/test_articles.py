"""The API tells the figure that the page tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from otklik.api.rules.scopes import Scope
from otklik.events.public import Actor
from otklik.knowledge.models import KnowledgeFigures
from otklik.knowledge.operations.articles import Settings, create_article, publish_article
from otklik.knowledge.rules.deflection import Deflection
from tests.world import World

ApiAs = Callable[..., Client]
URL = "/api/v1/articles/deflection"


@pytest.mark.django_db
def test_deflection_is_told_as_it_was_stored(world: World, api_as: ApiAs) -> None:
    client = api_as(world.anna, Scope.TICKETS_READ)
    empty: Any = client.get(URL).json()
    assert (empty["computed_at"], empty["counted"], empty["share"]) == (None, 0, None)

    told = Deflection(counted=10, solved=8, company=7, pending=3).as_data()
    KnowledgeFigures.objects.create(computed_at=world.now, deflection=told)
    shown = client.get(URL).json()
    assert {name: shown[name] for name in told} == told
    assert api_as(world.stranger, Scope.TICKETS_READ).get(URL).status_code == 403
    assert api_as(world.anna, Scope.PARTNERS_READ).get(URL).status_code == 403


@pytest.mark.django_db
def test_articles_are_read_as_staff_read_them(world: World, api_as: ApiAs) -> None:
    by, at = Actor.system(), world.now
    out, draft = (
        create_article(language="en", title=title, body="On the **tenth**", settings=Settings(), by=by, at=at)
        for title in ("Out", "Draft")
    )
    publish_article(article_id=out.pk, by=by, at=at)
    writer, reader = (api_as(one, Scope.ARTICLES_READ) for one in (world.dmitri, world.boris))
    shown: Any = reader.get("/api/v1/articles").json()
    assert [(one["slug"], one["texts"][0]["title"]) for one in shown["items"]] == [("out", "Out")]
    assert len(writer.get("/api/v1/articles").json()["items"]) == 2
    assert reader.get(f"/api/v1/articles/{out.pk}").json()["texts"][0]["body"] == "On the **tenth**"
    assert reader.get(f"/api/v1/articles/{draft.pk}").status_code == 404
    assert reader.get("/api/v1/articles?state=archived").json()["items"] == []
    assert api_as(world.boris, Scope.MONEY_READ).get("/api/v1/articles").status_code == 403
