from __future__ import annotations

import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.house import House


@pytest.mark.parametrize(
    ("language", "welcome", "go", "hello"),
    [
        ("en", "Welcome to Otklik", "Make the administrator and sign in", "Hello, Irina"),
        ("ru", "Добро пожаловать в Otklik", "Создать администратора и войти", "Здравствуйте, Irina"),
    ],
)
def test_the_first_visitor_becomes_the_administrator(
    empty_house: House, open_page: OpenPage, language: str, welcome: str, go: str, hello: str
) -> None:
    page = open_page(empty_house, language=language)
    page.goto(empty_house("/staff/"))
    expect(page.get_by_role("heading", name=welcome)).to_be_visible()
    page.locator("#id_name").fill("Irina Orlova")
    page.locator("#id_email").fill("irina@example.com")
    page.locator("#id_password").fill("correct horse battery")
    page.get_by_role("button", name=go).click()
    expect(page.get_by_role("heading", name=hello)).to_be_visible()
    page.goto(empty_house("/staff/"))
    expect(page.get_by_role("link", name="Irina Orlova")).to_be_visible()
    page.goto(empty_house("/start/"))
    expect(page.locator("#id_password")).to_be_hidden()


def test_of_two_who_start_at_once_one_becomes_the_administrator(empty_house: House) -> None:
    visitors = [_Visitor(empty_house, f"visitor{number}@example.com") for number in range(4)]
    threads = [threading.Thread(target=visitor.send) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    landed = sorted(urllib.parse.urlsplit(visitor.landed).path for visitor in visitors)
    assert landed.count("/") == 1, landed
    assert set(landed) <= {"/", "/account/login/", "/404/"}, landed


class _Visitor:
    def __init__(self, house: House, email: str) -> None:
        self.house, self.email, self.landed = house, email, ""
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = self.browser.open(house("/start/")).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        self.token = token.group(1)

    def send(self) -> None:
        form = {
            "csrfmiddlewaretoken": self.token,
            "name": "Somebody Quick",
            "email": self.email,
            "password": "correct horse battery",
            "language": "en",
            "time_zone": "UTC",
        }
        try:
            answer = self.browser.open(self.house("/start/"), urllib.parse.urlencode(form).encode())
            self.landed = answer.url
        except urllib.error.HTTPError as error:
            self.landed = f"/{error.code}/"
