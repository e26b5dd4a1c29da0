"""A desk that has just been installed has deadlines without anybody setting them up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from otklik.desk.models import SlaPolicy
from otklik.desk.operations.policies import NewTarget, save_calendar, save_policy
from otklik.desk.rules.vocabulary import ClockKind, Priority
from otklik.events.public import Actor
from otklik.identity.public import User

_HOURS = {"mon-fri": ["09:00-18:00"]}
# Russia is the only country whose transferred days Otklik knows by heart.
_RUSSIAN_ZONES = ("Europe/Moscow", "Europe/Kaliningrad", "Asia/Yekaterinburg", "Asia/Novosibirsk")
_DAY = 9 * 60
_MINUTES = {
    (ClockKind.FIRST_RESPONSE, ""): 4 * 60,
    (ClockKind.FIRST_RESPONSE, Priority.HIGH.value): 2 * 60,
    (ClockKind.FIRST_RESPONSE, Priority.URGENT.value): 60,
    (ClockKind.NEXT_RESPONSE, ""): _DAY,
    (ClockKind.NEXT_RESPONSE, Priority.HIGH.value): 4 * 60,
    (ClockKind.NEXT_RESPONSE, Priority.URGENT.value): 2 * 60,
    (ClockKind.RESOLUTION, ""): 5 * _DAY,
    (ClockKind.RESOLUTION, Priority.HIGH.value): 3 * _DAY,
    (ClockKind.RESOLUTION, Priority.URGENT.value): _DAY,
    (ClockKind.SUB_REQUEST, ""): _DAY,
}


@transaction.atomic
def begin_with_a_policy(*, by: Actor, at: datetime) -> SlaPolicy | None:
    """Once, with the first program: on working days in the zone and the language of whoever set it up. None
    where there was a policy before, in use or not."""
    if SlaPolicy.objects.exists():
        return None
    user = User.objects.filter(pk=by.id).first() if by.id is not None else None
    zone = user.time_zone if user is not None else "UTC"
    with translation.override(user.language if user is not None else translation.get_language()):
        definition: dict[str, object] = {"zone": zone, "weekly": _HOURS}
        if zone in _RUSSIAN_ZONES:
            definition["production_calendar"] = "RU"
        calendar = save_calendar(
            calendar_id=None, name=_("Working days"), definition=definition, by=Actor.system(), at=at
        )
        return save_policy(
            policy_id=None,
            fields={"name": _("Standard"), "calendar_id": calendar.pk},
            topics=(),
            targets=[
                NewTarget(kind, priority, minutes, 80) for (kind, priority), minutes in _MINUTES.items()
            ],
            by=Actor.system(),
            at=at,
        )
