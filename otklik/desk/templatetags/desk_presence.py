"""{% load desk_presence %}{% availability %}: whether one takes tickets now, to see and to change."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from otklik.desk import labels
from otklik.desk.models import AgentProfile
from otklik.desk.rules.vocabulary import Availability

register = template.Library()


@register.inclusion_tag("desk/_availability.html", takes_context=True)
def availability(context: Context) -> dict[str, Any]:
    known = AgentProfile.objects.filter(user_id=context["request"].user.pk)
    return {
        "mine": known.values_list("availability", flat=True).first() or Availability.OFFLINE.value,
        "words": [(word.value, labels.AVAILABILITY[word]) for word in Availability],
        "csrf_token": context["csrf_token"],
    }
