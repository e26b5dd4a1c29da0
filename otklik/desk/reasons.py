"""Why a machine decided as it did, in the reader's words. Rows and the log hold codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from otklik.desk.channels.mail.outgoing import NoWayOut
from otklik.desk.operations.delivery import NOBODY
from otklik.desk.operations.placing import Parked
from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.duplicates import Likeness
from otklik.desk.rules.mood import Sign
from otklik.desk.rules.priority import Factor
from otklik.desk.rules.routing import Excluded, Reason, Why
from otklik.partners.public import ROLE, label

FACTORS: dict[Factor, Promise] = {
    Factor.TIER: gettext_lazy("the partner's tier"),
    Factor.REVENUE: gettext_lazy("the partner's revenue"),
    Factor.ROLE: gettext_lazy("who writes"),
    Factor.MONEY_BLOCKED: gettext_lazy("money is blocked"),
    Factor.MOOD: gettext_lazy("the tone of the message"),
    Factor.AGE: gettext_lazy("waiting for long"),
    Factor.BREACH: gettext_lazy("the deadline is near"),
    Factor.TOPIC: gettext_lazy("the topic"),
    Factor.VIP: gettext_lazy("an important partner"),
}
REASONS: dict[Reason, Promise] = {
    Reason.ROUTED: gettext_lazy("chosen by routing"),
    Reason.TAKEN: gettext_lazy("taken"),
    Reason.BY_HAND: gettext_lazy("given by hand"),
    Reason.RULE: gettext_lazy("by a rule"),
    Reason.IGNORED: gettext_lazy("the owner did not react in time"),
    Reason.ABSENT: gettext_lazy("the owner is away"),
    Reason.LEFT: gettext_lazy("the owner has left"),
    Reason.BACK: gettext_lazy("the owner is back"),
    Reason.ESCALATED: gettext_lazy("escalated after a breach"),
    Reason.MERGED: gettext_lazy("came with a merged ticket"),
}
WHY: dict[Why, Promise] = {
    Why.ACCOUNT_MANAGER: gettext_lazy("own account manager"),
    Why.PREVIOUS_OWNER: gettext_lazy("had it before"),
    Why.LANGUAGE: gettext_lazy("speaks the language"),
    Why.SKILL: gettext_lazy("knows the topic"),
    Why.ONLINE: gettext_lazy("is online"),
    Why.OPEN_HOURS: gettext_lazy("is in working hours"),
    Why.FREE: gettext_lazy("has room"),
}
EXCLUDED: dict[Excluded, Promise] = {
    Excluded.INACTIVE: gettext_lazy("not active"),
    Excluded.OTHER_TEAM: gettext_lazy("another team"),
    Excluded.LANGUAGE: gettext_lazy("does not write in the language"),
    Excluded.SKILL: gettext_lazy("does not answer this topic"),
    Excluded.ABSENT: pgettext_lazy("routing", "absent"),
    Excluded.OFF_HOURS: gettext_lazy("outside working hours"),
    Excluded.OFFLINE: pgettext_lazy("routing", "offline"),
    Excluded.IGNORED_IT: gettext_lazy("did not react to it before"),
    Excluded.FULL: gettext_lazy("has no room"),
}
LIKENESS: dict[Likeness, Promise] = {
    Likeness.NUMBERS: gettext_lazy("the same numbers"),
    Likeness.SUBJECT: gettext_lazy("a like subject"),
    Likeness.TEXT: gettext_lazy("a like text"),
    Likeness.TIME: gettext_lazy("about the same time"),
    Likeness.OTHER_PERSON: gettext_lazy("another person"),
    Likeness.OTHER_CHANNEL: gettext_lazy("another channel"),
}
SIGNS: dict[Sign, Promise] = {
    Sign.ANGRY: gettext_lazy("angry words"),
    Sign.THREAT: gettext_lazy("threat to leave"),
    Sign.URGENT: gettext_lazy("urgent words"),
    Sign.TIRED: gettext_lazy("tired of waiting"),
    Sign.CAPITALS: gettext_lazy("written in capitals"),
    Sign.EXCLAMATION: gettext_lazy("exclamation marks"),
}
NOTES: dict[str, Promise] = {
    NOBODY: gettext_lazy("there is nobody to write to"),
    NoWayOut.__name__: gettext_lazy("there is no server to send with"),
}
PARKED: dict[Parked, Promise] = {
    Parked.OWN: gettext_lazy("our own mail come back"),
    Parked.TWIN: gettext_lazy("came to another mailbox as well"),
    Parked.AUTO_REPLY: gettext_lazy("automatic answer to nothing we know"),
    Parked.BULK: gettext_lazy("mailing to many"),
    Parked.BOUNCE: gettext_lazy("returned mail that we did not send"),
    Parked.REPORT: gettext_lazy("report about a survey's mail"),
}
_NOT_FACTS = ("kind", "points")


def priority_reason(reason: Mapping[str, Any]) -> str:
    """As in "the partner's tier: gold (+15)"."""
    kind = _told(FACTORS, reason.get("kind"))
    facts = [
        _fact(key, value)
        for key, value in reason.items()
        if key not in _NOT_FACTS and value not in ("", None)
    ]
    points = int(reason.get("points", 0))
    told = f"{kind}: {', '.join(facts)}" if facts else kind
    return f"{told} ({points:+d})"


def delivery_note(note: str) -> str:
    """What a mail server said stays as it said it; what we said is told in words."""
    return "; ".join(str(NOTES.get(part, part)) for part in note.split("; "))


def aside(reason: str) -> str:
    """Why a mail is in no ticket; errors stay as they were raised."""
    return str(PARKED.get(reason, reason))  # type: ignore[call-overload]


def _fact(name: str, value: Any) -> str:
    if name == "role":
        return label(ROLE, str(value))
    if name == "percentile":
        return _("more than %(share)s%% of partners") % {"share": value}
    if name == "hours":
        return _("%(n)s h") % {"n": value}
    if name in set(Sign):
        return _told(SIGNS, name)
    return str(value)


def of_event(kind: str, data: Mapping[str, Any], staff: Mapping[int, str]) -> list[str]:
    if kind == words.OWNER_CHANGED:
        return _of_owner(data, staff)
    if kind == words.PRIORITY_CHANGED and not data.get("by_hand"):
        return [priority_reason(reason) for reason in data.get("reasons") or () if isinstance(reason, dict)]
    return []


def staff_in(data: Mapping[str, Any]) -> set[int]:
    """Agents that an explanation names."""
    return {line["agent"] for line in _ranked(data) if isinstance(line.get("agent"), int)}


def likeness(why: tuple[Likeness, ...]) -> str:
    return ", ".join(str(LIKENESS[kind]) for kind in why)


def _of_owner(data: Mapping[str, Any], staff: Mapping[int, str]) -> list[str]:
    lines = [_told(REASONS, data.get("reason"))] if data.get("reason") else []
    queue = _explanation(data).get("queue_reason")
    if queue:
        lines.append(_("nobody was free: %(reason)s") % {"reason": _told(EXCLUDED, queue)})
    for ranked in _ranked(data):
        name = staff.get(ranked.get("agent") or 0, f"#{ranked.get('agent')}")
        if ranked.get("excluded_by"):
            against = ", ".join(_told(EXCLUDED, code) for code in ranked["excluded_by"])
            lines.append(_("%(name)s not: %(reasons)s") % {"name": name, "reasons": against})
        else:
            given = ", ".join(_told(WHY, code) for code in ranked.get("reasons") or ())
            lines.append(f"{name}: {given} ({ranked.get('points', 0)})")
    return lines


def _explanation(data: Mapping[str, Any]) -> Mapping[str, Any]:
    facts = data.get("facts")
    return facts if isinstance(facts, dict) else data


def _ranked(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [line for line in _explanation(data).get("ranked") or () if isinstance(line, dict)]


def _told(texts: Mapping[Any, Promise], code: Any) -> str:
    return next((str(text) for known, text in texts.items() if known == code), str(code))
