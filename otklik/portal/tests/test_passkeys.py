"""Signing in with a passkey, and what does not count as one. ``authenticator.py`` is the device."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AuthenticatorData

from otklik.kit.clock import now
from otklik.portal.models import Passkey, PortalSession
from otklik.portal.operations.passkeys import PasskeyRefused, account_by_passkey, asking
from otklik.portal.tests.authenticator import Device
from otklik.portal.tests.people import sign_in
from otklik.portal.web.guard import COOKIE
from tests.world import World

ME, ADD, BEGIN = "/portal/me/", "/portal/me/passkeys/", "/portal/me/passkeys/begin/"
ENTER, ASK = "/portal/sign-in/passkey/", "/portal/sign-in/passkey/begin/"


def device(**kwargs: Any) -> Device:
    return Device(origin=settings.OTKLIK.public_url, **kwargs)


def added(client: Client, one: Device, name: str = "Telephone") -> None:
    client.post(ADD, {"answer": one.create(client.post(BEGIN).json()), "name": name})


@pytest.fixture
def owner(world: World) -> Device:
    """Vera's telephone."""
    client, made = Client(), device()
    sign_in(client, world.vera)
    added(client, made)
    return made


def entered(client: Client, answer: str) -> bool:
    client.post(ENTER, {"answer": answer})
    return COOKIE in client.cookies


def test_a_device_is_added_once_and_signs_in_without_any_typing(client: Client, owner: Device) -> None:
    assert Passkey.objects.get().name == "Telephone"
    options = client.post(ASK).json()
    assert not options["publicKey"].get("allowCredentials")
    response = client.post(ENTER, {"answer": owner.get(options), "next": "/portal/me/"})
    assert response.headers["Location"] == ME
    page = client.get(ME)
    assert page.context["request"].person.contact.name == "Vera Orlova"
    assert Passkey.objects.get().uses == 1


def test_an_answer_counts_once_and_for_what_was_asked(client: Client, owner: Device) -> None:
    answer = owner.get(client.post(ASK).json())
    assert entered(client, answer)
    client.cookies.pop(COOKIE)
    assert not entered(client, answer)
    elsewhere = Client()
    elsewhere.post(ASK)
    assert not entered(elsewhere, answer)
    assert not entered(Client(), owner.get(client.post(ASK).json()))


def test_other_sites_and_copied_or_changed_answers_open_nothing(client: Client, owner: Device) -> None:
    def asked() -> Any:
        return client.post(ASK).json()

    phished = Device("https://evil.example", key=owner.key, id=owner.id, handle=owner.handle, uses=owner.uses)
    assert not entered(client, phished.get(asked()))
    assert not entered(client, owner.get(asked(), flags=AuthenticatorData.FLAG.UP))
    other = Device(owner.origin, id=owner.id, handle=owner.handle, uses=50)
    assert not entered(client, other.get(asked()))
    assert not entered(client, device(id=b"never seen").get(asked()))
    wrong = Device(owner.origin, key=owner.key, id=owner.id, handle=b"somebody", uses=50)
    assert not entered(client, wrong.get(asked()))


def test_a_copy_of_a_key_is_noticed_by_its_count(client: Client, owner: Device) -> None:
    assert entered(client, owner.get(client.post(ASK).json()))
    client.cookies.pop(COOKIE)
    owner.uses = 0
    assert not entered(client, owner.get(client.post(ASK).json()))


def test_whoever_is_shut_out_stays_out(client: Client, world: World, owner: Device) -> None:
    world.vera.is_active = False
    world.vera.save()
    assert not entered(client, owner.get(client.post(ASK).json()))


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", "null", "9" * 30_000, '{"id": 1}', "[" * 5000])
def test_odd_answers_are_refused_kindly(client: Client, world: World, answer: str) -> None:
    client.post(ASK)
    assert client.post(ENTER, {"answer": answer}).status_code == 422


def test_bytes_that_were_changed_anywhere_are_refused_and_break_nothing(world: World, owner: Device) -> None:
    options, state = asking()
    good = json.loads(owner.get(json.loads(json.dumps(options))))
    chance = random.Random(5)
    for _ in range(150):
        said = json.loads(json.dumps(good))
        field = chance.choice(["clientDataJSON", "authenticatorData", "signature"])
        text = list(said["response"][field])
        place = chance.randrange(len(text) - 2)
        text[place : place + chance.randrange(3)] = chance.choice(["A", "_", "", "é", "zz"])
        said["response"][field] = "".join(text)
        if said == good:
            continue
        with pytest.raises(PasskeyRefused):
            account_by_passkey(state=state, answer=said, at=now())


def test_data_that_end_before_what_they_announce_are_refused(client: Client, owner: Device) -> None:
    """Anybody may send them: the flag says that extensions follow, and nothing does."""
    said = json.loads(owner.get(client.post(ASK).json()))
    data = bytearray(websafe_decode(said["response"]["authenticatorData"]))
    data[32] |= AuthenticatorData.FLAG.ED
    said["response"]["authenticatorData"] = websafe_encode(bytes(data))
    assert client.post(ENTER, {"answer": json.dumps(said)}).status_code == 422


def test_a_device_that_makes_an_empty_key_is_refused(client: Client, world: World) -> None:
    sign_in(client, world.vera)
    said = json.loads(device().create(client.post(BEGIN).json()))
    said["response"]["attestationObject"] = ""
    assert client.post(ADD, {"answer": json.dumps(said)}).status_code == 302
    assert not Passkey.objects.exists()


def test_a_browser_left_open_gets_no_new_keys(client: Client, world: World) -> None:
    sign_in(client, world.vera)
    options = client.post(BEGIN).json()
    PortalSession.objects.update(created_at=now() - timedelta(hours=1))
    assert client.post(BEGIN).status_code == 403
    client.post(ADD, {"answer": device().create(options)})
    assert not Passkey.objects.exists()


def test_what_was_begun_by_one_is_not_ended_by_another(client: Client, world: World) -> None:
    sign_in(client, world.vera)
    options = client.post(BEGIN).json()
    sign_in(client, world.gleb)
    client.post(ADD, {"answer": device().create(options)})
    assert not Passkey.objects.exists()


def test_people_remove_their_own_passkeys_only(client: Client, world: World, owner: Device) -> None:
    gone = f"{ADD}{Passkey.objects.get().pk}/removal/"
    sign_in(client, world.gleb)
    assert client.post(gone).status_code == 404
    assert Passkey.objects.count() == 1
    sign_in(client, world.vera)
    assert "Telephone" in client.get(ME).content.decode()
    client.post(gone)
    assert not Passkey.objects.exists()
