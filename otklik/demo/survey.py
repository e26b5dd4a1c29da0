"""The demo's survey: its form, and one wave of the last months with who was asked and who answered.

The story's answers stay what they are: those by mail of people who were invited are told as answers to their
invitation, so that no figure moves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from otklik.demo.story import SEED, Answer
from otklik.events.public import Actor
from otklik.feedback.public import (
    GivenAnswer,
    Invitation,
    InvitationState,
    MailEnd,
    Plan,
    SettledMail,
    StandardForm,
    WaveMode,
    claim_invitation,
    close_wave,
    create_survey,
    create_wave,
    plan_wave,
    settle_mails,
    standard_form,
    start_wave,
    take_answers,
)
from otklik.kit.chunks import in_chunks

ASKED = 700
# Two months ago: whoever is asked on its first day answers within the month, or in the next one.
WAVE_MONTH = -2
OPEN_FOR = timedelta(days=80)
CHUNK = 300


def make_survey(program_id: int, *, by: Actor, at: datetime) -> tuple[int, int]:
    """(survey, its version)"""
    draft = standard_form(StandardForm.RELATIONAL)
    version = create_survey(
        program_id=program_id,
        name="Partner NPS",
        kind=draft.kind,
        wording=draft.wording,
        questions=draft.questions,
        by=by,
        at=at,
    )
    return version.survey_id, version.pk


class Wave:
    def __init__(self, survey_id: int, *, starts: datetime, before: Callable[[int], None], by: Actor) -> None:
        """Asked, and every mail has arrived: nothing of it is ever sent to anybody. ``before``: what is done
        with the wave's id before it starts."""
        self.by, self.starts = by, starts
        wave = create_wave(
            survey_id=survey_id,
            name=f"{starts:%B %Y}",
            mode=WaveMode.WAVE,
            plan=Plan(total=ASKED, seed=str(SEED)),
            closes_at=starts + OPEN_FOR,
            by=by,
            at=starts,
        )
        self.id = wave.pk
        before(wave.pk)
        start_wave(wave_id=wave.pk, by=by, at=starts)
        plan_wave(wave_id=wave.pk, clock=lambda: starts)
        self.asked = self._send()

    def _send(self) -> dict[int, tuple[int, datetime]]:
        """Contact -> invitation, and when it arrived."""
        waiting = Invitation.objects.filter(wave_id=self.id, state=InvitationState.PLANNED)
        rows = waiting.order_by("send_at").values_list("pk", "send_at", "contact_id")
        asked: dict[int, tuple[int, datetime]] = {}
        for chunk in in_chunks(rows, CHUNK):
            arrived = []
            for pk, send_at, contact_id in chunk:
                moment = send_at or self.starts
                claim = claim_invitation(invitation_id=pk, by=self.by, at=moment)
                if claim is not None:
                    arrived.append(SettledMail(claim, MailEnd.TAKEN))
                    asked[contact_id] = (pk, moment)
            settle_mails(arrived, by=self.by, at=moment)
        return asked

    def take(self, told: Sequence[Answer], contact_ids: dict[str, int]) -> list[Answer]:
        """The answers that came some other way are given back."""
        given, others = [], []
        for one in told:
            invitation, arrived = self.asked.get(contact_ids[one.person.key], (0, one.at))
            if not invitation or one.channel != "email" or one.at < arrived:
                others.append(one)
                continue
            given.append(
                GivenAnswer(
                    one.score,
                    one.at,
                    invitation_id=invitation,
                    comment=one.text,
                    language=one.company.land.language,
                    device=one.person.key,
                    network=one.company.key,
                )
            )
        take_answers(given, by=self.by)
        return others

    def close(self, *, at: datetime) -> None:
        close_wave(wave_id=self.id, by=self.by, at=min(at, self.starts + OPEN_FOR))
