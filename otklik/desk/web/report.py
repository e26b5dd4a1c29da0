"""The desk's own report, and the same figures as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from otklik.desk import labels
from otklik.desk.models import Topic
from otklik.desk.queries.report import AGES, DeskReport, Kept, desk_report
from otklik.desk.templatetags.desk_words import topic_name
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit import charts
from otklik.kit.clock import now
from otklik.kit.tabular.export import csv_lines
from otklik.kit.templatetags.otklik import figure, percent

PERIODS = (7, 30, 90, 365)
_MOST_ROWS = 15
_KEPT_SECONDS = 60
_WIDE, _NARROW = 760, 340


@require_safe
@needs(Right.SEE_TICKETS)
def report(request: StaffRequest) -> HttpResponse:
    found = _found(request)
    groups = [
        {"title": title, "rows": rows, "chart": _chart(rows, title, key)}
        for key, title, rows in _groups(found)
        if rows
    ]
    context = {
        "report": found,
        "groups": groups,
        "periods": PERIODS,
        "share": share_text(found.overall),
        "interval": interval_text(found.overall),
        "half": minutes_text(found.first_response, 0),
        "most": minutes_text(found.first_response, 1),
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
    lines = list(csv_lines((*columns, *limits), _csv_rows(found)))
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
    yield [gettext("All promises"), "", *_csv_figures(found.overall)]
    for _key, title, rows in _groups(found):
        for row in rows:
            yield [title, row.name, *_csv_figures(row)]
    if found.first_response is not None:
        for title, minutes in zip(
            (gettext("Half are answered within, minutes"), gettext("Nine of ten within, minutes")),
            found.first_response,
            strict=True,
        ):
            yield [title, minutes]
    for label, n in zip(age_labels(), found.backlog, strict=True):
        yield [gettext("Open tickets by age"), label, n]


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
        (
            "channels",
            gettext("By channel"),
            [_named(k, labels.label(labels.CHANNEL, k.name)) for k in found.channels],
        ),
    ]


def _named(row: Kept, name: str) -> Kept:
    return Kept(name, row.kept, row.missed)


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
        number=lambda value: figure(value, 0),
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


def minutes_text(typical: tuple[int, int] | None, place: int) -> str:
    if typical is None:
        return gettext("too few")
    hours, minutes = divmod(typical[place], 60)
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return gettext("%(minutes)s min") % {"minutes": minutes}


def age_labels() -> list[str]:
    younger = [
        ngettext("up to %(count)s day", "up to %(count)s days", age.days) % {"count": age.days}
        for age in AGES
    ]
    return [*younger, gettext("older")]
