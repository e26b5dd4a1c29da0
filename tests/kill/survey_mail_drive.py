"""What the kill tests of survey mail ask of their installation, each in a process of its own: `seed COUNT`,
`queue COUNT` (so many jobs that send), `free` (claims are as old as those nobody waits for), `state`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta

import django


def seed(count: int) -> None:
    from otklik.events.public import Actor
    from otklik.feedback.operations.surveys import ensure_survey
    from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind
    from otklik.feedback.tests.invited import invite, wave_of
    from otklik.kit.clock import now
    from otklik.partners.models import Address, Contact
    from tests.world import NOW, build_world

    world = build_world()
    by = Actor.person(world.anna.pk)
    version = ensure_survey(program_id=world.program.pk, name="Spring", kind=SurveyKind.NPS, by=by, at=NOW)
    wave = wave_of(version)
    for number in range(count):
        contact = Contact.objects.create(partner=world.aurora, name=f"Person {number}", created_at=NOW)
        value = f"p{number}@aurora.example"
        Address.objects.create(contact=contact, kind="email", value=value, normalised=value, is_primary=True)
        invite(
            wave,
            contact,
            state=InvitationState.PLANNED,
            sent_at=None,
            send_at=now() - timedelta(minutes=1),
            expires_at=now() + timedelta(days=30),
        )


def queue(count: int) -> None:
    from django_q.tasks import async_task

    from otklik.feedback.mail_jobs import SEND_MORE
    from otklik.kit.clock import now

    for _ in range(count):
        async_task(SEND_MORE, now().isoformat())


def free() -> None:
    from django.db.models import F

    from otklik.feedback.models import Invitation

    Invitation.objects.filter(state="sending").update(claimed_at=F("claimed_at") - timedelta(hours=1))


def state() -> dict[str, object]:
    from otklik.events.models import Event
    from otklik.feedback.models import Invitation
    from otklik.feedback.queries.sending import sending_state
    from otklik.kit.clock import now

    return {
        "states": Counter(Invitation.objects.values_list("state", flat=True)),
        "sent": sorted(Invitation.objects.filter(state="sent").values_list("address", flat=True)),
        "events": Event.objects.filter(kind="invitation.sent").count(),
        "uncertain_shown": sending_state(None, at=now()).uncertain,
    }


if __name__ == "__main__":
    django.setup()
    match sys.argv[1:]:
        case ["seed", count]:
            seed(int(count))
        case ["queue", count]:
            queue(int(count))
        case ["free"]:
            free()
        case _:
            print(json.dumps(state()))
