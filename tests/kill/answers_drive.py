"""What the story of answers asks of the installation: `answers_drive.py seed N` and `state`, which print
JSON."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django


def seed(amount: int) -> list[str]:
    from django.core.management import call_command
    from django.db import transaction

    from otklik.feedback.models import SurveyVersion
    from otklik.feedback.operations.surveys import create_survey
    from otklik.feedback.public import SurveyKind
    from otklik.feedback.tests.invited import invite, wave_of
    from otklik.feedback.tokens import invitation_token
    from otklik.kit.clock import now
    from otklik.partners.public import Contact
    from tests.world import build_world

    call_command("createcachetable", verbosity=0)
    world, at = build_world(), now()
    from otklik.events.public import Actor

    made = create_survey(
        program_id=world.program.pk, name="NPS", kind=SurveyKind.NPS, by=Actor.system(), at=at
    )
    wave = wave_of(SurveyVersion.objects.select_related("survey").get(pk=made.pk))
    partners = (world.aurora, world.borealis)
    until = at + timedelta(days=9)
    with transaction.atomic():
        people = [
            Contact.objects.create(partner=partners[n % 2], name=f"Person {n}", created_at=at)
            for n in range(amount)
        ]
        return [invitation_token(invite(wave, one, sent_at=at, expires_at=until).pk) for one in people]


def state() -> dict[str, object]:
    from django.db.models import Count, Sum

    from otklik.analytics.models import ScoreCell
    from otklik.events.models import Event
    from otklik.feedback.models import AnswerTrace, Response
    from otklik.feedback.operations.histograms import rebuild_histograms
    from otklik.feedback.tokens import invitation_token

    def counted() -> list[int]:
        found = ScoreCell.objects.aggregate(**{f"c{n}": Sum(f"c{n}") for n in range(11)})
        return [found[f"c{n}"] or 0 for n in range(11)]

    before = counted()
    rebuild_histograms()
    rows = Response.objects.values_list("invitation_id", "score")
    twice = Response.objects.values("invitation_id").annotate(n=Count("pk")).filter(n__gt=1)
    return {
        "scores": {invitation_token(pk): score for pk, score in rows if pk is not None},
        "twice": twice.count(),
        "events": Event.objects.filter(kind="response.recorded").count(),
        "traces": AnswerTrace.objects.count(),
        "histogram": before,
        "recount": counted(),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(seed(int(sys.argv[2])) if sys.argv[1] == "seed" else state()))
