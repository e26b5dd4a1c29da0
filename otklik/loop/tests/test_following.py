"""Whoever may not follow up any more keeps neither alerts nor asks, whatever took it from them."""

from __future__ import annotations

from otklik.events.models import Batch
from otklik.events.operations.deliver import deliver_batch
from otklik.feedback.operations.voices.mentions import NewMention, attach_mention, record_mention
from otklik.identity.operations.roles import revoke_role
from otklik.identity.public import Role
from otklik.loop.models import Alert, Ask
from otklik.loop.rules.vocabulary import RuleKind
from otklik.loop.tests.stories import AT, by, raised
from otklik.partners.operations.merge import merge_partners
from tests.world import NOW, World


def deliver() -> None:
    for batch in Batch.objects.order_by("pk"):
        deliver_batch(batch.pk)


def ask_of_boris(world: World) -> Ask:
    return Ask.objects.create(
        program=world.program, partner=world.aurora, contact=world.vera, kind="reference",
        owner=world.boris, created_at=NOW,
    )  # fmt: skip


def test_a_role_that_is_taken_away_takes_alerts_and_asks_along(world: World) -> None:
    alert, ask = raised(world), ask_of_boris(world)
    revoke_role(user=world.boris, role=Role.ACCOUNT_MANAGER, by=by(world.root), at=AT)
    deliver()
    alert.refresh_from_db()
    ask.refresh_from_db()
    assert alert.owner is not None
    assert (alert.owner != world.boris, ask.owner) == (True, None)


def test_asks_of_a_partner_that_was_merged_go_to_who_speaks_to_it_now(world: World) -> None:
    ask = ask_of_boris(world)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world.root), at=AT)
    deliver()
    ask.refresh_from_db()
    assert (ask.partner, ask.owner) == (world.borealis, world.clara)


def test_a_mention_that_was_taken_from_a_partner_does_not_stay_with_its_manager(world: World) -> None:
    alert = raised(world)
    said = NewMention("k", NOW, text="Bad", partner_id=world.aurora.pk)
    mention, _ = record_mention(
        program_id=world.program.pk, mention=said, user_id=None, by=by(world.root), at=NOW
    )
    Alert.objects.update(mention_id=mention, kind=RuleKind.MENTION, contact=None)
    attach_mention(mention_id=mention, partner_id=None, by=by(world.root), at=AT)
    deliver()
    alert.refresh_from_db()
    assert alert.partner is None
    assert alert.owner != world.boris
