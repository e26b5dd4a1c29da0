"""A partner's person adds a passkey to their page and comes in by it; a page of theirs can be taken along."""

from __future__ import annotations

import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.house import House
from tests.browser.test_portal_money import vera_holds  # noqa: F401
from tests.browser.test_sign_in import _virtual_authenticator


@pytest.mark.parametrize(("language", "phone"), [("en", False), ("ru", True)])
def test_a_passkey_opens_the_portal_without_any_typing(
    house: House,
    vera_holds: str,  # noqa: F811
    open_page: OpenPage,
    language: str,
    phone: bool,
) -> None:
    page = open_page(house, language=language, phone=phone)
    _virtual_authenticator(page)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": house.url}])
    cookie = {"name": "otklik_portal", "value": vera_holds, "url": house("/portal/")}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(house("/portal/me/"))
    add = page.locator("form[data-passkey=create]")
    add.locator("[name=name]").fill(f"Key {language}")
    add.locator("button[type=submit]").click()
    expect(page.locator("#messages .alert-success")).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"Key {language}")

    page.context.clear_cookies(name="otklik_portal")
    page.goto(house("/portal/me/"))
    expect(page).to_have_url(house("/portal/sign-in/?next=%2Fportal%2Fme%2F"))
    page.locator("form[data-passkey=get] button").click()
    expect(page).to_have_url(house("/portal/me/"))
    expect(page.locator(".portal-list .tone-good").first).to_be_visible()

    with page.expect_download() as taken:
        page.locator("form[action$='/me/data/'] button").click()
    with zipfile.ZipFile(taken.value.path()) as file:
        assert "Vera Orlova" in file.read("data.json").decode()
        assert f"Key {language}" in file.read("data.html").decode()
