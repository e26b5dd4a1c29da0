"""What can and what cannot be said: each verdict a stable code, its figures, and a sentence in the reader's
language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from otklik.cli.analyze.findings import Breakdown, Findings, Trend
from otklik.cli.analyze.words import breakdown_name, period_name, reason, segment_name
from otklik.kit.phrases import Phrases
from otklik.kit.tabular.encodings import Sureness
from otklik.stats.nps import points
from otklik.stats.verdicts import TOO_FEW_ANSWERS, Comparison, Kind, Reason, Standing, Verdict

_MOST_NAMED = 5


@dataclass(frozen=True)
class Remark:
    code: str
    text: str
    facts: dict[str, Any] = field(default_factory=dict)


def remarks(findings: Findings, say: Phrases) -> list[Remark]:
    """Everything worth saying, the most important first."""
    return [
        *_on_score(findings, say),
        *(_on_comparison(findings.comparison, say) if findings.comparison else ()),
        *(_on_trend(findings.trend, say) if findings.trend else ()),
        *(remark for breakdown in findings.breakdowns for remark in _on_segments(breakdown, say)),
        *_on_weights(findings, say),
        *_on_reading(findings, say),
    ]


def _on_score(findings: Findings, say: Phrases) -> Iterator[Remark]:
    overall = findings.overall
    facts = {"n": overall.n}
    if overall.kind is Kind.TOO_FEW:
        text = say.ngettext(
            "Only %(n)s answer: too few for a score, so only the people are counted.",
            "Only %(n)s answers: too few for a score, so only the people are counted.",
            overall.n,
        )
        yield Remark("too_few_answers", text, facts)
    elif overall.kind is Kind.COUNT:
        text = say.ngettext(
            "The only person asked has answered: the score is a count, not an estimate.",
            "All %(n)s people have answered: the score is a count, not an estimate, and has no interval.",
            overall.n,
        )
        yield Remark("everyone_answered", text, facts)
    elif overall.small:
        text = say.ngettext(
            "%(n)s answer is little: look at the interval rather than at the score.",
            "%(n)s answers are few: look at the interval rather than at the score.",
            overall.n,
        )
        yield Remark("small_n", text, facts)


def _on_comparison(found: Comparison, say: Phrases) -> Iterator[Remark]:
    yield Remark(
        f"comparison_{found.verdict.value}", comparison_text(found, say), {"reason": _code(found.reason)}
    )


def comparison_text(found: Comparison, say: Phrases) -> str:
    """The verdict on two periods in a sentence or two."""
    if found.difference is None:
        return say.gettext("Cannot tell whether the score has changed: one side has too few answers.")
    change = say.number(abs(points(found.difference)), 1)
    if found.interval is None:
        return say.gettext(
            "Everybody answered both times: the score changed by %(change)s points.",
            change=_signed(found, say),
        )
    span = say.gettext(
        "interval %(span)s", span=say.span(points(found.interval.low), points(found.interval.high))
    )
    if found.verdict is Verdict.UP:
        return say.gettext(
            "The score has risen by %(change)s points (%(interval)s).", change=change, interval=span
        )
    if found.verdict is Verdict.DOWN:
        return say.gettext(
            "The score has fallen by %(change)s points (%(interval)s).", change=change, interval=span
        )
    if found.verdict is Verdict.NO_DIFFERENCE_SEEN:
        return say.gettext(
            "No difference seen: any change is smaller than %(worth)s points (%(interval)s).",
            worth=say.number(points(found.worth_noticing)),
            interval=span,
        )
    text = say.gettext(
        "Cannot tell whether the score has changed: %(change)s points, %(interval)s.",
        change=_signed(found, say),
        interval=span,
    )
    if found.smallest_visible is not None:
        text += " " + say.gettext(
            "With so many answers a change shows four times out of five only from %(points)s points up.",
            points=say.number(points(found.smallest_visible), 1),
        )
    return text


def _signed(found: Comparison, say: Phrases) -> str:
    return say.signed(points(found.difference or 0.0), 1)


def _on_trend(trend: Trend, say: Phrases) -> Iterator[Remark]:
    if trend.changes and trend.last_change:
        start = trend.periods[trend.changes[-1]].start
        when = period_name(start, trend.bucket, say)
        text = (
            say.gettext("The level changes with %(when)s.", when=when)
            + " "
            + comparison_text(trend.last_change, say)
        )
        yield Remark(f"trend_{trend.verdict.value}", text, {"since": start.isoformat()})
    elif trend.verdict is Verdict.NO_DIFFERENCE_SEEN:
        yield Remark("trend_no_difference_seen", say.gettext("Over time no change of level is seen."))
    else:
        yield Remark(
            "trend_cannot_tell",
            say.gettext(
                "Cannot tell whether the score changes over time: too few answers or too few periods."
            ),
        )
    yield from _on_dates(trend, say)


def _on_dates(trend: Trend, say: Phrases) -> Iterator[Remark]:
    if trend.evidence.is_ambiguous:
        text = (
            say.gettext(
                "Dates such as 03/04/2025 can be read in two ways, and none in the column says which. They "
                "were read day "
                "first; if that is wrong, say --date-order mdy."
            )
            if trend.order.value == "dmy"
            else say.gettext("Dates such as 03/04/2025 were read month first, as you said.")
        )
        yield Remark("dates_ambiguous", text, {"read_as": trend.order.value})
    elif trend.evidence.is_mixed:
        text = say.gettext("The date column mixes dates with the day first and dates with the month first.")
        yield Remark("dates_mixed", text, {"read_as": trend.order.value})
    count = sum(trend.skipped.counts.values())
    if count:
        reasons = ", ".join(reason(code, say) for code in trend.skipped.counts)
        first = min(row for rows in trend.skipped.examples.values() for row, _ in rows)
        text = say.ngettext(
            "%(n)s answer has no usable date (%(reasons)s; row %(row)s) and is missing from the course over "
            "time.",
            "%(n)s answers have no usable date (%(reasons)s; first in row %(row)s) and are missing from the "
            "course "
            "over time.",
            count,
            reasons=reasons,
            row=first,
        )
        yield Remark("dates_skipped", text, {"skipped": dict(trend.skipped.counts)})


def _on_segments(breakdown: Breakdown, say: Phrases) -> Iterator[Remark]:
    by = breakdown_name(breakdown.by)
    facts: dict[str, Any] = {"by": list(breakdown.by)}
    test = breakdown.league.test
    if test is not None:
        facts["p_value"] = round(test.p_sparse, 6)
    if breakdown.league.ranked and test is not None:
        text = say.gettext(
            "By %(by)s the segments differ beyond chance (%(p)s).", by=by, p=_p(test.p_sparse, say)
        )
        for standing, sentence in (
            (Standing.ABOVE, say.gettext("Above all answers together:")),
            (Standing.BELOW, say.gettext("Below:")),
        ):
            if names := _names(breakdown, standing, say):
                text += f" {sentence} {names}."
        yield Remark("segments_differ", text, facts)
    elif breakdown.league.verdict is Verdict.NO_DIFFERENCE_SEEN and test is not None:
        text = say.gettext(
            "By %(by)s the segments do not differ beyond chance (%(p)s): a ranking would be noise, so there "
            "is no "
            "league table.",
            by=by,
            p=_p(test.p_sparse, say),
        )
        yield Remark("segments_do_not_differ", text, facts)
    else:
        text = say.gettext("By %(by)s there are too few answers to tell whether the segments differ.", by=by)
        yield Remark("segments_cannot_tell", text, facts)
    yield from _on_small_segments(breakdown, by, say)


def _on_small_segments(breakdown: Breakdown, by: str, say: Phrases) -> Iterator[Remark]:
    small = sum(summary.n < TOO_FEW_ANSWERS for summary in breakdown.summaries)
    if small:
        text = say.ngettext(
            "By %(by)s, %(n)s segment has fewer than %(few)s answers and is shown without a score of its "
            "own.",
            "By %(by)s, %(n)s segments have fewer than %(few)s answers and are shown without a score of "
            "their "
            "own.",
            small,
            by=by,
            few=TOO_FEW_ANSWERS,
        )
        yield Remark("segments_too_few_answers", text, {"by": list(breakdown.by), "segments": small})


def _names(breakdown: Breakdown, standing: Standing, say: Phrases) -> str:
    keys = [key for key, own in zip(breakdown.keys, breakdown.standings, strict=True) if own is standing]
    names = [segment_name(key, say) for key in keys[:_MOST_NAMED]]
    return ", ".join(names) + (", …" if len(keys) > _MOST_NAMED else "")


def _p(value: float, say: Phrases) -> str:
    return (
        "p\u00a0<\u00a0" + say.number(0.001, 3) if value < 0.001 else "p\u00a0=\u00a0" + say.number(value, 3)
    )


def _on_weights(findings: Findings, say: Phrases) -> Iterator[Remark]:
    if findings.n_effective is None:
        return
    text = say.ngettext(
        "With these weights %(n)s answer tells as much as %(effective)s of equal weight.",
        "With these weights %(n)s answers tell as much as %(effective)s of equal weight.",
        findings.overall.n,
        effective=say.number(findings.n_effective),
    )
    yield Remark("weighted", text, {"n_effective": round(findings.n_effective, 3)})
    if findings.breakdowns or findings.trend:
        text = say.gettext("Tests of segments and changes of level count every answer once, without weights.")
        yield Remark("tests_unweighted", text)


def _on_reading(findings: Findings, say: Phrases) -> Iterator[Remark]:
    facts = findings.tally.facts
    if facts.encoding and facts.encoding.sureness is not Sureness.CERTAIN:
        text = say.gettext(
            "The encoding was guessed as %(encoding)s. If names look wrong, save the file as UTF-8.",
            encoding=facts.encoding.label,
        )
        yield Remark(
            "encoding_guessed", text, {"encoding": facts.encoding.codec, "sureness": facts.encoding.sureness}
        )
    if len(facts.sheets) > 1:
        text = say.gettext(
            "Only the first sheet was read. The others: %(sheets)s.", sheets=", ".join(facts.sheets[1:])
        )
        yield Remark("other_sheets", text, {"sheets": list(facts.sheets[1:])})


def _code(found: Reason | None) -> str | None:
    return None if found is None else found.value
