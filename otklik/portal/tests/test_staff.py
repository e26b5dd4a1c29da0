"""Staff open and close the door, and give it its look."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.jobs.models import OutgoingMail
from otklik.kit.clock import now
from otklik.partners.models import Address, Contact
from otklik.partners.public import erase_contact, merge_contacts
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.portal.models import Branding, CompanySignIn, PortalAccount, PortalSession, PortalSettings
from otklik.portal.tests.people import account_of, sign_in
from otklik.portal.tests.test_colours_and_pictures import PNG
from tests.world import World, make_contact

LOOK = {"name": "Polar", "accent": "#ffe600", "welcome_en": "Hello <b>there</b>", "welcome_ru": "Привет"}


def staff(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(user: User, page: str, *args: int, **data: Any) -> Any:
    return staff(user).post(reverse(page, args=args), data)


@pytest.fixture(autouse=True)
def _mail_is_set_up(settings: Any) -> None:
    from dataclasses import replace

    settings.OTKLIK = replace(django_settings.OTKLIK, mail_url="memory:")


def test_whoever_is_invited_hears_of_it_and_the_page_says_how_it_stands(world: World) -> None:
    page = staff(world.boris).get(reverse("contact", args=[world.vera.pk])).content.decode()
    assert "may come in by mail link" in page
    post(world.boris, "portal-staff-invite", world.vera.pk)
    mail = OutgoingMail.objects.get().message
    assert mail["to"] == "vera@aurora.example"
    assert "/portal/sign-in/" in mail["text"]
    page = staff(world.boris).get(reverse("contact", args=[world.vera.pk])).content.decode()
    assert "invited, not there yet" in page
    assert "Invited to the portal." in page
    event = Event.objects.get(kind="account.invited")
    assert event.actor_id == world.boris.pk
    assert event.data == {}


def test_withdrawn_access_ends_at_once_and_comes_back_with_an_invitation(world: World) -> None:
    vera = Client()
    sign_in(vera, world.vera)
    post(world.boris, "portal-staff-withdraw", world.vera.pk)
    assert vera.get("/portal/me/").status_code == 302
    assert not PortalSession.objects.exists()
    page = staff(world.boris).get(reverse("contact", args=[world.vera.pk])).content.decode()
    assert "access withdrawn" in page
    post(world.boris, "portal-staff-invite", world.vera.pk)
    sign_in(vera, world.vera)
    assert vera.get("/portal/me/").status_code == 200


def test_a_contact_can_be_kept_out_before_they_ever_came(world: World) -> None:
    post(world.boris, "portal-staff-withdraw", world.vera.pk)
    assert PortalAccount.objects.get().disabled_at is not None


def test_money_is_shown_to_whom_the_staff_says(world: World) -> None:
    post(world.boris, "portal-staff-money", world.vera.pk, sees_money="on")
    assert PortalAccount.objects.get().sees_money
    post(world.boris, "portal-staff-money", world.vera.pk)
    assert not PortalAccount.objects.get().sees_money
    assert Event.objects.filter(kind="account.changed").count() == 2


def test_somebody_without_an_address_or_gone_is_not_invited(world: World) -> None:
    Address.objects.filter(contact=world.vera).delete()
    Contact.objects.filter(pk=world.gleb.pk).update(is_active=False)
    for contact in (world.vera, world.gleb):
        post(world.boris, "portal-staff-invite", contact.pk)
    assert not PortalAccount.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_whole_company_is_invited_and_shut_out_in_one_go(world: World) -> None:
    everybody = [world.vera.pk, world.gleb.pk]
    post(world.boris, "portal-staff-accounts", world.aurora.pk, contact=everybody, act="invite")
    assert PortalAccount.objects.count() == OutgoingMail.objects.count() == 2
    page = staff(world.boris).get(reverse("portal-staff-accounts", args=[world.aurora.pk]))
    assert page.content.decode().count("invited, not there yet") == 4  # on a telephone elsewhere
    post(world.boris, "portal-staff-accounts", world.aurora.pk, contact=everybody, act="withdraw")
    assert PortalAccount.objects.exclude(disabled_at=None).count() == 2


def test_nobody_touches_accounts_of_partners_that_are_not_theirs(world: World) -> None:
    """Boris manages Aurora, Clara Borealis; Dmitri answers tickets and changes no partner."""
    for name in ("portal-staff-invite", "portal-staff-withdraw", "portal-staff-money"):
        assert post(world.clara, name, world.vera.pk).status_code == 404
        assert post(world.dmitri, name, world.vera.pk).status_code == 403
    smuggled = {"contact": [world.vera.pk, "x", "9" * 30], "act": "invite"}
    post(world.clara, "portal-staff-accounts", world.borealis.pk, **smuggled)
    assert not PortalAccount.objects.exists()


def test_erased_people_have_no_account_and_merged_ones_keep_one(world: World) -> None:
    client = Client()
    sign_in(client, world.vera)
    account_of(world.gleb)
    merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=Actor.person(world.anna.pk), at=now())
    assert PortalAccount.objects.get().contact_id == world.vera.pk
    assert client.get("/portal/me/").status_code == 200
    erase_contact(contact_id=world.vera.pk, by=Actor.person(world.root.pk), at=now())
    assert not PortalAccount.objects.exists()
    assert client.get("/portal/me/").status_code == 302


def test_who_becomes_a_person_of_another_company_does_not_see_its_money(world: World) -> None:
    """Merged with a namesake at the other partner: staff there never said that they see money."""
    target = make_contact(world.borealis, "Vera O.", "v@borealis.example", Authority.FINAL, Influence.HIGH)
    client = Client()
    sign_in(client, world.vera, sees_money=True)
    merge_contacts(source_id=world.vera.pk, target_id=target.pk, by=Actor.person(world.anna.pk), at=now())
    account = PortalAccount.objects.get()
    assert (account.contact_id, account.sees_money) == (target.pk, False)
    assert client.get("/portal/me/").status_code == 302, "whoever is merged into another contact is out"


def test_who_comes_in_uninvited_is_decided_once_for_all(world: World) -> None:
    post(world.anna, "portal-staff-setup")
    assert not PortalSettings.objects.get().contacts_come_uninvited
    page = staff(world.boris).get(reverse("contact", args=[world.vera.pk])).content.decode()
    assert "not invited" in page
    post(world.anna, "portal-staff-setup", uninvited="on")
    assert PortalSettings.objects.get().contacts_come_uninvited


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def logo(data: bytes = PNG, name: str = "logo.png", type_: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, type_)


def test_a_program_wears_its_name_colour_and_logo_at_the_door_and_inside(world: World, files: Path) -> None:
    assert post(world.anna, "portal-staff-look", world.program.pk, **LOOK, logo=logo()).status_code == 302
    client = Client()
    door = client.get("/portal/sign-in/").content.decode()
    assert "Hello &lt;b&gt;there&lt;/b&gt;" in door
    assert "Polar" in door
    assert "--tblr-primary:light-dark(#" in door
    assert "--tblr-primary:light-dark(#ffe600" not in door
    sign_in(client, world.vera)
    page = client.get("/portal/me/").content.decode()
    assert 'alt="Polar"' in page
    found = client.get(f"/portal/logo/{Branding.objects.get().pk}/")
    assert found["Content-Type"] == "image/png"
    assert found["X-Content-Type-Options"] == "nosniff"
    assert b"".join(found.streaming_content) == PNG
    shown = staff(world.anna).get(reverse("portal-staff-look", args=[world.program.pk])).content.decode()
    assert "a darker one is shown" in shown


@pytest.mark.parametrize(
    "file",
    [
        logo(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        logo(b"<script>alert(1)</script>", "logo.jpg", "image/jpeg"),
        logo(PNG + b"\0" * 300 * 1024),
        logo(PNG[:16] + struct.pack(">II", 30_000, 30) + PNG[24:]),
    ],
)
def test_what_is_no_small_picture_is_refused(world: World, files: Path, file: SimpleUploadedFile) -> None:
    file.seek(0)
    assert post(world.anna, "portal-staff-look", world.program.pk, logo=file).status_code == 422
    assert not Branding.objects.exists()
    assert not list(files.rglob("*.*"))


@pytest.mark.parametrize("accent", ["red", "#12345", "#00000g", "</style><script>", "#0d5c6e;}"])
def test_what_is_no_colour_is_refused(world: World, accent: str) -> None:
    assert post(world.anna, "portal-staff-look", world.program.pk, accent=accent).status_code == 422


def test_the_look_is_for_whoever_manages_the_portal(world: World) -> None:
    assert post(world.boris, "portal-staff-look", world.program.pk, name="x").status_code == 403
    assert post(world.boris, "portal-staff-setup").status_code == 403
    assert post(world.boris, "portal-staff-company", world.aurora.pk).status_code == 403


COMPANY = {
    "issuer": "https://login.aurora.example",
    "client_id": "otklik",
    "secret": "s3cret",
    "domains": "Aurora.example, @mail.aurora.example",
    "is_active": "on",
}


@pytest.fixture
def _nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.portal.web.staff_setup.discover", lambda issuer: None)


@pytest.mark.usefixtures("_nobody_answers")
def test_a_companys_own_sign_in_is_set_up_and_its_secret_never_shown(world: World) -> None:
    post(world.anna, "portal-staff-company", world.aurora.pk, **COMPANY)
    kept = CompanySignIn.objects.get()
    assert kept.domains == ["aurora.example", "mail.aurora.example"]
    page = staff(world.anna).get(reverse("portal-staff-company", args=[world.aurora.pk])).content.decode()
    assert f"/portal/sign-in/company/{kept.key}/" in page
    assert "s3cret" not in page
    post(world.anna, "portal-staff-company", world.aurora.pk, **{**COMPANY, "secret": ""})
    assert CompanySignIn.objects.get().client_secret.reveal() == "s3cret"
    assert "s3cret" not in str(list(Event.objects.values_list("data", flat=True)))
    post(world.anna, "portal-staff-company-removal", world.aurora.pk)
    assert not CompanySignIn.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://login.aurora.example"},
        {"issuer": "https://login.aurora.example/?x=1"},
        {"issuer": "javascript:alert(1)"},
        {"domains": "gmail.com"},
        {"domains": "not a domain!"},
        {"domains": ""},
        {"secret": ""},
    ],
)
def test_a_sign_in_that_would_let_in_the_wrong_people_is_refused(world: World, wrong: dict[str, str]) -> None:
    response = post(world.anna, "portal-staff-company", world.aurora.pk, **{**COMPANY, **wrong})
    assert response.status_code == 422
    assert not CompanySignIn.objects.exists()
