"""What a partner's timeline says of ties, tasks and plans."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.events.public import EventLine
from otklik.identity.public import Right
from otklik.partners.public import Names, Sentence
from otklik.relationships.labels import TIE_LEVELS, what_word
from otklik.relationships.rules.vocabulary import TieLevel


def _person(line: EventLine, names: Names) -> str:
    ids = [subject.id for subject in line.subjects if subject.noun == "contact"]
    return next((names.contacts[pk] for pk in ids if pk in names.contacts), _("Somebody"))


def _plain(text: object) -> Callable[[EventLine, Names], str]:
    return lambda line, names: str(text)


def _of_a_person(text: object) -> Callable[[EventLine, Names], str]:
    """The text says %(person)s."""
    return lambda line, names: str(text) % {"person": _person(line, names)}


def _of_a_tie(text: object) -> Callable[[EventLine, Names], str]:
    def tell(line: EventLine, names: Names) -> str:
        level = TIE_LEVELS[TieLevel(line.data["after"])]
        return str(text) % {"person": _person(line, names), "level": level}

    return tell


def _of_a_task(text: object) -> Callable[[EventLine, Names], str]:
    def tell(line: EventLine, names: Names) -> str:
        what = what_word(line.data["kind"], line.data["what"])
        return str(text) % {"person": _person(line, names), "what": what}

    return tell


_TEXTS = {
    "tie.stated": (_of_a_tie, gettext_lazy("The tie to %(person)s was judged: %(level)s.")),
    "tie.removed": (_of_a_person, gettext_lazy("A tie to %(person)s was taken off the map.")),
    "influence_line.stated": (_of_a_person, gettext_lazy("The influence of %(person)s was put on the map.")),
    "influence_line.removed": (
        _of_a_person,
        gettext_lazy("A line of %(person)s's influence was taken off the map."),
    ),
    "expected_scores.entered": (_plain, gettext_lazy("Expected scores were entered.")),
    "wave.signed_off": (_plain, gettext_lazy("Whom there is to ask was signed off before a wave.")),
    "call_to_action.raised": (_of_a_task, gettext_lazy("A task came up: %(person)s, %(what)s.")),
    "call_to_action.done": (_of_a_task, gettext_lazy("A task is done: %(person)s, %(what)s.")),
    "call_to_action.dropped": (_of_a_task, gettext_lazy("A task was dropped: %(person)s, %(what)s.")),
}
_ICONS = {"tie": "users", "influence_line": "users", "call_to_action": "check"}

SENTENCES = [
    Sentence(name, shape(text), icon=_ICONS.get(name.partition(".")[0], "activity"), right=Right.SEE_FEEDBACK)
    for name, (shape, text) in _TEXTS.items()
]
