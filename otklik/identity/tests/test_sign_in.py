from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client, override_settings

from otklik.identity.models import User
from otklik.jobs.models import OutgoingMail
from tests.world import PASSWORD, World


def attempt(email: str, password: str, *, client: Client | None = None) -> str:
    """What the page says after one try at signing in; "in" where it worked."""
    client = client or Client()
    answer = client.post("/account/login/", {"login": email, "password": password})
    return "in" if answer.status_code == 302 else answer.content.decode()


def test_an_address_and_its_password_open_the_door_in_whatever_letters(world: World) -> None:
    assert attempt("Anna@Example.com", PASSWORD) == "in"
    assert "do not go together" in attempt("anna@example.com", "wrong password")
    assert "do not go together" in attempt("nobody@example.com", PASSWORD)


def test_the_sixth_attempt_waits_even_with_the_right_password_and_another_browser(world: World) -> None:
    for _ in range(5):
        assert "do not go together" in attempt("anna@example.com", "wrong password")
    refusal = attempt("anna@example.com", PASSWORD, client=Client())
    assert "Too many wrong attempts. Try again in 5 minutes." in refusal
    assert attempt("boris@example.com", PASSWORD) == "in", "others are not shut out with them"


def test_attempts_are_counted_where_every_process_sees_them(world: World) -> None:
    attempt("anna@example.com", "wrong password")
    elsewhere = DatabaseCache("otklik_cache", {})
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM otklik_cache WHERE cache_key LIKE '%login_failed%'")
        names = [row[0].split(":", 2)[2] for row in cursor.fetchall()]
    assert names
    assert all(len(elsewhere.get(name)) == 1 for name in names)


def test_the_header_that_visitors_write_themselves_does_not_reset_the_count(world: World) -> None:
    for number in range(5):
        Client().post(
            "/account/login/",
            {"login": "anna@example.com", "password": "wrong password"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
    assert "Too many wrong attempts" in attempt("anna@example.com", PASSWORD)


def test_deactivated_people_do_not_get_in(world: World) -> None:
    User.objects.filter(pk=world.boris.pk).update(is_active=False)
    assert attempt("boris@example.com", PASSWORD) == "in"  # allauth leads them to the page that says why
    client = Client()
    answer = client.post("/account/login/", {"login": "boris@example.com", "password": PASSWORD}, follow=True)
    assert "You can no longer sign in" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_nobody_signs_up(world: World, client: Client) -> None:
    page = client.get("/account/signup/")
    assert "By invitation only" in page.content.decode()
    form = {"email": "me@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/signup/", form)
    assert not User.objects.filter(email="me@example.com").exists()


@override_settings(EMAIL_BACKEND="otklik.jobs.mail_backend.QueuedMail")
def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(world: World, client: Client) -> None:
    client.post("/account/password/reset/", {"email": "anna@example.com"})
    text = OutgoingMail.objects.get().message["text"]
    found = re.search(r"http\S+/account/password/reset/key/\S+", text)
    assert found
    assert found.group().startswith("http://localhost:"), "the installation's own address, not the request's"
    path = urlsplit(found.group()).path
    form = client.get(path, follow=True)
    chosen = {"password1": "another fine phrase", "password2": "another fine phrase"}
    client.post(form.redirect_chain[-1][0], chosen)
    assert attempt("anna@example.com", "another fine phrase") == "in"
    assert "no longer works" in Client().get(path, follow=True).content.decode()


@pytest.mark.parametrize("email", ["anna@example.com", "nobody@example.com"])
def test_the_page_does_not_tell_whether_an_address_is_known(world: World, client: Client, email: str) -> None:
    answer = client.post("/account/password/reset/", {"email": email}, follow=True)
    assert "If the address belongs to somebody on the staff" in answer.content.decode()


def test_russian_staff_read_their_pages_in_russian(world: World) -> None:
    User.objects.filter(pk=world.anna.pk).update(language="ru")
    client = Client()
    client.force_login(world.anna)
    assert "Вход и безопасность" in client.get("/account/2fa/").content.decode()
