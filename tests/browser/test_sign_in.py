from __future__ import annotations

import base64
import hmac
import struct
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.browser.house import House
from tests.world import PASSWORD


def test_a_code_from_an_app_is_asked_for_after_the_password(house: House, open_page: OpenPage) -> None:
    page = open_page(house)
    sign_in(page, house, "anna@example.com")
    page.goto(house("/account/2fa/"))
    page.get_by_role("link", name="Switch on").click()
    _prove_it_is_you(page)
    secret = page.locator("#totp_secret").inner_text()
    page.locator("#id_code").fill(_code(secret))
    page.get_by_role("button", name="Switch on").click()
    page.wait_for_url(house("/account/2fa/recovery-codes/"))
    recovery = page.locator("#recovery_codes li").first.inner_text()

    other = open_page(house, language="ru", phone=True)
    sign_in(other, house, "anna@example.com")
    expect(other.get_by_role("heading", name="Ещё один шаг")).to_be_visible()
    other.locator("#id_code").fill("000000")
    other.get_by_role("button", name="Войти").click()
    expect(other.locator(".invalid-feedback")).to_be_visible()
    other.locator("#id_code").fill(recovery)
    other.get_by_role("button", name="Войти").click()
    expect(other.get_by_role("heading", name="Hello, Anna")).to_be_visible()


def test_a_passkey_is_registered_and_signs_in_without_a_password(house: House, open_page: OpenPage) -> None:
    page = open_page(house)
    _virtual_authenticator(page)
    sign_in(page, house, "boris@example.com")
    page.goto(house("/account/2fa/"))
    page.get_by_role("link", name="Add a passkey").click()
    _prove_it_is_you(page)
    page.locator("#id_name").fill("Laptop")
    page.locator("#id_passwordless").check()
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    page.goto(house("/account/2fa/webauthn/"))
    expect(page.get_by_role("cell", name="Laptop")).to_be_visible()

    page.locator(".user-button").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(house("/account/login/"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(house("/"))
    expect(page.get_by_role("heading", name="Hello, Boris")).to_be_visible()


def test_the_sixth_wrong_password_is_told_when_to_try_again(house: House, open_page: OpenPage) -> None:
    page = open_page(house, language="ru")
    page.goto(house("/account/login/"))
    for _ in range(6):
        page.locator("#id_login").fill("guess@example.com")
        page.locator("#id_password").fill("not the password")
        with page.expect_navigation():
            page.locator("#id_password").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Попробуйте снова через 5 минут.")


def _prove_it_is_you(page: Page) -> None:
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(lambda url: "reauthenticate" not in url)


def _code(secret: str) -> str:
    """RFC 6238: six digits for this half minute."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def _virtual_authenticator(page: Page) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
