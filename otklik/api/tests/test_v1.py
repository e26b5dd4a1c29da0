"""Rows in and out over REST, and the same figures as on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from otklik.feedback.public import Response, Survey
from otklik.identity.models import RoleGrant
from otklik.identity.public import Role
from otklik.partners.public import Contact, Partner
from tests.world import NOW, World

ApiAs = Callable[..., Client]


def post(client: Client, url: str, body: dict[str, Any]) -> Any:
    return client.post(url, body, "application/json")


def answers(world: World, scores: list[int], key: str = "crm") -> dict[str, Any]:
    rows = [
        {
            "source_key": f"{key}-{place}",
            "partner_id": world.aurora.pk,
            "contact_id": world.vera.pk,
            "score": score,
            "responded_at": "2026-02-10T10:00:00+00:00",
        }
        for place, score in enumerate(scores)
    ]
    return {"program": "north", "survey": "From the CRM", "rows": rows}


def test_the_same_partners_twice_are_stored_once(world: World, api_as: ApiAs) -> None:
    client = api_as(world.root)
    body = {"program": "north", "rows": [{"name": "Comet", "external_id": "C1", "country": "DE"}]}
    assert [r["result"] for r in post(client, "/api/v1/partners", body).json()["rows"]] == ["created"]
    assert [r["result"] for r in post(client, "/api/v1/partners", body).json()["rows"]] == ["unchanged"]
    assert Partner.objects.filter(external_id="C1").count() == 1


def test_a_row_that_cannot_be_stored_says_why_and_leaves_the_others(world: World, api_as: ApiAs) -> None:
    body = {"program": "north", "rows": [{"name": "Comet", "country": "Narnia"}, {"name": "Halley"}]}
    rows = post(api_as(world.root), "/api/v1/partners", body).json()["rows"]
    assert [row["result"] for row in rows] == ["failed", "created"]
    assert rows[0]["field"] == "country"


def test_contacts_find_their_partner(world: World, api_as: ApiAs) -> None:
    body = {
        "program": "north",
        "rows": [
            {
                "name": "Zoya",
                "partner_name": "Aurora",
                "emails": ["zoya@aurora.example"],
                "authority": "final",
            }
        ],
    }
    row = post(api_as(world.root), "/api/v1/contacts", body).json()["rows"][0]
    assert Contact.objects.get(pk=row["id"]).role == "decision_maker"


def test_an_unknown_word_or_field_is_named(world: World, api_as: ApiAs) -> None:
    client = api_as(world.root)
    unknown = post(
        client, "/api/v1/partners", {"program": "north", "rows": [{"name": "A", "status": "gone"}]}
    )
    assert unknown.status_code == 422
    assert "active" in unknown.json()["message"]
    misspelt = post(client, "/api/v1/partners", {"program": "north", "rows": [{"nmae": "A"}]})
    assert misspelt.status_code == 422
    assert "nmae" in misspelt.json()["where"]


def test_answers_are_stored_once_and_the_figure_is_that_of_the_report(world: World, api_as: ApiAs) -> None:
    client = api_as(world.root)
    body = answers(world, [10, 10, 9, 9, 10, 8, 3, 6])
    assert {r["result"] for r in post(client, "/api/v1/responses", body).json()["rows"]} == {"stored"}
    assert {r["result"] for r in post(client, "/api/v1/responses", body).json()["rows"]} == {"skipped"}
    assert Response.objects.count() == 8
    figure = client.get("/api/v1/nps?first_day=2026-01-01&last_day=2026-03-31&by=role").json()
    assert (figure["n"], figure["promoters"], figure["detractors"]) == (8, 5, 2)
    assert figure["nps"] == 37.5
    low, high = figure["interval"]
    assert low < 37.5 < high
    assert [(s["value"], s["n"]) for s in figure["segments"]] == [("decision_maker", 8)]


def test_four_answers_have_no_score(world: World, api_as: ApiAs) -> None:
    client = api_as(world.root)
    post(client, "/api/v1/responses", answers(world, [10, 10, 0, 9]))
    figure = client.get("/api/v1/nps?first_day=2026-01-01&last_day=2026-03-31").json()
    assert figure["n"] == 4
    assert figure["nps"] is None
    assert figure["interval"] is None


def test_answers_of_others_partners_are_out_of_sight(world: World, api_as: ApiAs) -> None:
    post(api_as(world.root), "/api/v1/responses", answers(world, [10, 9, 8, 7, 6]))
    clara = api_as(world.clara)
    assert clara.get("/api/v1/responses").json()["items"] == []
    assert clara.get("/api/v1/nps?first_day=2026-01-01&last_day=2026-03-31").json()["n"] == 0
    assert len(api_as(world.boris).get("/api/v1/responses").json()["items"]) == 5


def test_revenue_is_for_those_who_may_see_it(world: World, api_as: ApiAs) -> None:
    Partner.objects.filter(pk=world.aurora.pk).update(revenue=1000)
    path = f"/api/v1/partners/{world.aurora.pk}"
    assert api_as(world.dmitri).get(path).json()["revenue"] is None
    RoleGrant.objects.create(user=world.dmitri, role=Role.FINANCE, granted_at=NOW)
    world.dmitri.__dict__.pop("roles", None)
    assert float(api_as(world.dmitri).get(path).json()["revenue"]) == 1000


def test_reading_goes_on_where_it_stopped(world: World, api_as: ApiAs) -> None:
    client = api_as(world.root)
    post(client, "/api/v1/responses", answers(world, [10, 9, 8, 7, 6]))
    seen, after = [], ""
    for _ in range(5):
        page = client.get(f"/api/v1/responses?limit=2{after}").json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) == 5
    assert client.get("/api/v1/responses?after=nonsense").status_code == 422
    assert client.get("/api/v1/partners?after=nonsense").status_code == 422


def test_a_score_off_the_scale_is_named(world: World, api_as: ApiAs) -> None:
    refused = post(api_as(world.root), "/api/v1/responses", answers(world, [10, 11]))
    assert refused.status_code == 422
    assert "rows" in refused.json()["where"]
    csat = {**answers(world, [0]), "kind": "csat"}
    assert "1 to 5" in post(api_as(world.root), "/api/v1/responses", csat).json()["message"]
    assert Response.objects.count() == 0


def test_a_call_that_fails_leaves_no_empty_survey(
    world: World, api_as: ApiAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError("the disk is full")

    client = api_as(world.root)
    monkeypatch.setattr("otklik.api.operations.answers.record_responses", fail)
    with pytest.raises(RuntimeError, match="disk"):
        post(client, "/api/v1/responses", answers(world, [10]))
    assert not Survey.objects.filter(name="From the CRM").exists()
