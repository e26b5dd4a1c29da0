"""One's own page: what somebody sets, takes along and asks for."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client

from otklik.desk.models import Participant, Ticket
from otklik.desk.public import Channel, Side, create_ticket
from otklik.events.public import Actor, ActorKind, Origin
from otklik.jobs.models import OutgoingMail
from otklik.kit.clock import now
from otklik.kit.registry import erasure_hooks
from otklik.partners.models import Contact
from otklik.portal.models import ErasureRequest, PortalAccount, PortalSession
from otklik.portal.operations.passwords import set_password
from otklik.portal.personal import SOURCES, everything_about
from otklik.portal.rules.vocabulary import Way
from otklik.portal.tests.people import account_of, sign_in
from otklik.portal.web import limits
from tests.world import World

ME = "/portal/me/"
GOOD = "a long enough one"


@pytest.fixture
def vera(world: World) -> Client:
    client = Client()
    sign_in(client, world.vera)
    return client


def messages_of(client: Client) -> str:
    return client.get(ME).content.decode()


def test_language_and_zone_are_ones_own(vera: Client) -> None:
    vera.post(f"{ME}profile/", {"language": "ru", "zone": "Asia/Almaty"})
    page = vera.get(ME)
    assert page["Content-Language"] == "ru"
    assert str(page.context["request"].person.zone) == "Asia/Almaty"
    odd = vera.post(f"{ME}profile/", {"language": "xx", "zone": "Mars/Base"})
    assert odd.status_code == 422


def test_a_password_is_set_with_care(vera: Client, world: World) -> None:
    elsewhere = Client()
    sign_in(elsewhere, world.vera)
    for weak in ("short", "password123", "vera@aurora.example", "Vera Orlova"):
        assert vera.post(f"{ME}password/", {"new": weak}).status_code == 422
    assert vera.post(f"{ME}password/", {"new": GOOD}).status_code == 302
    assert check_password(GOOD, PortalAccount.objects.get().password)
    assert elsewhere.get(ME).status_code == 302
    assert vera.get(ME).status_code == 200


def test_a_password_is_changed_by_who_knows_it(vera: Client, world: World) -> None:
    PortalAccount.objects.update(password=make_password(GOOD))
    PortalSession.objects.update(way=Way.PASSKEY)
    for wrong in ({"new": "another long one"}, {"current": "x", "new": "another long one"}):
        assert vera.post(f"{ME}password/", wrong).status_code == 422
    PortalSession.objects.update(created_at=now() - timedelta(hours=2))
    assert vera.post(f"{ME}password/", {"current": GOOD, "new": "another long one"}).status_code == 302


def test_whoever_has_just_come_in_by_a_link_replaces_a_forgotten_password(
    vera: Client, world: World, settings: Any
) -> None:
    """A link proves the mailbox; a passkey, a company's sign-in or an older session do not say so. The
    person hears of it, and whoever is in elsewhere is out."""
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="memory:")
    PortalAccount.objects.update(password="forgotten")
    elsewhere = Client()
    sign_in(elsewhere, world.vera)
    mine = PortalSession.objects.order_by("pk").first()
    assert mine is not None
    for columns in ({"way": Way.COMPANY}, {"way": Way.LINK, "created_at": now() - timedelta(hours=1)}):
        PortalSession.objects.filter(pk=mine.pk).update(**columns)
        assert vera.post(f"{ME}password/", {"new": GOOD}).status_code == 422
    PortalSession.objects.filter(pk=mine.pk).update(created_at=now())
    assert vera.post(f"{ME}password/", {"new": GOOD}).status_code == 302
    assert check_password(GOOD, PortalAccount.objects.get().password)
    assert elsewhere.get(ME).status_code == 302
    [mail] = OutgoingMail.objects.all()
    assert mail.message["to"] == "vera@aurora.example"
    assert "If that was not you" in mail.message["text"]
    assert GOOD not in mail.message["text"]


def test_the_demo_writes_to_nobody_whose_password_it_sets(world: World, settings: Any) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="memory:")
    by = Actor(ActorKind.SYSTEM, origin=Origin.DEMO)
    set_password(account=account_of(world.vera), password=GOOD, keep=None, by=by, at=now())
    assert not OutgoingMail.objects.exists()


def test_a_browser_left_open_gets_no_first_password(vera: Client) -> None:
    PortalSession.objects.update(created_at=now() - timedelta(hours=2))
    vera.post(f"{ME}password/", {"new": GOOD})
    assert PortalAccount.objects.get().password == ""
    assert "sign out, come in again" in messages_of(vera)


def test_sessions_elsewhere_are_seen_and_ended(vera: Client, world: World) -> None:
    elsewhere, other = Client(), Client()
    sign_in(elsewhere, world.vera)
    sign_in(other, world.gleb)
    vera.post(f"{ME}sessions/end/")
    assert elsewhere.get(ME).status_code == 302
    assert vera.get(ME).status_code == other.get(ME).status_code == 200


def test_the_export_holds_ones_own_words_and_nobody_elses(vera: Client, world: World) -> None:
    for contact, words in ((world.vera, "Where is <b>my</b> payout?"), (world.gleb, "Glebs own words")):
        create_ticket(
            program_id=world.program.pk, subject="Payout", channel=Channel.EMAIL, side=Side.PARTNER,
            text=words, contact_id=contact.pk, by=Actor.system(), at=world.now,
        )  # fmt: skip
    response = vera.post(f"{ME}data/")
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as file:
        said, page = json.loads(file.read("data.json")), file.read("data.html").decode()
    assert said["data"]["desk"]["messages"][0]["text"] == "Where is <b>my</b> payout?"
    assert said["data"]["partners"]["addresses"][0]["address"] == "vera@aurora.example"
    assert "&lt;b&gt;my&lt;/b&gt;" in page
    assert "Glebs own words" not in page
    assert "Glebs own words" not in json.dumps(said)


def test_the_export_tells_no_subject_in_the_words_of_staff(vera: Client, world: World) -> None:
    create_ticket(
        program_id=world.program.pk, subject="Payout", channel=Channel.EMAIL, side=Side.PARTNER,
        text="Where is it?", contact_id=world.vera.pk, by=Actor.system(), at=world.now,
    )  # fmt: skip
    Ticket.objects.update(subject="Fraud suspect")
    requests = everything_about(world.vera.pk)["desk"]["requests"]
    assert [row["subject"] for row in requests] == ["Payout"]


def test_no_key_and_no_password_leave_with_the_export(vera: Client, world: World) -> None:
    account = account_of(world.vera)
    account.password = make_password(GOOD)
    account.save()
    said = json.dumps(everything_about(world.vera.pk)["portal"])
    session = PortalSession.objects.get()
    for secret in (account.password, account.handle, session.key_hash):
        assert secret not in said


def test_every_room_that_erases_people_tells_what_it_keeps(db: None) -> None:
    """A room that keeps rows of contacts has something to say in an export; rows of partners are the
    company's."""
    relations = Contact._meta.get_fields(include_hidden=True)
    of_people = {one.related_model._meta.label for one in relations if one.auto_created and one.is_relation}
    rooms = {hook.name for hook in erasure_hooks if of_people.intersection(hook.models)}
    assert {"desk", "feedback", "relationships"} <= rooms
    assert rooms - set(SOURCES) == set()


def test_the_wish_to_be_forgotten_reaches_people_and_erases_nothing(vera: Client, world: World) -> None:
    for _ in range(2):
        vera.post(f"{ME}erasure/")
    asked = ErasureRequest.objects.get()
    assert asked.answer_by == (asked.asked_at + timedelta(days=30)).date()
    ticket = Ticket.objects.get()
    assert (ticket.contact_id, ticket.channel) == (world.vera.pk, "portal")
    assert "The answer comes by" in messages_of(vera)
    world.vera.refresh_from_db()
    assert world.vera.erased_at is None
    staff = Client()
    staff.force_login(world.boris)
    page = staff.get(f"/contacts/{world.vera.pk}/").content.decode()
    assert "Asked us to erase their data" in page


def test_the_wish_to_be_forgotten_is_between_that_person_and_us(vera: Client, world: World) -> None:
    """Colleagues, the boss among them, find it nowhere, nor what follows it or was merged with it, nor a
    question about one's data that was asked in private."""
    assert "?private=1" in messages_of(vera)
    form = vera.get("/portal/ask/?private=1").content.decode()
    assert "checked" in form.partition('name="is_private"')[2][:80]
    said = {"key": "p", "subject": "My data", "text": "What did you note?", "is_private": "on"}
    asked = vera.post("/portal/ask/", said).headers["Location"]
    vera.post(f"{ME}erasure/")
    wish = Ticket.objects.latest("pk")
    page, word = f"/portal/matters/{wish.pk}/", "erase"
    assert word in vera.get(page).content.decode()
    assert word in vera.get("/portal/matters/").content.decode()
    assert "Only you and we read this request" in vera.get(page).content.decode()
    vera.post(f"{page}readers/", {"colleague": world.gleb.pk})
    assert Participant.objects.filter(contact=world.gleb).count() == 0
    Ticket.objects.update(status="closed", is_open=False, closed_at=now() - timedelta(days=90))
    followed = vera.post(f"{page}messages/", {"key": "k", "text": f"Please {word}"}).headers["Location"]
    assert Ticket.objects.filter(is_private=True).count() == 3
    gleb = Client()
    sign_in(gleb, world.gleb, sees_money=True)
    other = create_ticket(
        program_id=world.program.pk, subject="Payout", channel=Channel.EMAIL, side=Side.PARTNER,
        text="Where is it?", contact_id=world.gleb.pk, by=Actor.system(), at=world.now,
    )  # fmt: skip
    for address in ("/portal/", "/portal/matters/?show=all", "/portal/matters/?show=all&q=erase"):
        shown = gleb.get(address).content.decode()
        assert not any(one in shown for one in (page, followed, asked))
    for address in (page, followed, asked, f"/portal/ask/?about=ticket:{wish.pk}"):
        assert gleb.get(address).status_code == 404
    for name in ("messages/", "solved/", "rating/", "readers/"):
        assert gleb.post(f"{page}{name}", {"text": "x", "value": "5", "colleague": "1"}).status_code == 404
    Ticket.objects.filter(pk=wish.pk).update(merged_into=other)
    assert word not in gleb.get(f"/portal/matters/{other.pk}/").content.decode()
    assert f"/portal/matters/{other.pk}/" not in gleb.get("/portal/matters/?q=erase").content.decode()


def test_a_wish_uttered_without_end_makes_no_tickets_without_end(
    vera: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "erasure", "2/h/key")
    for _ in range(4):
        vera.post(f"{ME}erasure/")
        vera.post(f"{ME}erasure/back/")
    assert Ticket.objects.count() == 2
    assert "Too many attempts" in messages_of(vera)


def test_the_wish_is_taken_back_or_declined_and_may_come_anew(vera: Client, world: World) -> None:
    vera.post(f"{ME}erasure/")
    vera.post(f"{ME}erasure/back/")
    assert ErasureRequest.objects.get().withdrawn_at is not None
    vera.post(f"{ME}erasure/")
    staff = Client()
    staff.force_login(world.boris)
    staff.post(f"/contacts/{world.vera.pk}/portal/erasure-declined/")
    assert ErasureRequest.objects.filter(declined_at=None, withdrawn_at=None).count() == 0
    assert "Ask to erase my data" in messages_of(vera)
