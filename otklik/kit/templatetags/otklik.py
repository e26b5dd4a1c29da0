"""Template tags that every page may use without loading them, and the partials that go with them.

Tags and filters
  {% icon "users" %}  {% icon "users" 16 %}   a line icon (names: ``kit/icons.py``), decoration only: a button
                                              without words needs its own aria-label
  {{ 1234.5|figure }}  {{ x|figure:1 }}       number in the reader's way; argument: decimals; None: a dash
  {{ 0.123|percent }}  {{ 0.123|percent:1 }}  a share 0..1 as per cent
  {{ 3.2|signed:1 }}                          always with + or − (a true minus)
  {% interval_text low high %}                "52.3 … 54.5"; nothing where either is None
  {% score_badge 9 %}                         a 0-10 score, coloured, worded promoter / passive / detractor
  {{ moment|local_date }}                     <time> in the reader's own zone, with the zone in its title;
  {{ moment|local_time }}                     the same with hours and minutes
  {{ "Europe/Kyiv"|zone_label }}              what the reader calls a time zone
  {% field form.email %}                      label, input, help and errors, tied together for screen readers
  {% fields form %}                           all of a form: hidden ones, its own errors, every field
  {% form_errors form %}                      what is wrong with the form as a whole
  {% pages page_obj %}                        pagination that keeps the rest of the query string
  {% progress done total label %}             a progress bar; total None: unknown yet

Partials (``{% include "otklik/…" with … only %}``)
  _empty.html     title, text, icon, action_url, action: what this page is for and what to do first
  _stat.html      label, value, note, icon: one figure in a card
A POST form with data-confirm="text" asks once more before it is sent; ``static/otklik/shell.js`` lists more.

Tables: <div class="table-responsive"><table class="table table-vcenter card-table"> inside a .card; numbers
have class "num"; a heading cell has scope="col"; on phones secondary columns carry "d-none d-md-table-cell".
Words in colour: <span class="tone tone-good|tone-care|tone-bad|tone-main">; facts: <dl class="facts">.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from html import escape
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.forms.forms import BaseForm
from django.template.context import Context
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from otklik.kit import icons, zones
from otklik.kit.moments import moment_text

register = template.Library()
DASH = "–"
Number = int | float | Decimal


@register.simple_tag
def icon(name: str, size: int = 20, css: str = "") -> SafeString:
    return mark_safe(icons.svg(name, size, css))  # noqa: S308 (our own drawings)


@register.filter
def figure(value: Number | None, decimals: int = 0) -> str:
    """A number with grouping in the active language; a dash for None."""
    if value is None:
        return DASH
    # Django cuts digits off where a reader expects rounding: 66.7 with no decimals would read 66.
    rounded = Decimal(f"{value:.{decimals}f}") + 0
    marks = _marks(get_language() or "en")
    if marks is None:
        return formats.number_format(rounded, decimals, use_l10n=True, force_grouping=True)
    # What number_format does, in a tenth of its time: a page of NPS writes a thousand figures.
    return f"{rounded:,.{decimals}f}".translate(marks)


@cache
def _marks(language: str) -> dict[int, str] | None:
    """What stands for the point and the comma; None where thousands are not grouped by three."""
    if formats.get_format("NUMBER_GROUPING", language) != 3:
        return None
    point, comma = (
        formats.get_format("DECIMAL_SEPARATOR", language),
        formats.get_format("THOUSAND_SEPARATOR", language),
    )
    return {ord("."): point, ord(","): comma}


@register.filter
def percent(share: Number | None, decimals: int = 0) -> str:
    """A share 0..1 as per cent; a dash for None."""
    if share is None:
        return DASH
    # A no-break space before the sign in Russian, none in English.
    gap = "\u00a0" if formats.get_format("DECIMAL_SEPARATOR") == "," else ""
    return f"{figure(float(share) * 100, decimals)}{gap}%"


@register.filter
def signed(value: Number | None, decimals: int = 0) -> str:
    if value is None:
        return DASH
    rounded = round(float(value), decimals)
    sign = "+" if rounded > 0 else "\u2212" if rounded < 0 else ""
    return sign + figure(abs(rounded), decimals)


@register.simple_tag
def interval_text(low: Number | None, high: Number | None, decimals: int = 1) -> str:
    if low is None or high is None:
        return ""
    return f"{_minus(low, decimals)} … {_minus(high, decimals)}"


@register.simple_tag
def score_badge(score: int | None) -> SafeString:
    """A 0-10 score; colour never stands alone, the group's name is read out and shown on hover."""
    if score is None:
        return format_html('<span class="score score-none">{}</span>', DASH)
    tone, word = (
        ("promoter", gettext("promoter"))
        if score >= 9
        else ("passive", gettext("passive"))
        if score >= 7
        else ("detractor", gettext("detractor"))
    )
    return format_html(
        '<span class="score score-{}" title="{}">{}<span class="visually-hidden"> {}</span></span>',
        tone,
        word,
        score,
        word,
    )


@register.filter
def local_date(moment: datetime | date | None) -> str:
    if moment is None:
        return DASH
    if not isinstance(moment, datetime):
        return format_html(
            '<time datetime="{}">{}</time>', moment.isoformat(), formats.date_format(moment, "DATE_FORMAT")
        )
    return _time(moment, "DATE_FORMAT")


@register.filter
def local_time(moment: datetime | None) -> str:
    return DASH if moment is None else _time(moment, "DATETIME_FORMAT")


@register.filter
def zone_label(name: str) -> str:
    return zones.zone_label(name)


@register.inclusion_tag("otklik/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One field with everything a screen reader needs; the widget's class follows from its type."""
    kind = getattr(bound.field.widget, "input_type", "")
    many = kind in ("checkbox", "radio") and hasattr(bound.field, "choices")
    css = (
        "form-check-input"
        if kind in ("checkbox", "radio")
        else "form-select"
        if kind == "select"
        else "form-control"
    )
    described = [f"{bound.auto_id}_error"] if bound.errors else []
    described += [f"{bound.auto_id}_help"] if bound.help_text else []
    attrs: dict[str, Any] = {"class": f"{bound.field.widget.attrs.get('class', '')} {css}".strip()}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["class"] += " is-invalid"
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "widget": "" if many else bound.as_widget(attrs=attrs),
        "is_check": kind == "checkbox" and not many,
        "many": many,
        "kind": kind,
    }


@register.inclusion_tag("otklik/_fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    return {"form": form}


@register.inclusion_tag("otklik/_form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    return {"errors": form.non_field_errors()}


@register.inclusion_tag("otklik/_pages.html", takes_context=True)
def pages(context: Context, page: Page[Any]) -> dict[str, Any]:
    return {
        "request": context.get("request"),
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "gap": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("otklik/_progress.html")
def progress(done: int | None, total: int | None, label: str = "") -> dict[str, Any]:
    known = done is not None and bool(total)
    value = min(100, round(100 * (done or 0) / (total or 1))) if known else None
    return {"value": value, "label": label}


def _minus(value: Number, decimals: int) -> str:
    return figure(value, decimals).replace("-", "\u2212")


def _time(moment: datetime, style: str) -> SafeString:
    local = timezone.localtime(moment)
    stamp = local.isoformat(timespec="minutes")
    text = moment_text(local, style)
    title = escape(f"{text if style == 'DATETIME_FORMAT' else moment_text(local)} ({local.tzname()})")
    return mark_safe(f'<time datetime="{stamp}" title="{title}">{escape(text)}</time>')  # noqa: S308 (escaped above)
