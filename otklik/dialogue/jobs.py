"""What workers do for the dialogue. May be run twice, or beside itself, without harm."""

from __future__ import annotations

from otklik.dialogue.operations.mailing import mail_news, remind, tell_done
from otklik.dialogue.operations.telling_staff import tell_staff
from otklik.jobs.public import every
from otklik.kit.clock import now


def register() -> None:
    every("dialogue.mail_news", "otklik.dialogue.jobs.mail_news_now", minutes=1)
    every("dialogue.remind", "otklik.dialogue.jobs.remind_now", minutes=60)
    every("dialogue.tell_done", "otklik.dialogue.jobs.tell_done_now", minutes=10)
    every("dialogue.tell_staff", "otklik.dialogue.jobs.tell_staff_now", minutes=20)


def mail_news_now() -> None:
    mail_news(at=now())


def remind_now() -> None:
    remind(at=now())


def tell_done_now() -> None:
    tell_done(at=now())


def tell_staff_now() -> None:
    tell_staff(at=now())
