from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, sign_in
from tests.browser.house import House


def test_a_token_opens_the_api_until_it_is_revoked(house: House, open_page: OpenPage) -> None:
    page = open_page(house)
    sign_in(page, house, "root@example.com")
    page.get_by_role("navigation").get_by_role("link", name="API tokens").click()
    page.get_by_label("What is it for?").fill("CRM export")
    page.get_by_role("group", name="It may").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Make token").click()
    secret = page.get_by_label("New token").input_value()
    status, partners = call(house, secret)
    assert (status, sorted(row["name"] for row in partners["items"])) == (200, ["Aurora", "Borealis"])
    page.get_by_role("navigation").get_by_role("link", name="API tokens").click()
    expect(page.get_by_label("New token")).to_be_hidden()  # shown once

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("row", name="CRM export").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No tokens yet")).to_be_visible()
    assert call(house, secret)[0] == 401


def call(house: House, secret: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {secret}"}
    request = urllib.request.Request(house("/api/v1/partners?program=north"), headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, None
