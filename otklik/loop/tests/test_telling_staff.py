"""Who has to call somebody hears of it by mail, once an hour at most, and nobody else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from otklik.jobs.models import OutgoingMail
from otklik.loop.models import Alert, AlertRule
from otklik.loop.operations.owning import assign_alert, escalate_due
from otklik.loop.operations.telling_staff import tell_staff
from otklik.loop.operations.working import snooze_alert
from otklik.loop.tests.stories import AT, by, called, raised, rule
from otklik.partners.models import Contact
from tests.world import World

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def mail(settings: Any) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="memory:")


def told(at: Any) -> dict[str, str]:
    """By address: subject and text of what is new."""
    OutgoingMail.objects.all().delete()
    tell_staff(at=at)
    return {
        mail.message["to"]: f"{mail.message['subject']}\n{mail.message['text']}"
        for mail in OutgoingMail.objects.all()
    }


def test_the_owner_hears_of_new_soon_and_late_ones_and_whoever_it_is_escalated_to_hears_as_well(
    world: World,
) -> None:
    world.boris.language = "ru"
    world.boris.save()
    Contact.objects.filter(pk=world.vera.pk).update(name="Vera\r\nBcc: x@example.com Orlova")
    alert = raised(world, 2, comment="You cheat us")
    raised(world, 3, contact=world.gleb)
    assert told(AT) == {}, "the hour is not over"
    first = told(AT + HOUR)
    assert set(first) == {"boris@example.com"}
    assert first["boris@example.com"].startswith("2 сигнала ждут вас\n")
    assert f"/loop/alerts/{alert.pk}/" in first["boris@example.com"]
    assert "cheat" not in first["boris@example.com"], "what they said is read on the page only"
    Alert.objects.exclude(pk=alert.pk).delete()
    assert tell_staff(at=AT + 2 * HOUR) == 0, "told once"
    assert (
        "Vera Bcc: x@example.com Orlova, Aurora"
        in told(alert.due_at - timedelta(hours=23))["boris@example.com"]
    )
    assert "Просрочено" in told(alert.due_at + HOUR)["boris@example.com"]
    late = alert.escalates_at
    escalate_due(by=by(world.anna), at=late)
    above = told(late + HOUR)
    assert "Escalated to you" in above["anna@example.com"]
    called(world, alert, at=late)
    assert told(late + HOUR) == {}


def test_of_what_sleeps_was_given_away_or_is_not_to_be_mailed_nobody_hears(world: World) -> None:
    alert = raised(world)
    assign_alert(alert_id=alert.pk, user_id=world.anna.pk, by=by(world.boris), at=AT)
    assert set(told(AT + HOUR)) == {"anna@example.com"}
    assert "is yours now" in told(AT + HOUR)["anna@example.com"]
    # Taken by oneself: nobody has to tell her; and Clara does not see Aurora any more.
    Alert.objects.update(given_at=None, opened_at=AT - timedelta(days=2))
    assert told(AT + HOUR) == {}
    Alert.objects.update(owner=world.clara, opened_at=AT)
    assert told(AT + HOUR) == {}
    Alert.objects.update(owner=world.boris)
    AlertRule.objects.update(by_mail=False)
    assert told(AT + HOUR) == {}
    AlertRule.objects.update(by_mail=True)
    assert told(AT + HOUR)
    snooze_alert(
        alert_id=alert.pk, until=AT + timedelta(days=3), reason="On holiday", by=by(world.boris), at=AT
    )
    assert told(AT + HOUR) == {}


def test_a_closed_wave_is_one_mail_and_constant_queries(
    world: World, django_assert_max_num_queries: Any
) -> None:
    made = rule(world)
    row = {
        "program": world.program, "partner": world.aurora, "rule": made, "kind": "score", "flow": "silent",
        "owner": world.boris, "owner_reason": "manager", "opened_at": AT,
    }  # fmt: skip
    Alert.objects.bulk_create(
        Alert(key=f"k{n}", due_at=AT + timedelta(days=3), escalates_at=AT + timedelta(days=4), **row)
        for n in range(30)
    )
    (text,) = told(AT + HOUR).values()
    assert text.count("/loop/alerts/") == 20
    assert "And 10 more." in text
    with django_assert_max_num_queries(14):
        tell_staff(at=AT + HOUR)
