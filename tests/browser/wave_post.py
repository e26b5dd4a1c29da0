"""What the worker does for a wave, in the order it is told: run inside a house's data folder, with a mail
server to use.

Invitations and reminders leave in working hours days from now; here their hour has come.
"""

from __future__ import annotations

import sys
from datetime import timedelta


def speak_russian() -> None:
    from otklik.partners.models import Contact

    Contact.objects.update(languages=["ru"])


def plan() -> None:
    from otklik.feedback import wave_jobs
    from otklik.feedback.models import Wave
    from otklik.feedback.rules.vocabulary import WaveState

    for pk in Wave.objects.filter(state=WaveState.PLANNING).values_list("pk", flat=True):
        wave_jobs.plan_wave(pk)


def send(hour: str = "send_at") -> None:
    from otklik.feedback.mail_jobs import send_due
    from otklik.feedback.models import Invitation
    from otklik.kit.clock import now

    due = now() - timedelta(minutes=1)
    Invitation.objects.exclude(**{hour: None}).update(**{hour: due})
    send_due()


def remind() -> None:
    send("remind_at")


if __name__ == "__main__":
    import django

    django.setup()
    verbs = {"ru": speak_russian, "plan": plan, "send": send, "remind": remind}
    for word in sys.argv[1:]:
        verbs[word]()
