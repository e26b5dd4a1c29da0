from __future__ import annotations

from django import template

from otklik.kit.templatetags.otklik import figure, signed

register = template.Library()


@register.filter
def hours(minutes: float) -> str:
    return figure(minutes / 60, 1)


@register.filter
def hundred(score: float) -> str:
    """A score on [-1, 1] as it is known."""
    return signed(100 * score)
