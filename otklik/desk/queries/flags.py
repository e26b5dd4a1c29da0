"""What was odd about how a message got into its ticket, in words for staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk.rules.threading import Flag
from otklik.desk.rules.vocabulary import FLAGGED
from otklik.events.public import recent

# Values of the log: the rules' own, and what taking mail in and sending add.
SAID: Mapping[str, Promise] = {
    Flag.FORGED_TOKEN: gettext_lazy("The reply address of this mail was made up or changed."),
    Flag.FOREIGN_TOKEN: gettext_lazy("Answers to a ticket in which its writer takes no part."),
    Flag.OTHER_SIDE_TOKEN: gettext_lazy(
        "Came to an address given to the other side: our mail was forwarded."
    ),
    Flag.FOREIGN_REFERENCE: gettext_lazy("Refers to a conversation in which its writer takes no part."),
    Flag.FOREIGN_NUMBER: gettext_lazy("Names the number of a ticket in which its writer takes no part."),
    Flag.MERGED: gettext_lazy("Was for a ticket that was merged into this one."),
    "unverified_colleague": gettext_lazy("Its writer claims to be a colleague; nothing proves it."),
    "sender_unproved": gettext_lazy("Nothing proves that the sender named here wrote this."),
    "sender_failed": gettext_lazy("The check of the sender failed: this is hardly from whom it names."),
    "unknown_sender": gettext_lazy("Nobody we know writes from this address."),
    "delivery_failed": gettext_lazy("A reply could not be delivered"),
    "delivery_retried": gettext_lazy("A reply is sent once more"),
}
# What an agent should know before answering; the rest is for the history.
_WARNINGS = frozenset(SAID) - {Flag.MERGED, "delivery_failed", "delivery_retried"} | {"same_matter"}
# The log of a long thread is not read through for each look at its page; its history goes further back.
_MOST_EVENTS = 400


def flag_text(data: Mapping[str, Any]) -> str:
    """ "" for a flag that has no words."""
    if data.get("flag") == "same_matter":
        numbers = ", ".join(f"#{number}" for number in data.get("tickets") or ())
        return _("Maybe the same matter: %(tickets)s") % {"tickets": numbers}
    return str(SAID.get(str(data.get("flag")), ""))


def warnings_of(family: Sequence[int]) -> dict[int, list[str]]:
    """By message. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    for _id, data in recent("ticket", family, kind=FLAGGED, among=_MOST_EVENTS):
        message = data.get("message")
        if isinstance(message, int) and data.get("flag") in _WARNINGS:
            found[message].append(flag_text(data))
    return dict(found)
