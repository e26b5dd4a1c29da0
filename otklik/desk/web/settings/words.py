"""What the language of rules is called on screen."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.desk.operations.acting import Why
from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.automation import ActionKind, Breach, Field, Op, Problem
from otklik.desk.rules.automation_plan import Stopped

FIELD: Mapping[Field, Promise] = {
    Field.STATUS: _("Status"),
    Field.PRIORITY: _("Priority"),
    Field.TOPIC: _("Topic"),
    Field.TEAM: _("Team"),
    Field.CHANNEL: _("Channel"),
    Field.TIER: _("Partner's tier"),
    Field.COUNTRY: _("Partner's country"),
    Field.REVENUE: _("Partner's revenue"),
    Field.ROLE: _("Role of the writer"),
    Field.LANGUAGE: _("Language"),
    Field.BREACH: _("Deadline"),
    Field.OWNER_SET: _("Somebody has it"),
    Field.TAGS: _("Tag"),
    Field.SUBJECT: _("Subject"),
    Field.TEXT: _("Text of the last message"),
    Field.HOURS_SINCE_CREATED: _("Hours since it came in"),
    Field.HOURS_SINCE_INCOMING: _("Hours since their last message"),
    Field.HOURS_SINCE_OUTGOING: _("Hours since our last answer"),
    Field.HOURS_SINCE_SOLVED: _("Hours since it was solved"),
}
# "is" and "is one of" ask the same of a list: the page shows one of them.
OP: Mapping[Op, Promise] = {
    Op.IS: pgettext_lazy("condition", "is"),
    Op.IN: pgettext_lazy("condition", "is one of"),
    Op.NOT_IN: pgettext_lazy("condition", "is none of"),
    Op.HAS: pgettext_lazy("condition", "is there"),
    Op.HAS_NOT: pgettext_lazy("condition", "is not there"),
    Op.CONTAINS: pgettext_lazy("condition", "contains one of"),
    Op.CONTAINS_NOT: pgettext_lazy("condition", "contains none of"),
    Op.AT_LEAST: pgettext_lazy("condition", "is at least"),
    Op.AT_MOST: pgettext_lazy("condition", "is at most"),
}
BREACH: Mapping[Breach, Promise] = {
    Breach.NONE: pgettext_lazy("deadline of a ticket", "far enough away"),
    Breach.WARNED: pgettext_lazy("deadline of a ticket", "close"),
    Breach.BREACHED: pgettext_lazy("deadline of a ticket", "missed"),
}
ACTION: Mapping[ActionKind, Promise] = {
    ActionKind.SET_STATUS: _("Set the status"),
    ActionKind.SET_PRIORITY: _("Set the priority"),
    ActionKind.SET_TOPIC: _("Set the topic"),
    ActionKind.SET_TEAM: _("Hand over to the team"),
    ActionKind.ASSIGN: _("Give to"),
    ActionKind.ADD_TAG: _("Add the tag"),
    ActionKind.NOTIFY: _("Send a mail to"),
    ActionKind.SEND_CANNED: _("Answer with"),
    ActionKind.ADD_NOTE: _("Write an internal note"),
    ActionKind.ASK_DEPARTMENT: _("Ask another department"),
}
NOTIFIED: Mapping[str, Promise] = {
    "owner": pgettext_lazy("who is told", "whoever has the ticket"),
    "team": pgettext_lazy("who is told", "everybody in its team"),
    "manager": pgettext_lazy("who is told", "the partner's account manager"),
}
EVENT: Mapping[str, Promise] = {
    words.TICKET_CREATED: _("A ticket comes in"),
    words.MESSAGE_RECEIVED: _("The partner writes"),
    words.MESSAGE_SENT: _("We answer"),
    words.STATUS_CHANGED: _("The status changes"),
    words.OWNER_CHANGED: _("Somebody gets or loses the ticket"),
    words.TEAM_CHANGED: _("The team changes"),
    words.PRIORITY_CHANGED: _("The priority changes"),
    words.TOPIC_CHANGED: _("The topic changes"),
    words.PARTNER_SET: _("It becomes known whose ticket it is"),
    words.SUB_REQUEST_ANSWERED: _("Another department answers"),
    words.SLA_WARNED: _("A deadline comes close"),
    words.SLA_BREACHED: _("A deadline is missed"),
    words.RATED: _("The partner rates our help"),
}
PROBLEM: Mapping[Problem, Promise] = {
    Problem.MISSING: _("Something is missing here."),
    Problem.UNKNOWN: _("Choose one from the list."),
    Problem.NOT_FOR_THIS_FIELD: _("This cannot be asked of this field. Choose another comparison."),
    Problem.BAD_VALUE: _("Fill this in: a value of this kind is needed."),
    Problem.TOO_MANY: _("That is too many. Make two rules of it."),
    Problem.EMPTY: _("Fill this in."),
}
WHY: Mapping[Why, Promise] = {
    Why.NOT_ALLOWED: _("the ticket's status did not lead there"),
    Why.GONE: _("what it names is no longer there"),
    Why.NOBODY: _("there was nobody to write to"),
    Why.MISSING: _("a variable of the canned answer had no value"),
    Why.NOT_ANSWERED_BY_MACHINES: _("the partner had enough automatic answers that day"),
    Why.ASKED_ALREADY: _("the department was asked already"),
}
STOPPED: Mapping[Stopped, Promise] = {
    Stopped.FIRED_BEFORE: _("kept from firing once more: its own work had set it off again"),
    Stopped.TOO_DEEP: _("kept from firing: too many rules had set each other off"),
}
