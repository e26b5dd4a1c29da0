"""{% load payout_words %}: amounts and the words of the closed lists.

{{ hold.amount|money:hold.currency }}    as the reader's language writes it
{{ hold.reason|payword:"reason" }}       the word
{{ hold.state|paytoned:"hold" }}         the word in its colour
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from otklik.kit.money import shown
from otklik.payouts import labels
from otklik.payouts.models import PartnerReport

register = template.Library()

_LISTS: Mapping[str, Mapping[Any, Any]] = {
    "reason": labels.HOLD_REASONS,
    "problem": labels.PAYOUT_PROBLEMS,
    "hold": labels.HOLD_STATES,
    "payout": labels.PAYOUT_STATES,
    "batch": labels.BATCH_STATES,
    "left_out": labels.LEFT_OUT_REASONS,
    "file": labels.FILE_KINDS,
    "difference": labels.DIFFERENCES,
    "declined": labels.DECLINE_REASONS,
    "hold_why": labels.HOLD_EXPLAINED,
    "entry": labels.ENTRY_KINDS,
    "adjustment": labels.ADJUSTMENT_STATES,
    "request": labels.REQUEST_STATES,
    "decline": labels.DECLINE_REASONS,
    "method": labels.PAY_METHODS,
    "details": labels.DETAILS_STATES,
    "schedule": labels.SCHEDULES,
}
_TONES: Mapping[tuple[str, str], str] = {
    ("hold", "open"): "care",
    ("hold", "kept"): "bad",
    ("payout", "approved"): "main",
    ("payout", "sent"): "main",
    ("payout", "paid"): "good",
    ("payout", "failed"): "bad",
    ("payout", "returned"): "bad",
    ("batch", "calculated"): "care",
    ("batch", "approved"): "main",
    ("batch", "sent"): "main",
    ("batch", "settled"): "good",
    ("adjustment", "proposed"): "care",
    ("adjustment", "approved"): "good",
    ("request", "asked"): "care",
    ("request", "planned"): "main",
    ("details", "proposed"): "care",
    ("details", "confirmed"): "good",
}


@register.filter
def money(amount: Decimal | str, currency: str) -> str:
    """``amount``: also as the text that JSON keeps."""
    return shown(Decimal(amount), currency, get_language() or "en")


@register.filter
def iso_day(text: str | None) -> str:
    """A day as JSON keeps it."""
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else "–"


@register.filter
def difference(report: PartnerReport) -> Decimal:
    """Theirs minus ours."""
    return Decimal(report.result["theirs"]) - Decimal(report.result["ours"])


@register.filter
def payword(value: str, name: str) -> str:
    return str(_LISTS[name].get(value, value))


@register.filter
def paytoned(value: str, name: str) -> SafeString:
    tone = _TONES.get((name, value))
    css = f"tone tone-{tone}" if tone else "tone"
    return format_html('<span class="{}">{}</span>', css, payword(value, name))
