from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from otklik.identity.models import User
from otklik.identity.rules.roles import Role
from otklik.jobs.models import OutgoingMail
from tests.world import PASSWORD, World, make_user


@pytest.fixture
def admin(world: World) -> Client:
    client = Client()
    client.force_login(world.root)
    return client


def add_somebody(admin: Client) -> User:
    form = {"name": "Nora New", "email": "nora@example.com", "language": "ru", "time_zone": "UTC"}
    admin.post("/staff/new/", form | {"roles": ["agent", "lead"]})
    return User.objects.get(email="nora@example.com")


def test_without_mail_the_administrator_hands_over_the_link_and_sees_it_once(admin: Client) -> None:
    nora = add_somebody(admin)
    assert nora.roles == {Role.AGENT, Role.LEAD}
    page = admin.post(f"/staff/{nora.pk}/invitation/", follow=True).content.decode()
    found = re.search(r'value="http://localhost:\d+(/account/password/reset/key/[^"]+)"', page)
    assert found
    assert found.group(1) not in admin.get(f"/staff/{nora.pk}/").content.decode()
    assert not OutgoingMail.objects.exists()

    nora_s = Client()
    form = nora_s.get(found.group(1), follow=True)
    nora_s.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    signed_in = nora_s.post("/account/login/", {"login": "nora@example.com", "password": PASSWORD})
    assert signed_in.status_code == 302


def test_with_mail_the_invitation_goes_out_in_the_language_of_the_person(admin: Client) -> None:
    nora = add_somebody(admin)
    with override_settings(OTKLIK=replace(settings.OTKLIK, mail_url="memory:")):
        admin.post(f"/staff/{nora.pk}/invitation/")
    message = OutgoingMail.objects.get().message
    assert message["to"] == "nora@example.com"
    assert message["subject"] == "Ваш доступ к Otklik"
    assert "/account/password/reset/key/" in message["text"]


def test_the_403_page_says_what_is_missing_and_who_can_help(world: World, client: Client) -> None:
    client.force_login(world.dmitri)
    answer = client.get("/staff/")
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "manage staff" in text
    assert "root@example.com" in text


def test_the_last_administrator_is_told_why_they_stay(world: World, admin: Client) -> None:
    page = admin.post(f"/staff/{world.root.pk}/roles/", {"roles": ["agent"]}, follow=True).content.decode()
    assert "the last administrator" in page
    assert User.objects.get(pk=world.root.pk).roles == {Role.ADMINISTRATOR}


def test_a_person_changes_their_own_details_and_not_their_address(world: World, client: Client) -> None:
    client.force_login(world.boris)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    form = {"name": "Boris B", "language": "ru", "time_zone": "Asia/Tokyo", "email": "x@example.com"}
    page = client.post("/profile/", form, follow=True).content.decode()
    boris = User.objects.get(pk=world.boris.pk)
    assert (boris.name, boris.language, boris.time_zone) == ("Boris B", "ru", "Asia/Tokyo")
    assert boris.email == "boris@example.com"
    assert "Профиль" in page, "the profile's language goes before what was picked on a page earlier"


def test_the_list_finds_by_part_of_a_name_or_address(world: World, admin: Client) -> None:
    page = admin.get("/staff/?q=cla").content.decode()
    assert "Clara Manager" in page
    assert "Boris Manager" not in page


def test_a_longer_list_of_staff_takes_no_more_queries(world: World, admin: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            admin.get("/staff/")
        return len(seen)

    queries()  # the first request of a process asks once whether anybody is there
    before = queries()
    for number in range(10):
        make_user(f"more{number}@example.com", f"More {number}", Role.AGENT, Role.LEAD)
    assert queries() == before


def test_until_somebody_is_there_every_page_leads_to_the_first_run(db: None, client: Client) -> None:
    assert client.get("/staff/")["Location"] == "/start/"
    assert client.get("/account/login/")["Location"] == "/start/"
    assert client.get("/health/").status_code == 200
    assert client.get("/start/").status_code == 200


def test_a_weak_password_is_refused_on_the_first_page(db: None, client: Client) -> None:
    form = {"name": "A", "email": "a@example.com", "password": "12345", "language": "ru", "time_zone": "UTC"}
    assert client.post("/start/", form).status_code == 200
    assert not User.objects.exists()


def test_who_adds_a_person_reads_what_each_role_opens(admin: Client) -> None:
    page = admin.get("/staff/new/").content.decode()
    assert "Sees and exports everything, changes nothing" in page
    assert page.count("form-check-description") == len(Role)
