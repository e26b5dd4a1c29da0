"""What somebody asked sees on their own pages: their own and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from otklik.feedback.models import SurveyVersion
from otklik.feedback.queries.partner_side import own_answers, waiting_surveys
from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.feedback.tests.invited import invite, wave_of
from otklik.feedback.tokens import invitation_of
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def test_open_invitations_of_this_person_wait_with_their_own_link(world: World) -> None:
    wave = wave_of(SurveyVersion.objects.get(pk=nps_version(world)))
    mine = invite(wave, world.vera)
    invite(wave, world.gleb)
    for gone in (
        {"answered_at": NOW},
        {"state": InvitationState.WITHDRAWN},
        {"state": InvitationState.PLANNED},
        {"expires_at": NOW - timedelta(days=1)},
    ):
        invite(wave, world.vera, **gone)
    (found,) = waiting_surveys(world.vera.pk, at=NOW)
    assert (found.id, found.until) == (mine.pk, mine.expires_at)
    assert invitation_of(found.token) == mine.pk
    assert reverse("answer", args=[found.token])


def test_own_answers_stand_in_the_order_they_were_given(world: World) -> None:
    version = nps_version(world)
    given = [(9, "2026-02-20"), (4, "2026-01-10"), (7, "2026-02-01")]
    rows = [answer(version, world.aurora, score, day, contact_id=world.vera.pk) for score, day in given]
    store(*rows, answer(version, world.aurora, 1, contact_id=world.gleb.pk))
    assert [one.score for one in own_answers(world.vera.pk)] == [4, 7, 9]
    assert own_answers(world.vera.pk, kind=SurveyKind.CSAT) == []
