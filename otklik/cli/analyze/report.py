"""One page with charts that needs nothing but itself: no network, no script. It prints on A4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from otklik.cli.analyze import pictures
from otklik.cli.analyze.findings import Breakdown, Findings, Trend
from otklik.cli.analyze.pictures import span_text
from otklik.cli.analyze.verdicts import Remark, comparison_text
from otklik.cli.analyze.words import breakdown_name, period_name, segment_name, skipped_lines, source_line
from otklik.kit.charts import DARK, LIGHT, css
from otklik.kit.phrases import Phrases
from otklik.stats.nps import points
from otklik.stats.verdicts import Summary

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_DASH = "–"

Draw = Callable[[float], str]


def page(findings: Findings, remarks: Sequence[Remark], say: Phrases) -> str:
    """The whole document."""
    title = say.gettext("NPS: %(file)s", file=Path(findings.tally.name).name)
    sections = [
        _score(findings, say),
        _said(remarks, say),
        _before(findings, say),
        _trend(findings.trend, say) if findings.trend else "",
        *(_breakdown(findings, at, say) for at in range(len(findings.breakdowns))),
        _distribution(findings, say),
        _skipped(findings, say),
    ]
    return (
        f'<!doctype html>\n<html lang="{say.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{escape(title)}</title>\n'
        f"<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{escape(title)}</h1>\n<p class="soft">{escape(source_line(findings.tally, say))}</p>\n'
        f"{''.join(sections)}{_footer(findings, say)}</main>\n</body>\n</html>\n"
    )


def _style() -> str:
    rules = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {css(DARK)} }} }}"
    return f":root {{ {css(LIGHT)} }}\n{dark}\n{rules}"


def _section(title: str, lead: str, *content: str) -> str:
    intro = f'<p class="soft">{escape(lead)}</p>' if lead else ""
    return f"<section>\n<h2>{escape(title)}</h2>\n{intro}{''.join(content)}</section>\n"


def _figure(draw: Draw) -> str:
    """The chart twice: one for screens and paper, one whose letters a phone can show."""
    wide, narrow = draw(pictures.WIDE), draw(pictures.NARROW)
    return f'<figure><div class="wide">{wide}</div><div class="narrow">{narrow}</div></figure>\n'


def _table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(_table_row(row) for row in rows)
    name = escape(caption)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table><caption>{name}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>\n"
    )


def _table_row(cells: Sequence[str]) -> str:
    figures = "".join(f"<td>{escape(cell)}</td>" for cell in cells[1:])
    return f'<tr><th scope="row">{escape(cells[0])}</th>{figures}</tr>\n'


def _score(findings: Findings, say: Phrases) -> str:
    overall = findings.overall
    score = say.gettext("too few answers") if overall.nps is None else say.number(points(overall.nps), 1)
    span = ""
    if overall.interval is not None:
        span = say.gettext(
            "%(level)s interval %(span)s",
            level=say.percent(overall.level),
            span=span_text(overall.interval, say),
        )
    heading = say.gettext("Net Promoter Score")
    answers = say.ngettext("%(n)s answer", "%(n)s answers", overall.n)
    return (
        f"<section>\n<h2>{escape(heading)}</h2>\n"
        f'<p class="score"><strong>{escape(score)}</strong> <span>{escape(span)}</span> '
        f"<span>{escape(answers)}</span></p>\n"
        f"{_figure(lambda width: pictures.shares(findings, say, width))}</section>\n"
    )


def _said(remarks: Sequence[Remark], say: Phrases) -> str:
    if not remarks:
        return ""
    items = "".join(f"<li>{escape(remark.text)}</li>\n" for remark in remarks)
    return _section(say.gettext("What can be said"), "", f'<ul class="said">\n{items}</ul>\n')


def _before(findings: Findings, say: Phrases) -> str:
    found, previous = findings.comparison, findings.previous
    if found is None or previous is None:
        return ""
    names = [Path(previous.name).name, Path(findings.tally.name).name]
    rows = [
        _row(name, summary, say) for name, summary in zip(names, (found.before, found.after), strict=True)
    ]
    return _section(
        say.gettext("Compared with before"),
        comparison_text(found, say),
        _figure(lambda width: pictures.before_and_after(found, names, say, width)),
        _table(say.gettext("The figures"), _header(say.gettext("File"), say), rows),
    )


def _trend(trend: Trend, say: Phrases) -> str:
    rows = [
        _row(period_name(period.start, trend.bucket, say), period.summary, say) for period in trend.periods
    ]
    return _section(
        say.gettext("Over time"),
        say.gettext("The band is the interval of each period. Hatched: too few answers to tell."),
        _figure(lambda width: pictures.course(trend, say, width)),
        _table(say.gettext("The figures"), _header(say.gettext("Period"), say), rows),
    )


def _breakdown(findings: Findings, at: int, say: Phrases) -> str:
    breakdown: Breakdown = findings.breakdowns[at]
    name = breakdown_name(breakdown.by)
    rows = [
        _row(segment_name(key, say), summary, say)
        for key, summary in zip(breakdown.keys, breakdown.summaries, strict=True)
    ]
    lead = say.gettext("In the order of their shrunk values.")
    if not breakdown.league.ranked:
        lead = say.gettext("In the order of their names: there is no ranking to show.")
    if len(rows) > pictures.MOST_ROWS:
        lead += " " + say.gettext("The chart shows those with the most answers.")
    return _section(
        say.gettext("By %(by)s", by=name),
        lead,
        _figure(lambda width: pictures.segments(findings, at, say, width)),
        _table(say.gettext("The figures"), _header(name, say), rows),
    )


def _distribution(findings: Findings, say: Phrases) -> str:
    total = findings.overall.n
    rows = [
        [str(score), say.number(count), say.percent(count / total, 1)]
        for score, count in enumerate(findings.tally.histogram)
    ]
    header = [say.gettext("Score"), say.gettext("answers"), say.gettext("share")]
    return _section(
        say.gettext("Distribution of scores"),
        "",
        _figure(lambda width: pictures.scores(findings, say, width)),
        _table(say.gettext("The figures"), header, rows),
    )


def _skipped(findings: Findings, say: Phrases) -> str:
    skipped = findings.tally.skipped
    count = sum(skipped.counts.values())
    if not count:
        return ""
    items = "".join(f"<li>{escape(line)}</li>\n" for line in skipped_lines(skipped, say))
    title = say.ngettext("%(n)s value was skipped", "%(n)s values were skipped", count)
    return _section(title, "", f'<ul class="said">\n{items}</ul>\n')


def _header(first: str, say: Phrases) -> list[str]:
    return [
        first,
        say.gettext("answers"),
        "NPS",
        say.gettext("interval"),
        say.gettext("shrunk"),
        say.gettext("detractors"),
        say.gettext("passives"),
        say.gettext("promoters"),
    ]


def _row(name: str, summary: Summary, say: Phrases) -> list[str]:
    return [
        name,
        say.number(summary.n),
        _DASH if summary.nps is None else say.number(points(summary.nps), 1),
        _DASH if summary.interval is None else span_text(summary.interval, say),
        _DASH if summary.shrunk is None else say.number(points(summary.shrunk), 1),
        say.number(summary.detractors),
        say.number(summary.passives),
        say.number(summary.promoters),
    ]


def _footer(findings: Findings, say: Phrases) -> str:
    text = say.gettext(
        "NPS is the share of promoters (9 and 10) less the share of detractors (0 to 6), from −100 to 100. "
        "Intervals are "
        "score intervals after Tango at %(level)s. A shrunk value leans on the other segments as far as its "
        "own answers "
        "are few. Made by Otklik.",
        level=say.percent(findings.overall.level),
    )
    return f"<footer><p>{escape(text)}</p></footer>\n"
