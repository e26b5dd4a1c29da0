"""The desk's own report, and the same figures as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from otklik.desk import labels
from otklik.desk.models import Topic
from otklik.desk.queries.report import AGES, DeskReport, Kept, Waits, desk_report
from otklik.desk.templatetags.desk_words import topic_name
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit import charts
from otklik.kit.clock import now
from otklik.kit.tabular.export import csv_lines
from otklik.kit.templatetags.otklik import figure, percent
from otklik.stats.waits import Quantile

PERIODS = (7, 30, 90, 365)
_MOST_ROWS = 15
_KEPT_SECONDS = 60
_WIDE, _NARROW = 760, 340


@require_safe
@needs(Right.SEE_TICKETS)
def report(request: StaffRequest) -> HttpResponse:
    found = _found(request)
    groups = [
        {
            "key": key,
            "title": title,
            "chart": _chart(rows, title, key),
            "waits": [_waits(row) for row in rows[:_MOST_ROWS]] if key != "kinds" else [],
            "left_out": max(len(rows) - _MOST_ROWS, 0),
        }
        for key, title, rows in _groups(found)
        if rows
    ]
    context = {
        "report": found,
        "groups": groups,
        "periods": PERIODS,
        "share": share_text(found.overall),
        "interval": interval_text(found.overall),
        "tiles": _tiles(found),
        "backlog": list(zip(age_labels(), found.backlog, strict=True)),
        "open": sum(found.backlog),
        "may_export": request.user.may(Right.EXPORT),
    }
    return render(request, "desk/report.html", context)


@require_safe
@needs(Right.SEE_TICKETS)
@needs(Right.EXPORT)
def report_csv(request: StaffRequest) -> StreamingHttpResponse:
    found = _found(request)
    columns = (
        gettext("Breakdown"),
        gettext("Value"),
        gettext("Kept"),
        gettext("Missed"),
        gettext("Share, %"),
    )
    limits = (gettext("Interval from"), gettext("Interval to"))
    # Written before the response starts: the language of the request is gone while it streams.
    lines = list(csv_lines((*columns, *limits, *_csv_waits_columns()), _csv_rows(found)))
    name = f"desk-{found.days}-days.csv"
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _found(request: StaffRequest) -> DeskReport:
    """Kept for a minute: a year of a large desk takes a good part of a second to count, and whoever looks at
    one period looks at the others next."""
    user, days = request.user, _days(request)
    scope = "all" if user.may(Right.SEE_ALL_TICKETS) else str(user.pk)
    key = f"desk.report:{scope}:{days}"
    known: DeskReport | None = cache.get(key)
    if known is None:
        known = desk_report(user, days=days, at=now())
        cache.set(key, known, timeout=_KEPT_SECONDS)
    return known


def _days(request: StaffRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, PERIODS) else 30


def _csv_rows(found: DeskReport) -> Iterator[list[object]]:
    yield [gettext("All promises"), "", *_csv_figures(found.overall), *_csv_waits(found.overall)]
    for key, title, rows in _groups(found):
        for row in rows:
            # A promise of one kind has one kind of wait, which stands in the line of all.
            yield [title, row.name, *_csv_figures(row), *(() if key == "kinds" else _csv_waits(row))]
    for label, n in zip(age_labels(), found.backlog, strict=True):
        yield [gettext("Open tickets by age"), label, n]


def _csv_waits_columns() -> Iterator[str]:
    for wait in (gettext("First response"), gettext("Resolution")):
        yield f"{wait}: {gettext('number')}"
        for share in (gettext("half within, minutes"), gettext("nine of ten within, minutes")):
            yield f"{wait}: {share}"
            yield f"{wait}: {share}, {gettext('Interval from')}"
            yield f"{wait}: {share}, {gettext('Interval to')}"


def _csv_waits(row: Kept) -> Iterator[object]:
    for waits in (row.first_response, row.resolution):
        yield waits.n
        for found in (waits.half, waits.most):
            yield "" if found is None else int(found.value)
            limits = found.interval if found is not None else None
            yield from ("", "") if limits is None else map(int, limits)


def _csv_figures(row: Kept) -> list[object]:
    limits = row.interval
    ends = [round(end * 100, 1) for end in limits] if limits is not None else ["", ""]
    return [row.kept, row.missed, "" if row.share is None else round(row.share * 100, 1), *ends]


def _groups(found: DeskReport) -> list[tuple[str, str, list[Kept]]]:
    return [
        (
            "kinds",
            gettext("By promise"),
            [_named(k, labels.label(labels.CLOCK, k.name)) for k in found.kinds],
        ),
        ("teams", gettext("By team"), [_named(k, k.name or gettext("No team")) for k in found.teams]),
        ("topics", gettext("By topic"), [_named(k, _topic(k.name)) for k in found.topics]),
        ("agents", gettext("By agent"), [_named(k, k.name or gettext("Nobody")) for k in found.agents]),
        (
            "channels",
            gettext("By channel"),
            [_named(k, labels.label(labels.CHANNEL, k.name)) for k in found.channels],
        ),
    ]


def _named(row: Kept, name: str) -> Kept:
    return replace(row, name=name)


def _tiles(found: DeskReport) -> list[dict[str, str]]:
    first, resolution = found.overall.first_response, found.overall.resolution
    return [
        {
            "label": gettext("Half are answered within"),
            "value": wait_text(first.half),
            "note": wait_interval(first.half) or gettext("working time until the first response"),
        },
        {
            "label": gettext("Nine of ten within"),
            "value": wait_text(first.most),
            "note": wait_interval(first.most) or gettext("working time until the first response"),
        },
        {
            "label": gettext("Half are solved within"),
            "value": wait_text(resolution.half),
            "note": wait_interval(resolution.half) or gettext("working time until the solution"),
        },
    ]


def _waits(row: Kept) -> dict[str, object]:
    """A line of the table: each kind of wait with how many there were, and two quantiles with intervals."""
    return {"name": row.name, "waits": [_wait(row.first_response), _wait(row.resolution)]}


def _wait(waits: Waits) -> dict[str, object]:
    found = [(wait_text(one), wait_range(one)) for one in (waits.half, waits.most)]
    return {"n": waits.n, "found": found}


def _topic(topic: Any) -> str:
    return topic_name(topic) if isinstance(topic, Topic) else gettext("No topic")


def _chart(rows: Sequence[Kept], title: str, key: str) -> dict[str, SafeString]:
    words = charts.ForestWords(
        title=title,
        description=gettext("The share of promises that were kept, in percent, with its interval."),
        score=gettext("Kept"),
        shrunk="",
        overall="",
        answers=gettext("Promises"),
        number=figure,
    )
    lines = [_line(row) for row in rows[:_MOST_ROWS]]
    return {
        # Built from escaped parts by kit.charts.
        "wide": mark_safe(charts.forest(lines, words, key=key, width=_WIDE)),  # noqa: S308
        "narrow": mark_safe(charts.forest(lines, words, key=f"{key}-narrow", width=_NARROW)),  # noqa: S308
    }


def _line(row: Kept) -> charts.ForestRow:
    limits = row.interval
    return charts.ForestRow(
        row.name,
        figure(row.n, 0),
        None if row.share is None else row.share * 100,
        None if limits is None else limits.low * 100,
        None if limits is None else limits.high * 100,
        figures=share_text(row),
        tip=f"{row.name}: {share_text(row)} {interval_text(row)}",
    )


def share_text(row: Kept) -> str:
    return gettext("too few") if row.share is None else percent(row.share)


def interval_text(row: Kept) -> str:
    if row.interval is None:
        return ""
    low, high = map(percent, row.interval)
    return gettext("95%% interval: %(low)s to %(high)s") % {"low": low, "high": high}


def wait_text(found: Quantile | None) -> str:
    return gettext("too few") if found is None else minutes_text(int(found.value))


def wait_interval(found: Quantile | None) -> str:
    limits = wait_range(found)
    return gettext("95%% interval: %(limits)s") % {"limits": limits} if limits else ""


def wait_range(found: Quantile | None) -> str:
    """Empty where there are enough to tell the quantile and not enough to tell how sure it is."""
    if found is None or found.interval is None:
        return ""
    low, high = (minutes_text(int(end)) for end in found.interval)
    return gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def minutes_text(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": figure(hours), "minutes": rest}
    return gettext("%(minutes)s min") % {"minutes": rest}


def age_labels() -> list[str]:
    younger = [
        ngettext("up to %(count)s day", "up to %(count)s days", age.days) % {"count": age.days}
        for age in AGES
    ]
    return [*younger, gettext("older")]
