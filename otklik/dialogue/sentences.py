"""What a partner's timeline says of the dialogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.dialogue.labels import SIDES
from otklik.dialogue.rules.vocabulary import Side
from otklik.events.public import EventLine
from otklik.identity.public import Right
from otklik.partners.public import Names, Sentence


def _plain(text: object) -> Callable[[EventLine, Names], str]:
    return lambda line, names: str(text)


def _of_a_person(text: object) -> Callable[[EventLine, Names], str]:
    """The text says %(person)s."""

    def tell(line: EventLine, names: Names) -> str:
        ids = [subject.id for subject in line.subjects if subject.noun == "contact"]
        person = next((names.contacts[pk] for pk in ids if pk in names.contacts), _("Somebody"))
        return str(text) % {"person": person}

    return tell


def _with_day(text: object) -> Callable[[EventLine, Names], str]:
    """The text says %(day)s and may say %(side)s."""

    def tell(line: EventLine, names: Names) -> str:
        day = date_format(date.fromisoformat(line.data["due_on"]), "DATE_FORMAT")
        return str(text) % {"day": day, "side": SIDES[Side(line.data["side"])]}

    return tell


_TEXTS = {
    "announcement.published": (_plain, gettext_lazy("An announcement was published.")),
    "announcement.acknowledged": (_of_a_person, gettext_lazy("%(person)s confirmed an announcement.")),
    "announcement.asked": (_of_a_person, gettext_lazy("%(person)s asked about an announcement.")),
    "goal.proposed": (_with_day, gettext_lazy("A goal was proposed, due by %(day)s.")),
    "goal.agreed": (_with_day, gettext_lazy("A goal was agreed on, due by %(day)s.")),
    "goal.declined": (_with_day, gettext_lazy("A proposed goal was not agreed to.")),
    "goal.met": (_with_day, gettext_lazy("The goal due by %(day)s is met.")),
    "goal.missed": (_with_day, gettext_lazy("The goal due by %(day)s is missed.")),
    "goal.dropped": (_with_day, gettext_lazy("The goal due by %(day)s was dropped.")),
    "commitment.proposed": (_with_day, gettext_lazy("A commitment was proposed, due by %(day)s: %(side)s.")),
    "commitment.made": (_with_day, gettext_lazy("A promise was made for %(day)s: %(side)s.")),
    "commitment.agreed": (_with_day, gettext_lazy("A commitment was agreed on for %(day)s: %(side)s.")),
    "commitment.declined": (_with_day, gettext_lazy("A proposed commitment was not agreed to.")),
    "commitment.done": (_with_day, gettext_lazy("The promise for %(day)s is done: %(side)s.")),
    "commitment.dropped": (_with_day, gettext_lazy("The promise for %(day)s was dropped: %(side)s.")),
    "idea.written": (_of_a_person, gettext_lazy("%(person)s wrote an idea.")),
    "idea.state_changed": (_plain, gettext_lazy("An idea of theirs has a new state.")),
    "application.approved": (_plain, gettext_lazy("Their application was approved.")),
    "onboarding.started": (_plain, gettext_lazy("The onboarding began.")),
    "onboarding.step_done": (_plain, gettext_lazy("A step of the onboarding is done.")),
    "onboarding.finished": (_plain, gettext_lazy("The onboarding is finished.")),
    "news_mails.refused": (
        _of_a_person,
        gettext_lazy("%(person)s wants no copies of announcements by mail."),
    ),
}
_ICONS = {"announcement": "bell", "goal": "check", "commitment": "check", "idea": "star"}

SENTENCES = [
    Sentence(
        name,
        shape(text),
        icon=_ICONS.get(name.partition(".")[0], "activity"),
        right=Right.RUN_DIALOGUE if name.startswith(("goal", "commitment")) else None,
    )
    for name, (shape, text) in _TEXTS.items()
]
