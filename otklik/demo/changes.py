"""Two changes of the demo's past, for the page that tells what a change did.

A weekly call, which came to one tier after another, moves nothing: `mood` knows nothing of it. That Olga's
partners went over to Igor does: its dip is `mood.HANDOVER_DIP`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from otklik.demo.cast import LEAVER
from otklik.demo.mood import HANDOVER_MONTH
from otklik.demo.story import Company, month_start
from otklik.events.public import Actor, ActorKind, Origin
from otklik.identity.public import User
from otklik.impact.public import ChangeTerms, record_change
from otklik.partners.public import Program

CALLS = {"Platinum": -17, "Gold": -13, "Silver": -7}
"""From which month on."""


def record_changes(
    program_id: int,
    told: Sequence[Company],
    partner_ids: Mapping[str, int],
    staff: Mapping[str, User],
    anchor: date,
    *,
    at: datetime,
) -> None:
    program = Program.objects.get(pk=program_id)
    by = Actor(ActorKind.PERSON, staff["head"].pk, Origin.DEMO)
    calls = {tier: month_start(anchor, month) for tier, month in CALLS.items()}
    handed_over = month_start(anchor, HANDOVER_MONTH)
    moved = {
        partner_ids[one.key]: handed_over
        for one in told
        if one.manager == LEAVER and one.joined < HANDOVER_MONTH
    }
    for said in (
        ChangeTerms(
            "A call with the manager every week", "Half an hour, on a day that suits the partner.", calls, {}
        ),
        ChangeTerms("Igor instead of Olga", "Olga left; her partners went over to Igor.", {}, moved),
    ):
        record_change(program=program, terms=said, by=by, at=at)
