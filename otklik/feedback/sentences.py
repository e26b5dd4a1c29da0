"""What a partner's timeline says about answers."""

from __future__ import annotations

from django.utils.translation import gettext as _

from otklik.events.public import EventLine
from otklik.feedback.voice_labels import MENTION_SENTENCES
from otklik.identity.public import Right
from otklik.partners.public import Names, Sentence


def _answered(line: EventLine, names: Names) -> str:
    ids = [subject.id for subject in line.subjects if subject.noun == "contact"]
    name = next((names.contacts[one] for one in ids if one in names.contacts), "")
    facts = {"name": name, "score": line.data.get("score"), "kind": str(line.data.get("kind", "")).upper()}
    if name:
        return _("%(name)s answered %(score)s (%(kind)s).") % facts
    return _("An answer without a name: %(score)s (%(kind)s).") % facts


def _changed(line: EventLine, names: Names) -> str:
    ids = [subject.id for subject in line.subjects if subject.noun == "contact"]
    name = next((names.contacts[one] for one in ids if one in names.contacts), "")
    before, after = line.data.get("before"), line.data.get("score")
    facts = {"name": name, "score": after, "before": before, "kind": str(line.data.get("kind", "")).upper()}
    if before != after:
        return _("%(name)s changed the answer from %(before)s to %(score)s (%(kind)s).") % facts
    return _("%(name)s added to the answer %(score)s (%(kind)s).") % facts


answered = Sentence("response.recorded", _answered, "message", Right.SEE_FEEDBACK)
changed = Sentence("response.changed", _changed, "message", Right.SEE_FEEDBACK)


def _interviewed(line: EventLine, names: Names) -> str:
    ids = [subject.id for subject in line.subjects if subject.noun == "contact"]
    name = next((names.contacts[one] for one in ids if one in names.contacts), "")
    score = line.data.get("score")
    if name and score is not None:
        return _("Interview with %(name)s, score %(score)s.") % {"name": name, "score": score}
    if name:
        return _("Interview with %(name)s.") % {"name": name}
    return _("Interview with the partner.")


def _mentioned(line: EventLine, names: Names) -> str:
    return str(MENTION_SENTENCES[line.data.get("sentiment")])


def _attached(line: EventLine, names: Names) -> str:
    # The line stands with the partner it was taken from as well.
    if not line.data.get("to"):
        return _("A public mention turned out to be about somebody else.")
    return str(MENTION_SENTENCES[line.data.get("sentiment")])


VOICES = (
    Sentence("interview.recorded", _interviewed, "phone", Right.SEE_FEEDBACK),
    Sentence("mention.recorded", _mentioned, "globe", Right.SEE_FEEDBACK),
    Sentence("mention.attached", _attached, "globe", Right.SEE_FEEDBACK),
)
