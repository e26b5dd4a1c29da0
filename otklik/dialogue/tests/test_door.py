"""What the portal's home asks costs the same however much there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.dialogue.operations.goals import GoalTerms, PromiseTerms, propose_commitment, propose_goal
from otklik.dialogue.operations.onboarding import NewStep, set_steps, start_onboarding
from otklik.dialogue.public import news_for, onboarding_progress, promises_to, waiting_for
from otklik.dialogue.rules.vocabulary import Side, StepKind
from otklik.dialogue.tests.stories import AT, DUE, TODAY, by, published, terms
from tests.world import World


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        (lambda w: news_for(w.vera.pk, language="en", at=AT), 2),
        (lambda w: waiting_for(w.aurora.pk, w.vera.pk, language="en", today=TODAY, at=AT), 6),
        (lambda w: promises_to(w.aurora.pk, today=TODAY), 1),
        (lambda w: onboarding_progress(w.aurora.pk, language="en"), 1),
    ],
    ids=["news", "waiting", "promises", "onboarding"],
)
def test_the_home_of_the_portal_asks_few_questions(
    world: World, ask: Callable[[World], object], most: int
) -> None:
    step = NewStep(StepKind.OTHER, {"en": "Step"}, Side.THEIRS, 1)
    set_steps(program_id=world.program.pk, steps=[step] * 3, by=by(world.anna), at=AT)
    start_onboarding(partner_id=world.aurora.pk, on=TODAY, by=by(world.anna), at=AT)
    for _ in range(3):
        published(world, terms(needs_acknowledgement=True))
        partner = {"partner_id": world.aurora.pk, "on": TODAY, "by": by(world.anna), "at": AT}
        propose_goal(**partner, terms=GoalTerms("More", DUE))
        for side in Side:
            propose_commitment(**partner, terms=PromiseTerms(side, "Soon", DUE))
    with CaptureQueriesContext(connection) as asked:
        assert ask(world)
    assert len(asked) <= most
