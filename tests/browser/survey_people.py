"""Invitations and links for journeys: run inside a house's data folder; prints their addresses as JSON."""

from __future__ import annotations

import json
import sys
from datetime import timedelta


def invite() -> dict[str, str]:
    from otklik.events.public import Actor
    from otklik.feedback.models import SurveyVersion
    from otklik.feedback.operations.links import LinkFields, create_link
    from otklik.feedback.operations.surveys import create_survey
    from otklik.feedback.rules.vocabulary import SurveyKind
    from otklik.feedback.tests.answering.conftest import QUESTIONS, WORDING
    from otklik.feedback.tests.invited import invite as invite_one
    from otklik.feedback.tests.invited import wave_of
    from otklik.feedback.tokens import invitation_token
    from otklik.kit.clock import now
    from otklik.partners.models import Contact

    at, by = now(), Actor.system()
    contact = Contact.objects.select_related("partner__program").order_by("pk")[0]
    version = create_survey(
        program_id=contact.partner.program_id, name=f"Journey {at}", kind=SurveyKind.NPS, wording=WORDING,
        by=by, at=at,
    )  # fmt: skip
    SurveyVersion.objects.filter(pk=version.pk).update(questions=QUESTIONS)
    made = invite_one(wave_of(version), contact, sent_at=at, expires_at=at + timedelta(days=30))
    link = create_link(
        survey_id=version.survey_id, fields=LinkFields("Stand", hosts=sys.argv[2:]), by=by, at=at
    )
    return {
        "invitation": str(made.pk), "page": f"/a/{invitation_token(made.pk)}/", "link": f"/s/{link.slug}/",
        "links": f"/surveys/{version.survey_id}/links/",
    }  # fmt: skip


def state() -> list[dict[str, object]]:
    from otklik.feedback.models import Response

    return list(
        Response.objects.order_by("pk").values(
            "invitation_id", "link_id", "score", "comment", "status", "answers"
        )
    )


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(invite() if sys.argv[1] == "invite" else state()))
