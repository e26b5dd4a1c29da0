"""What workers and the post do for the journeys of the loop and the map: run inside a house's data folder.
Reads a verb with its words from each line, does it and prints the addresses it made as a line of JSON. Mails
are taken for delivered: what is in them is a link.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

VERA, GLEB = "vera@aurora.example", "gleb@aurora.example"
CAUSES = {"en": "Payouts are late", "ru": "Выплаты опаздывают"}


def ready(language: str) -> dict[str, Any]:
    """A survey that asks everybody, and one more for whoever is asked again after an alert was closed; a rule
    for low scores and a root cause where there are none."""
    from otklik.events.public import Actor
    from otklik.feedback.models import AskingRules
    from otklik.feedback.public import (
        Plan,
        StandardForm,
        SurveyKind,
        WaveMode,
        create_survey,
        create_wave,
        standard_form,
        start_wave,
    )
    from otklik.kit.clock import now
    from otklik.loop.public import (
        AlertRule,
        Conditions,
        RootCause,
        RuleKind,
        RuleTerms,
        create_cause,
        create_rule,
    )
    from otklik.partners.models import Contact

    at, by = now(), Actor.system()
    program = Contact.objects.filter(addresses__value=VERA).get().partner.program_id
    AskingRules.objects.update_or_create(program_id=program, defaults={"cooldown_days": 0})
    Contact.objects.filter(partner__program_id=program).update(languages=[language])
    if not AlertRule.objects.filter(program_id=program, is_active=True).exists():
        low = Conditions(scores=frozenset(range(7)))
        create_rule(program_id=program, terms=RuleTerms("Low", RuleKind.SCORE, low), by=by, at=at)
    if not RootCause.objects.filter(program_id=program).exists():
        create_cause(program_id=program, names=CAUSES, by=by, at=at)
    draft = standard_form(StandardForm.RELATIONAL)
    version = create_survey(
        program_id=program, name=f"Loop {language} {at}", kind=SurveyKind.NPS, wording=draft.wording,
        questions=draft.questions, by=by, at=at,
    )  # fmt: skip
    asking = {"survey_id": version.survey_id, "by": by, "at": at}
    again = create_wave(name="Once more", mode=WaveMode.EVENT, plan=Plan(event="loop.closed"), **asking)
    start_wave(wave_id=again.pk, by=by, at=at)
    closes = at + timedelta(days=20)
    wave = create_wave(
        name=f"Autumn {language}", mode=WaveMode.WAVE, plan=Plan(seed="1"), closes_at=closes, **asking
    )
    return {"wave": wave.pk, "again": again.pk}


def asked(language: str) -> dict[str, Any]:
    """The same, with the survey sent to everybody."""
    from otklik.events.public import Actor
    from otklik.feedback.public import start_wave
    from otklik.kit.clock import now

    there = ready(language)
    start_wave(wave_id=there["wave"], by=Actor.system(), at=now())
    return {**there, "links": sent(there["wave"])}


def sent(wave_id: str | int) -> dict[str, str]:
    """Address -> the page that its mail leads to."""
    from otklik.feedback.public import Invitation, InvitationState
    from otklik.feedback.tokens import invitation_token
    from otklik.kit.clock import now

    work()
    waiting = Invitation.objects.filter(wave_id=wave_id, state=InvitationState.PLANNED)
    waiting.update(state=InvitationState.SENT, sent_at=now())
    rows = Invitation.objects.filter(wave_id=wave_id, state=InvitationState.SENT)
    return {row.address: f"/a/{invitation_token(row.pk)}/" for row in rows}


def again(wave_id: str) -> dict[str, str]:
    """The day has come on which somebody is asked once more."""
    from otklik.kit.clock import now
    from otklik.loop.jobs import ask_again_now
    from otklik.loop.models import ReAsk

    ReAsk.objects.filter(asked_at=None).update(due_on=now().date())
    ask_again_now()
    return sent(wave_id)


def work() -> None:
    """What waits in the queue, in order, until nothing does."""
    from django.utils.module_loading import import_string
    from django_q.models import OrmQ
    from django_q.signing import SignedPackage

    while rows := list(OrmQ.objects.order_by("pk")[:50]):
        for row in rows:
            task = SignedPackage.loads(row.payload)
            row.delete()
            import_string(task["func"])(*task["args"], **task["kwargs"])


if __name__ == "__main__":
    import django

    django.setup()
    verbs = {"ready": ready, "asked": asked, "sent": sent, "again": again, "work": work}
    for line in sys.stdin:
        verb, *words = line.split()
        print(json.dumps(verbs[verb](*words)), flush=True)
