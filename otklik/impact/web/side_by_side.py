"""A comparison in words, charts and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.desk.public import CHANNEL, Channel, Topic, topic_name
from otklik.identity.public import Team
from otklik.impact.queries.comparing import Compared
from otklik.impact.rules.comparing import By, Comparison, Difference, Line, Measure, Told
from otklik.impact.words import number
from otklik.kit import charts
from otklik.kit.templatetags.otklik import figure, percent
from otklik.stats.intervals import Interval

_WIDE, _NARROW = 760, 340
_MOST_NAMED = 8
_MOST_ALIKE = 0.8
_HOUR = 60


@dataclass(frozen=True, slots=True)
class ByWords:
    tab: Promise
    one: Promise
    none: Promise
    none_apart: Promise


BYS: Mapping[By, ByWords] = {
    By.CHANNEL: ByWords(
        gettext_lazy("Channels"),
        gettext_lazy("Channel"),
        gettext_lazy("No channel"),
        gettext_lazy("On the same topics one cannot tell any two channels apart."),
    ),
    By.TEAM: ByWords(
        gettext_lazy("Teams"),
        gettext_lazy("Team"),
        gettext_lazy("No team"),
        gettext_lazy("On the same topics one cannot tell any two teams apart."),
    ),
    By.TOPIC: ByWords(
        gettext_lazy("Topics"),
        gettext_lazy("Topic"),
        gettext_lazy("No topic"),
        gettext_lazy("One cannot tell any two topics apart."),
    ),
}
MEASURES: Mapping[Measure, tuple[Promise, Promise]] = {
    Measure.FIRST_RESPONSE: (
        gettext_lazy("First response"),
        gettext_lazy("Business hours within which half of the tickets were answered."),
    ),
    Measure.BROKEN: (
        gettext_lazy("Broken promises"),
        gettext_lazy("Tickets in which a promised time passed unmet, out of 100."),
    ),
    Measure.CSAT: (
        gettext_lazy("Ratings of tickets"),
        gettext_lazy("Ratings of 4 and 5, out of 100."),
    ),
    Measure.NPS: (
        gettext_lazy("NPS of those who used it"),
        gettext_lazy("Answers of partners whose tickets of the 90 days before were mostly of this kind."),
    ),
}


@dataclass(frozen=True, slots=True)
class Named:
    """``place`` in the comparison's lines."""

    place: int
    name: str
    line: Line


def named(by: By, found: Compared) -> list[Named]:
    """By the alphabet: an order by a figure would be a ranking."""
    names = _names(by, found.values)
    lines = [Named(place, names[value], found.found.lines[place]) for place, value in enumerate(found.values)]
    return sorted(lines, key=lambda one: one.name.casefold())


def name_of(by: By, value: str | int | None) -> str:
    return _names(by, [value])[value]


def _names(by: By, values: Sequence[str | int | None]) -> dict[str | int | None, str]:
    known: dict[str | int | None, str] = {None: str(BYS[by].none)}
    ids = [value for value in values if isinstance(value, int)]
    if by is By.TEAM:
        known |= dict(Team.objects.filter(pk__in=ids).values_list("pk", "name"))
    elif by is By.TOPIC:
        known |= {topic.pk: topic_name(topic) for topic in Topic.objects.filter(pk__in=ids)}
    else:
        known |= {one.value: str(CHANNEL[one]) for one in Channel}
    # A team that is gone since still has its tickets.
    return {value: known.get(value, f"#{value}") for value in values}


def headline(by: By, found: Compared) -> str:
    """What the page says first."""
    told = {found.found.told(measure) for measure in Measure}
    apart = sum(one.differs for one in found.found.differences)
    if apart:
        sentence = ngettext(
            "%(n)s difference is more than chance.", "%(n)s differences are more than chance.", apart
        )
        return sentence % {"n": figure(apart)}
    if Told.NONE_APART in told:
        return str(BYS[by].none_apart)
    return _("Cannot tell yet: there is too little to compare.")


def measures_of(by: By, lines: Sequence[Named], found: Compared) -> list[dict[str, object]]:
    return [_measure(measure, by, lines, found.found) for measure in Measure]


def _measure(measure: Measure, by: By, lines: Sequence[Named], found: Comparison) -> dict[str, object]:
    title, meaning = MEASURES[measure]
    names = {one.place: one.name for one in lines}
    differing = found.differing(measure)
    rows = [_row(measure, one) for one in lines]
    return {
        "key": measure.value,
        "title": title,
        "meaning": meaning,
        "verdict": _verdict(found.told(measure), by),
        "sentences": [_sentence(one, names) for one in differing[:_MOST_NAMED]],
        "more": max(len(differing) - _MOST_NAMED, 0),
        "chart": _chart(measure, str(title), str(meaning), rows, found.overall)
        if any(row.score is not None or row.shrunk is not None for row in rows)
        else None,
    }


def _verdict(told: Told, by: By) -> str:
    if told is Told.SOME_DIFFER:
        return _("These differ:") if by is By.TOPIC else _("On the same topics these differ:")
    if told is Told.NONE_APART:
        return f"{BYS[by].none_apart} " + _("There is no order: they stand by the alphabet.")
    return _("Cannot tell: it takes two of them, each with five figures, and 20 partners between them.")


def _sentence(one: Difference, names: Mapping[int, str]) -> str:
    """So that the first has more of it."""
    first, second, limits = names[one.first], names[one.second], one.interval
    assert limits is not None
    assert one.alike is not None
    amount = one.alike
    if one.measure is Measure.FIRST_RESPONSE:
        if amount < 1:
            first, second, amount, limits = (
                second,
                first,
                1 / amount,
                Interval(1 / limits.high, 1 / limits.low),
            )
        values = [figure(value, 1) for value in (amount, *limits)]
    else:
        if amount < 0:
            first, second, amount, limits = second, first, -amount, Interval(-limits.high, -limits.low)
        values = [figure(100 * value, 1) for value in (amount, *limits)]
    said = _SENTENCES[one.measure] % {
        "first": first, "second": second, "amount": values[0], "low": values[1], "high": values[2]
    }  # fmt: skip
    if one.covered >= _MOST_ALIKE:
        return str(said)
    alike = _("Only %(share)s of these figures are on topics that both have.")
    return f"{said} {alike % {'share': percent(one.covered)}}"


_SENTENCES: Mapping[Measure, Promise] = {
    Measure.FIRST_RESPONSE: gettext_lazy(
        "“%(first)s” against “%(second)s”: the first response takes %(amount)s times as long "
        "(%(low)s to %(high)s)."
    ),
    Measure.BROKEN: gettext_lazy(
        "“%(first)s” against “%(second)s”: a promise is broken in %(amount)s more of 100 tickets "
        "(%(low)s to %(high)s)."
    ),
    Measure.CSAT: gettext_lazy(
        "“%(first)s” against “%(second)s”: %(amount)s more of 100 ratings are good (%(low)s to %(high)s)."
    ),
    Measure.NPS: gettext_lazy(
        "“%(first)s” against “%(second)s”: NPS is higher by %(amount)s (%(low)s to %(high)s)."
    ),
}


def _row(measure: Measure, one: Named) -> charts.ForestRow:
    line = one.line
    if measure is Measure.FIRST_RESPONSE:
        found = line.first_response
        low, high = (None, None) if found is None or found.interval is None else found.interval
        score = None if found is None else found.value / _HOUR
        low, high = (None if end is None else end / _HOUR for end in (low, high))
        return charts.ForestRow(one.name, figure(line.tickets), score, low, high, figures=figure(score, 1))
    if measure is Measure.NPS:
        nps = line.nps
        low, high = (None, None) if nps.nps is None or nps.interval is None else nps.interval
        return _shrinking(one.name, nps.n, nps.nps, low, high, nps.shrunk if nps.n else None)
    share = line.broken if measure is Measure.BROKEN else line.csat
    low, high = share.interval or (None, None)
    return _shrinking(one.name, share.n, share.share, low, high, share.shrunk)


def _shrinking(
    name: str, n: int, value: float | None, low: float | None, high: float | None, shrunk: float | None
) -> charts.ForestRow:
    value, low, high, shrunk = (None if one is None else 100 * one for one in (value, low, high, shrunk))
    figures = _("too few") if value is None else figure(value).replace("-", "\u2212")
    return charts.ForestRow(name, figure(n), value, low, high, shrunk=shrunk, figures=figures)


def _chart(
    measure: Measure, title: str, meaning: str, rows: Sequence[charts.ForestRow], overall: Line
) -> dict[str, SafeString]:
    words = charts.ForestWords(
        title=title,
        description=f"{meaning} {_('The line is the 95% interval.')}",
        score=_mark(measure),
        shrunk=_("Shrunk value"),
        overall=_("All together"),
        answers=_("Number"),
        number=number,
    )
    ends = [end for row in rows for end in (row.score, row.high) if end is not None]
    span = (0.0, max([*ends, 1.0]) * 1.05) if measure is Measure.FIRST_RESPONSE else None
    behind = None if measure is Measure.FIRST_RESPONSE else _behind(measure, overall)

    def drawn(key: str, width: int) -> SafeString:
        picture = charts.forest(rows, words, key=key, overall=behind, width=width, span=span)
        # Built from escaped parts by kit.charts.
        return mark_safe(picture)  # noqa: S308

    return {"wide": drawn(measure.value, _WIDE), "narrow": drawn(f"{measure.value}-narrow", _NARROW)}


def _mark(measure: Measure) -> str:
    if measure is Measure.FIRST_RESPONSE:
        return _("Median and interval")
    return _("Score and interval") if measure is Measure.NPS else _("Share and interval")


def _behind(measure: Measure, overall: Line) -> tuple[float, float, float] | None:
    if measure is Measure.NPS:
        value, limits = overall.nps.nps, overall.nps.interval
    else:
        share = overall.broken if measure is Measure.BROKEN else overall.csat
        value, limits = share.share, share.interval
    return None if value is None or limits is None else (100 * value, 100 * limits.low, 100 * limits.high)


def columns_of_file(by: By) -> list[str]:
    return [
        *(_("What"), str(BYS[by].one), _("Against"), _("Value"), _("Interval from"), _("Interval to")),
        *(_("Shrunk value"), _("Number"), _("Partners"), _("Share on the same topics, %")),
    ]


def rows_of_file(lines: Sequence[Named], found: Compared) -> Iterator[list[object]]:
    """Each by itself, then every two: a wait in minutes, and as so many times as long; the rest of 100."""
    names = {one.place: one.name for one in lines}
    for measure, (title, _meaning) in MEASURES.items():
        for one in lines:
            yield [str(title), one.name, "", *_figures(measure, one.line)]
    for pair in found.found.differences:
        times = pair.measure is Measure.FIRST_RESPONSE
        limits = pair.interval or (None, None)
        values = [
            "" if end is None else round(end if times else 100 * end, 2) for end in (pair.alike, *limits)
        ]
        alike = round(100 * pair.covered, 1)
        named = str(MEASURES[pair.measure][0])
        yield [named, names[pair.first], names[pair.second], *values, "", "", pair.partners, alike]


def _figures(measure: Measure, line: Line) -> list[object]:
    if measure is Measure.FIRST_RESPONSE:
        found = line.first_response
        ends = ("", "") if found is None or found.interval is None else tuple(map(int, found.interval))
        return ["" if found is None else int(found.value), *ends, "", line.tickets, line.partners]
    if measure is Measure.NPS:
        nps = line.nps
        limits = nps.interval if nps.nps is not None else None
        return [*_hundred(nps.nps, limits, nps.shrunk), nps.n]
    share = line.broken if measure is Measure.BROKEN else line.csat
    return [*_hundred(share.share, share.interval, share.shrunk), share.n]


def _hundred(value: float | None, limits: Interval | None, shrunk: float | None) -> list[object]:
    low, high = limits or (None, None)
    return ["" if one is None else round(100 * one, 1) for one in (value, low, high, shrunk)]
