"""What happened to a ticket, in words, from the event log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from otklik.desk import labels, reasons
from otklik.desk.models import Ticket, Topic, Trigger
from otklik.desk.queries.flags import flag_text
from otklik.desk.rules import vocabulary as words
from otklik.events.public import ActorKind, EventLine, timeline
from otklik.identity.public import Team, names_of
from otklik.partners.public import Contact

MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class HistoryLine:
    text: str
    happened_at: datetime
    by: str
    details: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Names:
    staff: Mapping[int, str]
    teams: Mapping[int, str]
    topics: Mapping[int, str]
    triggers: Mapping[int, str]
    contacts: Mapping[int, str]

    def by(self, line: EventLine) -> str:
        known = {ActorKind.PERSON: self.staff, ActorKind.CONTACT: self.contacts}
        return known.get(ActorKind(line.actor_kind), {}).get(line.actor_id or 0, "")


def history(ticket: Ticket) -> list[HistoryLine]:
    """Newest first, at most MOST_LINES. Eight queries at most."""
    lines = timeline("ticket", ticket.pk, limit=MOST_LINES)
    names = _names(lines)
    shown = []
    for line in lines:
        tell = _TOLD.get(line.kind)
        text = tell(line.data, names) if tell else ""
        if text:
            details = reasons.of_event(line.kind, line.data, names.staff)
            shown.append(HistoryLine(text, line.happened_at, names.by(line), details))
    return shown


def _names(lines: Sequence[EventLine]) -> _Names:
    staff: set[int] = set()
    teams: set[int] = set()
    topics: set[int] = set()
    triggers: set[int] = set()
    for line in lines:
        if line.actor_kind == ActorKind.PERSON and line.actor_id:
            staff.add(line.actor_id)
        ends = {line.data.get("before"), line.data.get("after")}
        numbers = {end for end in ends if isinstance(end, int)}
        if line.kind == words.OWNER_CHANGED:
            staff |= numbers | reasons.staff_in(line.data)
        elif line.kind == words.TOPIC_CHANGED:
            topics |= numbers
        elif line.kind == words.TEAM_CHANGED:
            teams |= numbers
        teams |= {team for team in (line.data.get("team"),) if isinstance(team, int)}
        triggers |= {pk for pk in (line.data.get("trigger"),) if isinstance(pk, int)}
        staff |= {pk for pk in line.data.get("mentions") or () if isinstance(pk, int)}
    return _Names(
        names_of(staff),
        dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")) if teams else {},
        _topics(topics),
        dict(Trigger.objects.filter(pk__in=triggers).values_list("pk", "name")) if triggers else {},
        _contacts(lines),
    )


def _contacts(lines: Iterable[EventLine]) -> dict[int, str]:
    ids = {line.actor_id for line in lines if line.actor_kind == ActorKind.CONTACT and line.actor_id}
    return dict(Contact.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _topics(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    from otklik.desk.templatetags.desk_words import topic_name

    return {topic.pk: topic_name(topic) for topic in Topic.objects.filter(pk__in=ids)}


Data = Mapping[str, Any]
Tell = Callable[[Data, _Names], str]


def _created(data: Data, names: _Names) -> str:
    return _("Begun: %(channel)s") % {"channel": labels.label(labels.CHANNEL, str(data.get("channel", "")))}


def _status(data: Data, names: _Names) -> str:
    before, after = (labels.label(labels.STATUS, str(data.get(key, ""))) for key in ("before", "after"))
    return _("Status: %(before)s → %(after)s") % {"before": before, "after": after}


def _priority(data: Data, names: _Names) -> str:
    before, after = (labels.label(labels.PRIORITY, str(data.get(key, ""))) for key in ("before", "after"))
    return _("Priority: %(before)s → %(after)s") % {"before": before, "after": after}


def _owner(data: Data, names: _Names) -> str:
    after = data.get("after")
    if after is None:
        return _("Back to the queue: nobody owns it now")
    return _("Given to %(name)s") % {"name": names.staff.get(after, f"#{after}")}


def _team(data: Data, names: _Names) -> str:
    after = data.get("after")
    if after is None:
        return _("Taken from its team")
    return _("Moved to the team %(name)s") % {"name": names.teams.get(after, f"#{after}")}


def _topic(data: Data, names: _Names) -> str:
    after = data.get("after")
    if after is None:
        return _("Topic taken away")
    return _("Topic: %(name)s") % {"name": names.topics.get(after, f"#{after}")}


def _merged(data: Data, names: _Names) -> str:
    if data.get("role") == "source":
        return _("Merged into #%(id)s") % {"id": data.get("into")}
    return _("#%(id)s was merged into this ticket") % {"id": data.get("other")}


def _question(text: str) -> Tell:
    def tell(data: Data, names: _Names) -> str:
        return text % {"team": names.teams.get(data.get("team") or 0, "")}

    return tell


def _clock(said: Callable[[str], str]) -> Tell:
    def tell(data: Data, names: _Names) -> str:
        kind = str(data.get("kind") or data.get("clock") or "")
        return said(labels.label(labels.CLOCK, kind))

    return tell


def _trigger(data: Data, names: _Names) -> str:
    return _("Rule “%(name)s”") % {"name": names.triggers.get(data.get("trigger") or 0, "")}


def _note(data: Data, names: _Names) -> str:
    mentioned = [names.staff[pk] for pk in data.get("mentions") or () if pk in names.staff]
    if mentioned:
        return _("Internal note, %(names)s mentioned") % {"names": ", ".join(mentioned)}
    return _("Internal note")


def _received(data: Data, names: _Names) -> str:
    verdict = data.get("verdict")
    if verdict not in (None, words.Verdict.PERSON):
        return labels.label(labels.VERDICT, str(verdict)).capitalize()
    return _("Message received")


def _shared(data: Data, names: _Names) -> str:
    if data.get("to_partner") and data.get("to_customer"):
        return _("A message is shown to the partner and the end customer")
    if data.get("to_customer"):
        return _("A message is shown to the end customer")
    if data.get("to_partner"):
        return _("A message is shown to the partner")
    return _("A message is for staff only again")


_TOLD: dict[str, Tell] = {
    words.TICKET_CREATED: _created,
    words.FLAGGED: lambda data, names: flag_text(data),
    words.MESSAGE_RECEIVED: _received,
    words.MESSAGE_SENT: lambda data, names: _("Reply sent"),
    words.MESSAGE_TAKEN_BACK: lambda data, names: _("Reply taken back"),
    words.MESSAGE_BOUNCED: lambda data, names: _("A reply came back undelivered"),
    words.NOTE_WRITTEN: _note,
    words.STATUS_CHANGED: _status,
    words.OWNER_CHANGED: _owner,
    words.TEAM_CHANGED: _team,
    words.PRIORITY_CHANGED: _priority,
    words.TOPIC_CHANGED: _topic,
    words.SUBJECT_CHANGED: lambda data, names: _("Subject changed"),
    words.LANGUAGE_CHANGED: lambda data, names: _("Language changed"),
    words.TAGS_CHANGED: lambda data, names: _("Tags changed"),
    words.PARTNER_SET: lambda data, names: _("It was said whose ticket this is"),
    words.TICKET_MERGED: _merged,
    words.TICKET_SPLIT: lambda data, names: _("Messages split off into #%(id)s") % {"id": data.get("into")},
    words.TICKET_LINKED: lambda data, names: _("Linked with #%(id)s") % {"id": data.get("other")},
    words.SUB_REQUEST_ASKED: lambda data, names: _question(_("Question to %(team)s"))(data, names),
    words.SUB_REQUEST_ANSWERED: lambda data, names: _question(_("%(team)s answered"))(data, names),
    words.SUB_REQUEST_CANCELLED: lambda data, names: _question(_("Question to %(team)s taken back"))(
        data, names
    ),
    words.SLA_WARNED: _clock(lambda clock: _("Soon overdue: %(clock)s") % {"clock": clock}),
    words.SLA_BREACHED: _clock(lambda clock: _("Overdue: %(clock)s") % {"clock": clock}),
    words.CALL_LOGGED: lambda data, names: _("Call written down"),
    words.CALLBACK_ASKED: lambda data, names: _("Call back promised"),
    words.CALLBACK_DONE: lambda data, names: (
        _("Called back: reached") if data.get("reached") else _("Called back: not reached")
    ),
    words.TRIGGER_APPLIED: _trigger,
    words.TICKET_UNLINKED: lambda data, names: _("No longer linked with #%(id)s") % {"id": data.get("other")},
    words.CUSTOMER_SET: lambda data, names: (
        _("The end customer takes part now")
        if data.get("after")
        else _("The end customer takes no part any more")
    ),
    words.PARTICIPANT_ADDED: lambda data, names: _("Somebody from outside was added"),
    words.PARTICIPANT_REMOVED: lambda data, names: _("Somebody from outside was taken out"),
    words.MESSAGE_SHARED: _shared,
    words.RATED: lambda data, names: (
        _("The partner rated the help: %(value)s of 5") % {"value": data.get("value")}
    ),
}
