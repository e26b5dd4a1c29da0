"""What a partner's timeline says of what was told without a person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from otklik.assist.labels import INTENTS, NOTICES
from otklik.assist.rules.vocabulary import AnswerOutcome, Intent, NoticeKind
from otklik.events.public import EventLine
from otklik.identity.public import Right
from otklik.partners.public import Names, Sentence


def _told(line: EventLine, names: Names) -> str:
    if line.data.get("outcome") == AnswerOutcome.SUGGESTED:
        return ""
    return _("Answered automatically: %(asked)s.") % {"asked": INTENTS[Intent(line.data["intent"])]}


def _noticed(line: EventLine, names: Names) -> str:
    return _("Told before they asked: %(what)s.") % {"what": NOTICES[NoticeKind(line.data["kind"])]}


SENTENCES = (
    Sentence("answer.told", _told, "message", Right.SEE_TICKETS),
    Sentence("notice.made", _noticed, "bell", Right.SEE_TICKETS),
)
