from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import AskingRules

FIELDS = (
    "cooldown_days",
    "quarantine_days",
    "leaves_out_open_tickets",
    "sender_name",
    "reply_to",
    "own_domains",
    "own_networks",
)
# The others hold names and addresses, which the log does not.
_TOLD = FIELDS[:3]


@transaction.atomic
def save_asking_rules(*, program_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> AskingRules:
    """``values``: by the names of FIELDS, checked; what is missing stays."""
    rules, _made = AskingRules.objects.select_for_update().get_or_create(program_id=program_id)
    changed = [name for name in FIELDS if name in values and getattr(rules, name) != values[name]]
    for name in changed:
        setattr(rules, name, values[name])
    if changed:
        rules.save(update_fields=changed)
        data = {"changed": changed, **{name: values[name] for name in changed if name in _TOLD}}
        record("asking_rules.changed", by=by, at=at, subjects=[Subject("program", program_id)], data=data)
    return rules
