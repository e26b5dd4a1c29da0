"""Triggers are written, tried on past tickets, and only then switched on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.desk.models import Trigger
from otklik.desk.operations.keeping import found, keep
from otklik.desk.queries.automation import rule_of
from otklik.events.public import Actor

_DEFINITION = ("when", "events", "conditions", "actions")


class NotTried(Exception):
    """Nobody has looked at what this trigger, as it stands now, would do."""


def save_trigger(*, trigger_id: int | None, fields: Mapping[str, Any], by: Actor, at: datetime) -> Trigger:
    """One that does something else now is off until it was tried again. Raises BadRule, NameTaken,
    Trigger.DoesNotExist."""
    with transaction.atomic():
        trigger = found(Trigger, trigger_id, created_at=at, created_by_id=by.id)
        before = fingerprint(trigger)
        rule_of(_written(trigger, fields))
        differs = fingerprint(_written(trigger, fields)) != before
        off: dict[str, Any] = {"is_active": False, "stopped_at": None, "stopped_ticket": None}
        extra = off if trigger.pk is None or differs else {}
        return keep(trigger, "trigger", {**fields, **extra, "changed_at": at}, by=by, at=at)


def switch_on(*, trigger_id: int, tried: str, by: Actor, at: datetime) -> Trigger:
    """``tried``: the fingerprint that was tried. Raises NotTried, BadRule, Trigger.DoesNotExist."""
    with transaction.atomic():
        trigger = Trigger.objects.select_for_update(of=("self",)).get(pk=trigger_id)
        rule_of(trigger)
        if fingerprint(trigger) != tried:
            raise NotTried(trigger_id)
        fields = {"is_active": True, "stopped_at": None, "stopped_ticket": None}
        return keep(trigger, "trigger", fields, by=by, at=at)


def switch_off(*, trigger_id: int, by: Actor, at: datetime) -> Trigger:
    """Raises Trigger.DoesNotExist."""
    return keep(found(Trigger, trigger_id), "trigger", {"is_active": False}, by=by, at=at)


def fingerprint(trigger: Trigger) -> str:
    """Of what it does and when; its name and place say nothing about that."""
    definition = json.dumps([getattr(trigger, name) for name in _DEFINITION], sort_keys=True)
    return hashlib.sha256(definition.encode()).hexdigest()


def _written(trigger: Trigger, fields: Mapping[str, Any]) -> Trigger:
    """A copy with the new definition, not stored."""
    definition = {name: fields[name] for name in _DEFINITION}
    return Trigger(pk=trigger.pk or 0, position=fields.get("position", trigger.position), **definition)
