"""Payouts, holds and statements are found by their number, their partner and the bank's reference, by those
who may see them."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.events.models import Event
from otklik.events.operations.deliver import deliver_batch
from otklik.identity.models import User
from otklik.partners.operations.erase import erase_partner
from otklik.partners.operations.partners import change_partner
from otklik.payouts.operations.paying import mark_sent
from otklik.payouts.operations.statements import issue_statements
from otklik.payouts.tests.office import AT, PAY_ON, TODAY, Office, approved, by, earned, held
from otklik.search.public import find, reindex, search_kinds
from tests.world import World

KINDS = ("payout", "hold", "statement")


def found(query: str, user: User) -> dict[str, list[int]]:
    """What the page of the search asks for: kinds of which this person has the right."""
    kinds = [one for one in search_kinds if one.name in KINDS and one.right in user.rights]
    return {
        kind: [hit.object_id for hit in hits]
        for kind, hits in find(query, kinds=kinds, user=user, limit=9).items()
        if hits
    }


def delivered() -> None:
    for batch_id in set(Event.objects.values_list("batch_id", flat=True)):
        if batch_id is not None:
            deliver_batch(batch_id)


def test_money_is_found_by_who_may_see_it(world: World, office: Office) -> None:
    for partner in (world.aurora, world.borealis):
        earned(partner, "1000")
    hold = held(world.aurora, "10", office.faina)
    batch = approved(world, office)
    payout = batch.payouts.get(partner=world.aurora)
    mark_sent(payout_id=payout.pk, on=TODAY, reference="SEPA-77", by=by(office.faina), at=AT)
    issue_statements(program_id=world.program.pk, on=PAY_ON, by=by(office.faina), at=AT)
    delivered()
    everything = found("aurora", office.faina)
    assert (everything["payout"], everything["hold"], len(everything["statement"])) == (
        [payout.pk], [hold.pk], 1
    )  # fmt: skip
    assert found("SEPA-77", office.faina) == {"payout": [payout.pk]}
    assert payout.pk in found(str(payout.pk), office.faina)["payout"]
    assert found("2026-02", office.faina)["statement"]
    for user in (office.faina, world.boris):
        assert user.rights  # read once for the whole request
        with CaptureQueriesContext(connection) as captured:
            found("aurora", user)
        assert len(captured) <= 3 * len(KINDS)
    # Boris has Aurora; of Borealis he sees nothing, and who has no right to money sees none.
    assert found("aurora", world.boris)["payout"] == [payout.pk]
    assert found("borealis", world.boris) == {}
    assert found("aurora", world.dmitri) == {}

    change_partner(partner_id=world.aurora.pk, facts={"name": "Zephyr"}, by=by(world.anna), at=AT)
    delivered()
    assert found("zephyr", office.faina)["payout"] == [payout.pk]
    before = found("zephyr", office.faina)
    reindex(at=AT)
    assert found("zephyr", office.faina) == before
    erase_partner(partner_id=world.aurora.pk, by=by(world.root), at=AT)
    assert found("zephyr", office.faina) == {}
