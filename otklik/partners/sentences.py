"""The timeline's sentences for the events of this app."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from otklik.events.public import EventLine
from otklik.kit.registry import Registry
from otklik.partners import labels
from otklik.partners.labels import label
from otklik.partners.queries import country_name, language_name
from otklik.partners.timeline import Names, Sentence


def register(sentences: Registry[Sentence]) -> None:
    for sentence in (
        Sentence("partner.created", _partner_created, "building"),
        Sentence("partner.changed", _partner_changed, "edit"),
        Sentence("partner.manager_changed", _manager_changed, "user"),
        Sentence("partner.merged", _partner_merged, "copy"),
        Sentence("partner.erased", _partner_erased, "trash"),
        Sentence("contact.created", _contact_created, "plus"),
        Sentence("contact.changed", _contact_changed, "edit"),
        Sentence("contact.role_changed", _role_changed, "star"),
        Sentence("contact.merged", _contact_merged, "copy"),
        Sentence("contact.erased", _contact_erased, "trash"),
    ):
        sentences.add(sentence)


def _partner_created(line: EventLine, names: Names) -> str:
    manager = names.staff.get(line.data.get("manager_id") or 0)
    if manager:
        return _("The partner was added, with %(manager)s as account manager.") % {"manager": manager}
    return _("The partner was added.")


def _partner_changed(line: EventLine, names: Names) -> str:
    return _changes(line)


def _manager_changed(line: EventLine, names: Names) -> str:
    before = names.staff.get(line.data.get("from") or 0)
    after = names.staff.get(line.data.get("to") or 0)
    if before and after:
        told = _("The account manager changed from %(before)s to %(after)s.")
        return told % {"before": before, "after": after}
    if after:
        return _("%(after)s became the account manager.") % {"after": after}
    return _("The partner was left without an account manager.")


def _partner_merged(line: EventLine, names: Names) -> str:
    return _("Partner no. %(id)s was merged into this one.") % {"id": line.data.get("merged_id")}


def _partner_erased(line: EventLine, names: Names) -> str:
    return _("The partner's data were erased.")


def _contact_created(line: EventLine, names: Names) -> str:
    return _("%(name)s was added to the contacts.") % {"name": _name(line, names)}


def _contact_changed(line: EventLine, names: Names) -> str:
    return f"{_name(line, names)}: {_changes(line)}"


def _role_changed(line: EventLine, names: Names) -> str:
    data = line.data
    fact, name = data.get("fact"), _name(line, names)
    if fact == "role":
        if not data.get("to"):
            told = _("%(name)s: the role follows from the facts again: %(role)s.")
        else:
            told = _("%(name)s: the role was set to “%(role)s”, whatever the facts say.")
        return told % {"name": name, "role": label(labels.ROLE, data.get("role", ""))}
    known: Any = labels.AUTHORITY if fact == "authority" else labels.INFLUENCE
    told = (
        _("%(name)s: decision authority is now “%(after)s” (was “%(before)s”).")
        if fact == "authority"
        else _("%(name)s: influence is now “%(after)s” (was “%(before)s”).")
    )
    text = told % {
        "name": name,
        "after": label(known, data.get("to", "")),
        "before": label(known, data.get("from", "")),
    }
    if data.get("role_from") != data.get("role"):
        text += " " + _("The role became: %(role)s.") % {"role": label(labels.ROLE, data.get("role", ""))}
    return text


def _contact_merged(line: EventLine, names: Names) -> str:
    return _("%(name)s: another record of the same person was merged in.") % {"name": _name(line, names)}


def _contact_erased(line: EventLine, names: Names) -> str:
    return _("A contact's personal data were erased.")


def _name(line: EventLine, names: Names) -> str:
    ids = [subject.id for subject in line.subjects if subject.noun == "contact"]
    return next((names.contacts[one] for one in ids if one in names.contacts), _("A former contact"))


def _changes(line: EventLine) -> str:
    """For example: Tier: silver → gold. Changed: name, contract."""
    values = line.data.get("values", {})
    told = [
        f"{labels.FIELDS.get(field, field)}: {_value(field, before)} → {_value(field, after)}"
        for field, (before, after) in values.items()
    ]
    others = [str(labels.FIELDS.get(f, f)).lower() for f in line.data.get("fields", []) if f not in values]
    if others:
        told.append(_("Changed: %(fields)s") % {"fields": ", ".join(others)})
    return ". ".join(capfirst(part) for part in told) + "." if told else ""


def _value(field: str, value: Any) -> str:
    if value in ("", None):
        return "–"
    if field == "status":
        return label(labels.STATUS, value)
    if field == "consent":
        return label(labels.CONSENT, value)
    if field == "country":
        return country_name(value)
    if field == "language":
        return language_name(value)
    if field in ("renewal_on", "contract_started_on"):
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
