"""A partner's people ask for another account; nothing is paid there before two of us looked."""

from __future__ import annotations

import json
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from otklik.events.models import Event
from otklik.events.public import ActorKind
from otklik.payouts.models import AccountDetails
from otklik.payouts.personal import personal_data
from otklik.portal.tests.people import sign_in
from tests.world import World

URL = "portal-account-details"
IBAN = "DE89370400440532013000"


def asked(**more: str) -> dict[str, str]:
    return {"method": "iban", "holder": "Aurora Ltd", "account": IBAN, "key": str(uuid4())} | more


def test_new_details_wait_once_and_show_their_end_only(world: World, client: Client) -> None:
    sign_in(client, world.vera, sees_money=True)
    form = asked()
    for _time in range(2):
        assert client.post(reverse(URL), form).status_code == 302
    one = AccountDetails.objects.get()
    assert (one.partner_id, one.asked_by_contact_id, one.state) == (
        world.aurora.pk,
        world.vera.pk,
        "proposed",
    )
    shown = client.get(reverse(URL)).content.decode()
    assert "we are checking new details" in shown
    assert "···3000" in shown
    assert IBAN not in shown
    event = Event.objects.get(kind="payout_details.proposed")
    assert event.actor_kind == ActorKind.CONTACT
    assert "Aurora Ltd" not in str(event.data)
    assert IBAN in json.dumps(personal_data(world.vera.pk))


def test_a_wrong_account_keeps_what_was_typed(world: World, client: Client) -> None:
    sign_in(client, world.vera, sees_money=True)
    answer = client.post(reverse(URL), asked(account=IBAN[:-1] + "1", holder="<b>Aurora"))
    assert answer.status_code == 422
    assert "check digits do not fit" in answer.content.decode()
    assert "&lt;b&gt;Aurora" in answer.content.decode()
    assert not AccountDetails.objects.exists()


def test_who_sees_no_money_has_no_such_page(world: World, client: Client) -> None:
    sign_in(client, world.vera, sees_money=False)
    assert client.get(reverse(URL)).status_code == 404
    assert client.post(reverse(URL), asked()).status_code == 404
