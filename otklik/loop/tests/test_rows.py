"""Whose alerts somebody sees, and what becomes of them when partners and people merge or are erased."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from otklik.loop import hooks
from otklik.loop.access import (
    editable_alerts,
    editable_causes,
    editable_rules,
    visible_alerts,
    visible_causes,
    visible_rules,
)
from otklik.loop.models import Alert, FollowUp, ReAsk
from otklik.loop.operations.closing import close_alert
from otklik.loop.operations.reasking import plan_re_ask
from otklik.loop.personal import personal_data
from otklik.loop.rules.vocabulary import Outcome
from otklik.loop.tests.stories import AT, TODAY, by, called, cause, raised
from otklik.partners.models import Contact, Partner
from otklik.partners.operations.erase import erase_contact, erase_partner
from otklik.partners.operations.merge import merge_contacts, merge_partners
from tests.world import World


@pytest.mark.parametrize(
    ("who", "sees", "edits", "sets_rules"),
    [
        ("root", True, True, True),
        ("anna", True, True, True),
        ("boris", True, True, False),
        ("clara", False, False, False),
        ("dmitri", True, False, False),
        ("stranger", False, False, False),
    ],
)
def test_an_account_manager_sees_own_partners_only(
    world: World, who: str, sees: bool, edits: bool, sets_rules: bool
) -> None:
    raised(world)
    cause(world)
    user = getattr(world, who)
    assert (visible_alerts(user).exists(), editable_alerts(user).exists()) == (sees, edits)
    reads = who != "stranger"
    assert visible_rules(user).exists() == visible_causes(user).exists() == reads
    assert editable_rules(user).exists() == editable_causes(user).exists() == sets_rules


def test_an_alert_of_no_partner_is_for_those_who_see_the_program_whole(world: World) -> None:
    raised(world)
    Alert.objects.update(partner=None, contact=None)
    assert not visible_alerts(world.boris).exists()
    assert visible_alerts(world.anna).exists()
    world.program.managers_see_own_only = False
    world.program.save()
    assert visible_alerts(world.boris).exists()


def test_every_foreign_key_to_a_partner_or_contact_has_a_hook() -> None:
    pointing = {
        model._meta.label
        for model in apps.get_app_config("loop").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model in (Partner, Contact)
    }
    assert pointing == set(hooks.erasure.models) == set(hooks.merging.models)


def closed_with_words(world: World) -> Alert:
    alert = raised(world)
    called(world, alert, text="A secret of Vera")
    close_alert(
        alert_id=alert.pk,
        outcome=Outcome.MENDED,
        cause_ids=[cause(world).pk],
        result="Vera has her money",
        by=by(world.boris),
        at=AT,
    )
    plan_re_ask(alert_id=alert.pk, due_on=TODAY, on=TODAY, by=by(world.boris), at=AT)
    return alert


def test_merged_people_and_partners_keep_their_alerts(world: World) -> None:
    closed_with_words(world)
    who = by(world.root)
    merge_contacts(source_id=world.vera.pk, target_id=world.gleb.pk, by=who, at=AT)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=who, at=AT)
    alert = Alert.objects.get()
    assert (alert.partner, alert.contact) == (world.borealis, world.gleb)
    assert FollowUp.objects.get().contact == ReAsk.objects.get().contact == world.gleb


def test_who_is_erased_leaves_no_words_is_not_asked_again_and_still_counts(world: World) -> None:
    closed_with_words(world)
    erase_contact(contact_id=world.vera.pk, by=by(world.root), at=AT)
    alert = Alert.objects.get()
    assert (alert.result, alert.owes_word, alert.outcome) == ("", False, Outcome.MENDED)
    assert FollowUp.objects.get().text == ""
    assert not ReAsk.objects.exists()


def test_an_erased_partner_takes_what_was_said_along(world: World) -> None:
    closed_with_words(world)
    erase_partner(partner_id=world.aurora.pk, by=by(world.root), at=AT)
    assert (Alert.objects.get().result, FollowUp.objects.get().text) == ("", "")
    assert not ReAsk.objects.exists()


def test_a_person_takes_along_facts_of_their_own_and_no_words_of_staff(world: World) -> None:
    closed_with_words(world)
    found = personal_data(world.vera.pk)
    assert len(found["alerts"]) == len(found["follow_ups"]) == len(found["asked_again"]) == 1
    told = repr(found)
    assert not any(word in told for word in ("A secret of Vera", "Vera has her money", Outcome.MENDED.value))
    assert not any(personal_data(world.gleb.pk).values())
