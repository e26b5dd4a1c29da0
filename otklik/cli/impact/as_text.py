"""The answer for people at a terminal: the sentence first, then figures, then what cannot be ruled out."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.cli.impact.findings import Findings
from otklik.cli.impact.question import Scale
from otklik.cli.impact.sentences import Said, amount, bad_row, estimate, signed
from otklik.kit.phrases import Phrases
from otklik.stats.drivers import DriverReport
from otklik.stats.impact import Study

_NO_BREAK = str.maketrans({"\u00a0": " ", "\u202f": " "})
_MOST_PAIRS = 6


def as_text(found: Findings, said: Said, say: Phrases) -> str:
    """Plain lines, ending with a line break."""
    parts = ["\n".join([said.verdict, *(f"  {one}" for one in said.because)])] if said.verdict else []
    parts.append(_rows(found, say))
    if found.study is not None:
        parts.append(_figures(found.study, say))
        if len(found.study.doses) > 1:
            parts.append(_doses(found.study, say))
    if found.drivers is not None:
        parts.append(_drivers(found.drivers, say))
    if said.beside:
        parts.append(_listed(say.gettext("To know beside it"), said.beside))
    if said.confounders:
        parts.append(_listed(say.gettext("What these data cannot rule out"), said.confounders))
    return ("\n\n".join(parts) + "\n").translate(_NO_BREAK)


def _rows(found: Findings, say: Phrases) -> str:
    lines = [say.ngettext("%(n)s answer used", "%(n)s answers used", found.n)]
    if found.scale is Scale.SCORES:
        lines[0] += " · " + say.gettext("scores 0 to 10 counted as −100, 0 and +100")
    if found.left_out:
        lines.append(
            say.ngettext(
                "%(n)s row has a blank where a value is needed.",
                "%(n)s rows have a blank where a value is needed.",
                found.left_out,
            )
        )
    for reason, count in found.quality.reasons:
        rows = ", ".join(str(row) for row in found.examples[reason.value])
        lines.append(
            say.gettext(
                "%(what)s: %(n)s (rows %(rows)s)", what=bad_row(reason, say), n=say.number(count), rows=rows
            )
        )
    return "\n".join(lines)


def _figures(study: Study, say: Phrases) -> str:
    rows = [
        (say.gettext("within the same partner"), estimate(study.within, say)),
        (say.gettext("over all answers"), estimate(study.pooled, say)),
        (say.gettext("placebo: the next period"), estimate(study.placebo, say)),
    ]
    if study.ordered is not None:
        rows.append((say.gettext("as ranks, log odds"), signed(float(study.ordered.slopes[0]), say)))
    if study.sensitivity is not None:
        rows.append((say.gettext("robustness value"), say.percent(study.sensitivity.robustness, 1)))
    if study.verdict.smallest_visible is not None:
        rows.append((say.gettext("smallest visible effect"), amount(study.verdict.smallest_visible, say)))
    return (
        say.gettext("One unit more, with %(level)s intervals", level=say.percent(0.95)) + "\n" + _table(rows)
    )


def _doses(study: Study, say: Phrases) -> str:
    rows = []
    for dose in study.doses:
        name = say.span(dose.low, dose.high) if dose.high > dose.low else amount(dose.low, say)
        what = (
            say.gettext("compared with")
            if dose.estimate is None
            else signed(dose.estimate.effect or 0.0, say)
        )
        band = "" if dose.band is None else f"({say.span(*dose.band)})"
        rows.append((name, what, band, say.ngettext("%(n)s answer", "%(n)s answers", dose.n)))
    return say.gettext("By the dose, against the lowest") + "\n" + _table(rows)


def _drivers(report: DriverReport, say: Phrases) -> str:
    head = ("", "LMG", say.gettext("interval"), "Johnson", say.gettext("last"))
    rows = [head]
    for one in report.drivers:
        interval = (
            ""
            if one.interval is None
            else f"{say.percent(one.interval.low, 1)} … {say.percent(one.interval.high, 1)}"
        )
        rows.append(
            (
                one.name,
                say.percent(one.lmg, 1),
                interval,
                say.percent(one.johnson, 1),
                say.percent(one.last, 1),
            )
        )
    text = say.gettext("What goes with it, as parts of its variance") + "\n" + _table(rows)
    text += "\n  " + say.gettext(
        "Not explained by any of them: %(share)s.", share=say.percent(report.unexplained, 1)
    )
    if report.not_separable:
        pairs = [f"{first} – {second}" for first, second in report.not_separable[:_MOST_PAIRS]]
        more = ", …" if len(report.not_separable) > _MOST_PAIRS else ""
        text += "\n  " + say.gettext(
            "Which is larger cannot be told: %(pairs)s.", pairs="; ".join(pairs) + more
        )
    return text


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _listed(title: str, lines: Sequence[str]) -> str:
    return title + "\n" + "\n".join(f"  • {line}" for line in lines)
