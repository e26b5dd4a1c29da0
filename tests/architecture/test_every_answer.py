"""What every answer carries, and what no request gets in with."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.world import World


@pytest.fixture
def signed_in(world: World) -> Client:
    client = Client()
    client.force_login(world.anna)
    return client


def test_no_page_stays_in_a_browser_after_signing_out(signed_in: Client, world: World) -> None:
    for address in ("/partners/", f"/contacts/{world.vera.pk}/", "/partners/export.csv", "/nope/"):
        assert signed_in.get(address).headers["Cache-Control"] == "private, no-store"


def test_drawings_and_scripts_may_be_kept(client: Client, db: None) -> None:
    response = client.get("/static/otklik/theme.js")
    response.close()
    assert "no-store" not in response.headers["Cache-Control"]


def test_every_answer_forbids_foreign_and_inline_script(signed_in: Client) -> None:
    policy = signed_in.get("/partners/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_nul_in_an_address_is_a_bad_request_whatever_the_database(signed_in: Client) -> None:
    assert signed_in.get("/partners/?tier=%00").status_code == 400
    assert signed_in.get("/nps/?segment=a%00b").status_code == 400
