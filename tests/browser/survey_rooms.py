"""Something on every page of surveys, where the cast is, and the addresses.

``pages``: of the staff. ``people``: of a running wave, with somebody whose link can be handed over.
``open``: links anybody may follow. ``invited``: reader -> pages of people asked, who have no account; only
the first can be answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.browser.readers import READERS


def build(at: datetime) -> dict[str, Any]:
    from otklik.events.public import Actor
    from otklik.feedback.models import SurveyVersion, WaveSeries
    from otklik.feedback.operations.links import LinkFields, create_link
    from otklik.feedback.operations.objections import Objector, complain
    from otklik.feedback.operations.surveys import create_survey
    from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind, WaveState
    from otklik.feedback.tests.answering.conftest import QUESTIONS, WORDING
    from otklik.feedback.tests.invited import invite, wave_of
    from otklik.partners.models import Contact

    by, later = Actor.system(), at + timedelta(days=30)
    vera, gleb = Contact.objects.select_related("partner__program").order_by("pk")[:2]
    program = vera.partner.program
    version = create_survey(
        program_id=program.pk, name="Every room", kind=SurveyKind.NPS, wording=WORDING, by=by, at=at
    )
    SurveyVersion.objects.filter(pk=version.pk).update(questions=QUESTIONS)
    version.refresh_from_db()
    series = WaveSeries.objects.create(every="quarter", zone="Europe/Moscow", starts_at=at)
    running = wave_of(version, started_at=at, created_at=at, series=series)
    following = wave_of(
        version,
        state=WaveState.DRAFT,
        created_at=at,
        starts_at=later,
        starts_itself=True,
        series=series,
        turn=1,
    )
    closed = wave_of(version, started_at=at, created_at=at, closed_at=at, state=WaveState.CLOSED)
    complain(who=Objector(program.pk, None, "angry@aurora.example"), by=by, at=at)
    invite(
        running,
        gleb,
        state=InvitationState.PLANNED,
        sent_at=None,
        send_at=later,
        expires_at=later,
        address="",
    )
    link = create_link(survey_id=version.survey_id, fields=LinkFields("Stand"), by=by, at=at)
    shut = create_link(
        survey_id=version.survey_id, fields=LinkFields("Shut", closes_at=at - timedelta(days=1)), by=by, at=at
    )
    own = f"/surveys/{version.survey_id}"
    return {
        "people": f"/surveys/waves/{running.pk}/people/",
        "pages": [
            *(f"{own}/{room}" for room in ("", "form/", "waves/", "people/", "links/", f"links/{link.pk}/")),
            *(f"/surveys/waves/{wave.pk}/" for wave in (running, closed)),
            f"/surveys/waves/{following.pk}/plan/",
            f"/surveys/waves/{closed.pk}/people/",
            "/surveys/rules/",
            *_voices(program.pk, vera, by, at),
        ],
        "open": [f"/s/{one.slug}/?lang={{language}}" for one in (link, shut)],
        "invited": {str(reader): _invited(running, closed, vera, reader.language, at) for reader in READERS},
    }


def _invited(running: Any, closed: Any, contact: Any, language: str, at: datetime) -> list[str]:
    """To answer in time, when the wave has closed, and when it is too late."""
    from otklik.feedback.tests.invited import invite
    from otklik.feedback.tokens import invitation_token

    later, before = at + timedelta(days=30), at - timedelta(days=1)
    kinds = ((running, later), (closed, later), (closed, before))
    made = [invite(wave, contact, language=language, sent_at=at, expires_at=until) for wave, until in kinds]
    return [f"/a/{invitation_token(one.pk)}/" for one in made]


def _voices(program_id: int, contact: Any, by: Any, at: datetime) -> list[str]:
    from otklik.feedback.models import InterviewGuide
    from otklik.feedback.operations.voices.feeds import FeedSettings, create_feed
    from otklik.feedback.operations.voices.guides import create_guide
    from otklik.feedback.operations.voices.interviews import Talk, record_interview
    from otklik.feedback.operations.voices.mentions import NewMention, record_mention
    from otklik.feedback.rules.voices.vocabulary import InterviewChannel, QuoteConsent
    from otklik.identity.models import User

    guide: InterviewGuide = create_guide(
        program_id=program_id, name="Why", language="en", questions="What went wrong?", by=by, at=at
    )
    talk = Talk(
        held_on=at.date(), channel=InterviewChannel.CALL, contact_id=contact.pk, words="Payouts come late.",
        version_id=guide.versions.get().pk, quotes=[("Payouts come late.", QuoteConsent.NAMED)], score=4,
    )  # fmt: skip
    head = User.objects.get(email="anna@example.com")
    interview = record_interview(
        partner_id=contact.partner_id, talk=talk, interviewer_id=head.pk, by=by, at=at
    )
    mention = NewMention(
        key="one", published_at=at, author="A visitor", title="Payouts", text="They pay in time."
    )
    number, _fate = record_mention(program_id=program_id, mention=mention, user_id=head.pk, by=by, at=at)
    settings = FeedSettings("Board", "https://board.example/rss", 24, ["payouts"], is_active=False)
    feed = create_feed(program_id=program_id, settings=settings, by=by, at=at)
    return [
        "/surveys/voices/",
        "/surveys/interviews/",
        f"/surveys/interviews/{interview.pk}/",
        f"/surveys/interviews/{interview.pk}/edit/",
        "/surveys/interviews/guides/",
        f"/surveys/interviews/guides/{guide.pk}/",
        "/surveys/mentions/",
        f"/surveys/mentions/{number}/partner/",
        "/surveys/mentions/feeds/",
        f"/surveys/mentions/feeds/{feed.pk}/",
    ]
