"""Coming in by a link from one's mailbox or by a password, and what others cannot do with either."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from otklik.events.models import Event
from otklik.jobs.models import OutgoingMail
from otklik.kit.clock import now
from otklik.partners.models import Address, Contact
from otklik.portal import jobs
from otklik.portal.models import PortalAccount, PortalSession, PortalSettings, SignInLink
from otklik.portal.operations import links
from otklik.portal.tests.people import account_of, sign_in
from otklik.portal.web.guard import COOKIE
from tests.world import World, make_contact

ASK, PASSWORD = "/portal/sign-in/link/", "/portal/sign-in/password/"


@pytest.fixture(autouse=True)
def _jobs_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "async_task", lambda _name, *args: jobs.send_link(*args))


def asked(client: Client, address: str = "vera@aurora.example", wanted: str = "") -> str:
    """The way that the mail shows; empty where there is none."""
    response = client.post(ASK, {"email": address, "next": wanted})
    assert response.headers["Location"] == "/portal/sign-in/sent/"
    mail = OutgoingMail.objects.order_by("pk").last()
    found = re.search(r"/portal/sign-in/with/\S+/", mail.message["text"]) if mail else None
    return found[0] if found else ""


def signed_in_as(client: Client) -> str | None:
    page = client.get("/portal/")
    return page.context["request"].person.contact.name if page.status_code == 200 else None


def test_a_link_from_the_mailbox_signs_in_and_leads_where_one_wanted_to_go(
    client: Client, world: World
) -> None:
    way = asked(client, " Vera@Aurora.example ", "/portal/?x=1")
    page = client.get(way)
    assert page.context["opened"].is_same_browser
    assert signed_in_as(client) is None
    response = client.post(way, {"contact": world.vera.pk}, headers={"User-Agent": "Firefox on Linux"})
    assert response.headers["Location"] == "/portal/?x=1"
    assert signed_in_as(client) == "Vera Orlova"
    assert PortalSession.objects.get().device == "Firefox, Linux"
    event = Event.objects.get(kind="account.signed_in")
    assert (event.actor_kind, event.actor_id, event.data) == ("contact", world.vera.pk, {"way": "link"})


def test_an_address_we_do_not_know_gets_the_same_answer_and_no_mail(client: Client, world: World) -> None:
    assert asked(client, "nobody@elsewhere.example") == ""
    assert not SignInLink.objects.exists()
    known, unknown = Client(), Client()
    pages = [
        one.post(ASK, {"email": address}, follow=True).content
        for one, address in ((known, "vera@aurora.example"), (unknown, "x@elsewhere.example"))
    ]
    hidden = [re.sub(rb'value="[^"]{60,}"|"X-CSRFToken": "\w+"', b"", page) for page in pages]
    assert hidden[0] == hidden[1]


def test_neither_address_nor_key_lie_readable_in_the_database(client: Client, world: World) -> None:
    way = asked(client)
    link = SignInLink.objects.get()
    kept = " ".join(str(value) for value in vars(link).values())
    assert "aurora" not in kept
    assert way.split("/")[-2] not in kept


def test_programs_that_open_every_link_of_a_mail_use_none_up(client: Client, world: World) -> None:
    way = asked(client)
    scanner = Client()
    for _ in range(3):
        assert not scanner.get(way).context["opened"].is_same_browser
        scanner.head(way)
    assert client.post(way, {"contact": world.vera.pk}).status_code == 302


def test_a_link_opened_on_another_device_asks_first(client: Client, world: World) -> None:
    way, phone = asked(client), Client()
    page = phone.get(way).content.decode()
    assert "another browser" in page
    assert "data-at-once" not in page
    phone.post(way, {"contact": world.vera.pk})
    assert signed_in_as(phone) == "Vera Orlova"


@pytest.mark.parametrize("why", ["used", "late", "false", "left", "moved", "withdrawn"])
def test_a_link_that_works_no_more_says_so_and_offers_another(client: Client, world: World, why: str) -> None:
    way = asked(client)
    if why == "used":
        Client().post(way, {"contact": world.vera.pk})
    elif why == "late":
        SignInLink.objects.update(expires_at=now() - timedelta(seconds=1))
    elif why == "false":
        way = "/portal/sign-in/with/none-such/"
    elif why == "left":
        Contact.objects.filter(pk=world.vera.pk).update(is_active=False)
    elif why == "moved":
        Address.objects.filter(contact=world.vera).update(normalised="new@aurora.example")
    else:
        account = account_of(world.vera)
        account.disable(now())
        account.save()
    for response in (client.get(way), client.post(way, {"contact": world.vera.pk})):
        assert response.status_code == 410
        assert ASK in response.content.decode()
    assert COOKIE not in client.cookies


@pytest.mark.parametrize("contact", ["", "0", "x", "9" * 30, "²", "-1"])
def test_a_link_opens_nobody_elses_account(client: Client, world: World, contact: str) -> None:
    way = asked(client)
    for posted in (contact, str(world.gleb.pk)):
        assert client.post(way, {"contact": posted}).status_code == 410
    assert signed_in_as(client) is None


def test_who_works_for_two_partners_says_which_one(client: Client, world: World) -> None:
    other = make_contact(world.borealis, "Vera O.", "vera@aurora.example", "none", "low")  # type: ignore[arg-type]
    way = asked(client)
    page = client.get(way).content.decode()
    assert "Aurora" in page
    assert "Borealis" in page
    assert "data-at-once" not in page
    client.post(way, {"contact": other.pk})
    assert signed_in_as(client) == "Vera O."


def test_where_only_the_invited_come_in_others_get_no_link(client: Client, world: World) -> None:
    PortalSettings.objects.create(pk=1, contacts_come_uninvited=False, changed_at=now())
    account = account_of(world.vera, sees_money=True)
    assert asked(client) == ""
    account.invited_at = now()
    account.save()
    assert asked(client)


def test_mail_is_not_sent_again_by_a_job_that_runs_twice(client: Client, world: World) -> None:
    asked(client)
    link = SignInLink.objects.get()
    jobs.send_link(link.pk, "vera@aurora.example", "en")
    assert OutgoingMail.objects.count() == 1
    assert SignInLink.objects.get().token_hash == link.token_hash


def test_nobodys_mailbox_is_filled_from_outside(client: Client, world: World) -> None:
    for _ in range(4):
        asked(client)
    refused = client.post(ASK, {"email": "vera@aurora.example"})
    assert refused.status_code == 429
    assert OutgoingMail.objects.count() == 4
    assert client.post(ASK, {"email": "unknown@aurora.example"}).status_code == 302


@pytest.mark.parametrize("address", ["", "x", "a@b@c", "<script>alert(1)</script>@x.example", "é" * 300])
def test_odd_addresses_are_refused_kindly(client: Client, world: World, address: str) -> None:
    response = client.post(ASK, {"email": address})
    assert response.status_code == 422
    assert b"<script>alert" not in response.content


def chosen(contact: Contact, password: str = "a long enough one") -> PortalAccount:
    account = account_of(contact)
    account.password = make_password(password)
    account.save()
    return account


def test_a_password_signs_in_where_it_is_the_right_one(client: Client, world: World) -> None:
    chosen(world.vera)
    said = {"email": "VERA@aurora.example", "password": "a long enough one", "next": "//evil.example"}
    assert client.post(PASSWORD, said).headers["Location"] == "/portal/"
    assert signed_in_as(client) == "Vera Orlova"


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("vera@aurora.example", "wrong one"),
        ("gleb@aurora.example", ""),
        ("gleb@aurora.example", "nobody"),
        ("nobody@aurora.example", "a long enough one"),
    ],
)
def test_what_does_not_go_together_says_the_same(
    client: Client, world: World, address: str, password: str
) -> None:
    """Gleb has an account without a password: an empty one is not it."""
    chosen(world.vera)
    account_of(world.gleb)
    response = client.post(PASSWORD, {"email": address, "password": password})
    assert response.status_code == 422
    assert COOKIE not in client.cookies


def test_an_account_that_was_withdrawn_has_no_password(client: Client, world: World) -> None:
    account = chosen(world.vera)
    account.disable(now())
    account.save()
    said = {"email": "vera@aurora.example", "password": "a long enough one"}
    assert client.post(PASSWORD, said).status_code == 422


def test_guessing_passwords_ends_soon(client: Client, world: World) -> None:
    chosen(world.vera)
    said = {"email": "vera@aurora.example", "password": "wrong"}
    answers = [client.post(PASSWORD, said).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    right = {**said, "password": "a long enough one"}
    assert client.post(PASSWORD, right).status_code == 429


def test_one_password_for_two_partners_asks_which(client: Client, world: World) -> None:
    other = make_contact(world.borealis, "Vera O.", "vera@aurora.example", "none", "low")  # type: ignore[arg-type]
    chosen(world.vera)
    account = chosen(other)
    page = client.post(PASSWORD, {"email": "vera@aurora.example", "password": "a long enough one"})
    assert signed_in_as(client) is None
    choice = page.context["choice"]
    stranger = account_of(world.gleb)
    assert (
        client.post("/portal/sign-in/which/", {"choice": choice, "account": stranger.pk}).status_code == 410
    )
    assert client.post("/portal/sign-in/which/", {"choice": "x" + choice, "account": 1}).status_code == 410
    client.post("/portal/sign-in/which/", {"choice": choice, "account": account.pk})
    assert signed_in_as(client) == "Vera O."


def test_a_key_planted_before_signing_in_opens_nothing_afterwards(client: Client, world: World) -> None:
    thief = Client()
    sign_in(thief, world.gleb)
    client.cookies[COOKIE] = thief.cookies[COOKIE].value
    way = asked(client)
    client.post(way, {"contact": world.vera.pk})
    assert client.cookies[COOKIE].value != thief.cookies[COOKIE].value
    assert signed_in_as(client) == "Vera Orlova"
    assert signed_in_as(thief) is None


def test_the_cookie_stays_in_the_portal_and_out_of_scripts(
    client: Client, world: World, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    way = asked(client)
    client.post(way, {"contact": world.vera.pk})
    cookie = client.cookies[COOKIE]
    flags = ("path", "httponly", "samesite", "secure")
    assert [cookie[flag] for flag in flags] == ["/portal/", True, "Lax", True]


@pytest.mark.parametrize("address", [ASK, PASSWORD, "/portal/sign-out/", "/portal/sign-in/which/"])
def test_forms_of_the_door_are_not_sent_by_other_sites(world: World, address: str) -> None:
    assert Client(enforce_csrf_checks=True).post(address, {}).status_code == 403
