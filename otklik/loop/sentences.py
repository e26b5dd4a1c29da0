"""What a partner's timeline says of the loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.events.public import EventLine
from otklik.identity.public import Right
from otklik.loop.labels import ASK_KINDS, FLOWS, IMPROVEMENT_STATES, OUTCOMES, WAYS
from otklik.loop.rules.vocabulary import AskKind, Flow, ImprovementState, Outcome, Way
from otklik.partners.public import Names, Sentence


def _words(line: EventLine, names: Names) -> dict[str, object]:
    """What a text may name."""
    data = line.data
    found: dict[str, object] = {"flow": FLOWS[Flow(data["flow"])]} if "flow" in data else {}
    if "ask" in data:
        found["ask"] = ASK_KINDS[AskKind(data["ask"])]
    if "improvement" in data:
        found["state"] = IMPROVEMENT_STATES[ImprovementState(data["improvement"])]
    if data.get("to"):
        found["person"] = names.staff.get(data["to"], _("Somebody"))
    if "way" in data or "how" in data:
        found["way"] = WAYS[Way(data.get("way") or data["how"])]
    if "outcome" in data:
        found["outcome"] = OUTCOMES[Outcome(data["outcome"])]
    if "due_on" in data:
        found["day"] = date_format(date.fromisoformat(data["due_on"]), "DATE_FORMAT")
    if "until" in data:
        found["day"] = date_format(datetime.fromisoformat(data["until"]), "DATE_FORMAT")
    return found | {name: data[name] for name in _FIGURES if name in data}


_FIGURES = ("before", "after", "score", "partners", "people")


def _telling(text: object) -> Callable[[EventLine, Names], str]:
    return lambda line, names: str(text) % _words(line, names)


_TEXTS = {
    "alert.raised": gettext_lazy("An alert was raised: %(flow)s."),
    "alert.score_changed": gettext_lazy(
        "The answer behind an alert was changed from %(before)s to %(score)s."
    ),
    "alert.assigned": gettext_lazy("An alert went to %(person)s."),
    "alert.escalated": gettext_lazy("An alert was escalated: nobody had spoken to them in time."),
    "alert.snoozed": gettext_lazy("An alert was put off until %(day)s."),
    "follow_up.noted": gettext_lazy("They were followed up: %(way)s."),
    "alert.promised": gettext_lazy("Something was promised after an alert, for %(day)s."),
    "alert.closed": gettext_lazy("An alert was closed: %(outcome)s."),
    "alert.partner_told": gettext_lazy("They were told what was done: %(way)s."),
    "alert.reopened": gettext_lazy("An alert was reopened."),
    "alert.re_ask_planned": gettext_lazy("They will be asked again on %(day)s."),
    "alert.re_asked": gettext_lazy("They were asked again after an alert."),
    "alert.answered_again": gettext_lazy("Asked again after an alert they gave %(after)s."),
}
_TEXTS |= {
    "ask.proposed": gettext_lazy("They are to be asked for something: %(ask)s."),
    "ask.asked": gettext_lazy("They were asked for something: %(ask)s."),
    "ask.agreed": gettext_lazy("They agreed to something: %(ask)s."),
    "ask.declined": gettext_lazy("They said no to something: %(ask)s."),
    "ask.delivered": gettext_lazy("What they agreed to came about: %(ask)s."),
    "ask.consent_withdrawn": gettext_lazy("They took their consent back: %(ask)s."),
    "ask.dropped": gettext_lazy("They are not asked after all: %(ask)s."),
    "ask.referred": gettext_lazy("A partner came of their referral."),
    "improvement.created": gettext_lazy("The improvement was written down: %(state)s."),
    "improvement.changed": gettext_lazy("What the improvement says was changed."),
    "improvement.moved": gettext_lazy("The improvement moved on: %(state)s."),
    "improvement.linked": gettext_lazy("Affected partners were added: %(partners)s."),
    "improvement.unlinked": gettext_lazy("Partners were taken out: %(partners)s."),
    "improvement.told": gettext_lazy(
        "Affected partners were told what we did: %(partners)s, people there: %(people)s."
    ),
}
_ICONS = {"follow_up.noted": "message", "alert.closed": "check", "alert.promised": "check"}

SENTENCES = [
    Sentence(name, _telling(text), icon=_ICONS.get(name, "bell"), right=Right.SEE_FEEDBACK)
    for name, text in _TEXTS.items()
]
