"""Links that anybody may answer at: made, printed, shown inside pages of others."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.events.models import Event
from otklik.feedback.models import Response, Survey, SurveyLink, SurveyVersion
from otklik.feedback.rules.hosts import BadHost, read_hosts
from otklik.feedback.tests.invited import link_of
from tests.world import NOW, World


@pytest.fixture
def anna(client: Client, world: World) -> Client:
    client.force_login(world.anna)
    return client


def test_a_link_is_made_answered_and_its_answers_are_counted(
    anna: Client, world: World, version: SurveyVersion
) -> None:
    page = f"/surveys/{version.survey_id}/links/"
    made = anna.post(page, {"name": "Stand", "hosts": "partner.example\nhttps://Other.Example:8443/page"})
    assert made.status_code == 302
    link = SurveyLink.objects.get()
    assert link.hosts == ["https://partner.example", "https://other.example:8443"]
    assert link.created_by == world.anna
    assert Event.objects.get(kind="link.created").data["link"] == link.pk
    for key in ("a" * 20, "b" * 20):
        body = json.dumps({"score": 9, "gesture": "key", "key": key})
        Client().post(
            f"/s/{link.slug}/", body, content_type="application/json", headers={"X-Otklik-Answer": "1"}
        )
    Client().get(f"/s/{link.slug}/?s=3")
    assert Response.objects.count() == 2
    shown = anna.get(page).text
    assert "1 answer," in shown
    assert "1 more set aside" in shown
    assert f"/s/{link.slug}/embed.js" in shown


def test_the_code_is_a_picture_of_the_address(anna: Client, world: World, version: SurveyVersion) -> None:
    link = link_of(world, version)
    found = anna.get(f"/surveys/{version.survey_id}/links/{link.pk}/code.svg?download=1")
    assert found["Content-Type"] == "image/svg+xml"
    assert f"survey-{link.slug}.svg" in found["Content-Disposition"]
    assert re.match(
        r'<svg [^>]+><path fill="#fff" [^>]+/><path fill="#000" d="(M\d+ \d+h\d+v1H\d+z)+"/></svg>',
        found.text,
    )


def test_a_link_is_changed_and_closed(anna: Client, world: World, version: SurveyVersion) -> None:
    link = link_of(world, version)
    page = f"/surveys/{version.survey_id}/links/{link.pk}/"
    assert (
        anna.post(page, {"name": "Hall", "closes_at": "2026-03-01T10:00", "is_shared": "on"}).status_code
        == 302
    )
    link.refresh_from_db()
    assert (link.name, link.is_shared, link.closes_at is not None) == ("Hall", True, True)
    assert Client().get(f"/s/{link.slug}/").status_code == 410
    assert anna.get(f"/surveys/{version.survey_id + 1}/links/{link.pk}/").status_code == 404
    assert anna.post(page, {"name": ""}).status_code == 422


def test_an_archived_survey_gets_no_links(anna: Client, version: SurveyVersion) -> None:
    Survey.objects.update(archived_at=NOW)
    assert anna.post(f"/surveys/{version.survey_id}/links/", {"name": "x"}).status_code == 422
    assert not SurveyLink.objects.exists()


def test_only_those_who_run_surveys_make_links(client: Client, world: World, version: SurveyVersion) -> None:
    client.force_login(world.boris)
    assert client.get(f"/surveys/{version.survey_id}/links/").status_code == 403


def test_many_links_take_no_more_statements(anna: Client, world: World, version: SurveyVersion) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            anna.get(f"/surveys/{version.survey_id}/links/")
        return len(found)

    link_of(world, version)
    statements()
    few = statements()
    for _ in range(5):
        link_of(world, version)
    assert statements() == few


@pytest.mark.parametrize(
    "text",
    ["*", "javascript:alert(1)", "https://*.example", "https://a;script-src", "'self'", "ftp://x.example"],
)
def test_what_is_no_site_does_not_get_into_a_header(text: str) -> None:
    with pytest.raises(BadHost):
        read_hosts(text)


def test_sites_are_read_as_people_write_them() -> None:
    assert read_hosts("") == []
    assert read_hosts(" партнёр.рф https://x.example/a?b  https://x.example ") == [
        "https://xn--80a0aefbk0i.xn--p1ai", "https://x.example",
    ]  # fmt: skip
