"""Studies and drivers as a file: the record that the pages show, in columns a machine reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, User, needs
from otklik.impact.access import visible_changes
from otklik.impact.rules.change_study import ChangeStudy
from otklik.impact.rules.report import Bin, DriverFound, ExposureStudy, Report
from otklik.impact.rules.slopes import Slope
from otklik.impact.rules.vocabulary import Exposure
from otklik.impact.web.asked import read_asked
from otklik.kit.tabular.export import csv_lines
from otklik.partners.public import Program

_SLOPE = ("effect", "se", "low", "high", "n", "units", "smallest_visible")
STUDIES = (
    *("exposure", "verdict", "reasons", "notes", "confounders", "level", "swing", "worth_noticing"),
    *(f"{name}_{part}" for name in ("within", "pooled", "placebo") for part in _SLOPE),
    *("ordered_slope", "ordered_p", "robustness", "robustness_of_verdict"),
    *("mean", "p1", "p10", "p50", "p90", "p99", "zero_share"),
)
DRIVERS = ("driver", "lmg", "low", "high", "share", "johnson", "last")
BINS = (
    *("exposure", "from", "to", "mean_dose", "mean_outcome", "n", "effect", "band_low", "band_high"),
    "monotone",
)
CHANGES = (
    *(
        "change",
        "name",
        "version",
        "verdict",
        "reasons",
        "notes",
        "doubts",
        "level",
        "from_month",
        "to_month",
    ),
    *("answers", "effect", "low", "high", "se", "smallest_visible"),
    *("partners", "reached", "split", "left_out", "rows", "bad"),
)
# Of a policy change at one version.
Names = Mapping[tuple[int, int], str]
KINDS = ("studies", "drivers", "doses", "changes")


@require_safe
@needs(Right.EXPORT)
def file(request: StaffRequest) -> HttpResponseBase:
    """Of what the page with this address shows; ``kind``: studies (unless told), drivers, doses or
    changes."""
    asked, kind = read_asked(request), request.GET.get("kind", "")
    if asked is None or asked.report is None or asked.newest.done is None:
        raise Http404
    kind = kind if kind in KINDS else KINDS[0]
    columns, lines = _table(asked.report, kind, _names(request.user, asked.program))
    response = StreamingHttpResponse(csv_lines(columns, lines), content_type="text/csv; charset=utf-8")
    name = f"impact-{asked.outcome.value}-{kind}-{asked.newest.done.asked_at:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _names(user: User, program: Program) -> Names:
    rows = visible_changes(user).filter(program=program)
    return {(pk, version): name for pk, version, name in rows.values_list("pk", "version", "name")}


def _table(report: Report, kind: str, names: Names) -> tuple[tuple[str, ...], Iterator[list[object]]]:
    if kind == "drivers":
        return DRIVERS, _drivers(report)
    if kind == "doses":
        return BINS, (_bin(one.exposure, dose) for one in report.studies for dose in one.doses)
    if kind == "changes":
        # As on the page: nothing of one that was removed, or corrected, since.
        found = [(one, name) for one in report.changes if (name := names.get((one.change, one.version)))]
        return CHANGES, (line for one, name in found for line in _change(one, name))
    return STUDIES, (_study(one) for one in report.studies)


def _study(one: ExposureStudy) -> list[object]:
    seen = one.seen
    return [
        one.exposure.value,
        one.verdict.value,
        " ".join(one.reasons),
        " ".join(one.notes),
        " ".join(one.confounders),
        one.level,
        one.swing,
        one.worth_noticing,
        *(cell for slope in (one.within, one.pooled, one.placebo) for cell in _slope(slope)),
        one.ordered_slope,
        one.ordered_p,
        one.robustness,
        one.robustness_of_verdict,
        *(seen.mean, seen.p1, seen.p10, seen.p50, seen.p90, seen.p99, seen.zero_share),
    ]


def _change(one: ChangeStudy, name: str) -> Iterator[list[object]]:
    """All months under it together, then quarter by quarter."""
    said = [one.change, name, one.version, one.verdict.value]
    said += [" ".join(some) for some in (one.reasons, one.notes, one.doubts)]
    about = [one.partners, one.reached, one.split, one.left_out, one.rows, one.bad]
    mean = one.average
    ends = [None] * 5 if mean is None else [mean.effect, mean.low, mean.high, mean.se, mean.smallest_visible]
    yield [*said, one.level, None, None, one.under, *ends, *about]
    for span in (*one.before, *one.since):
        figures = [span.effect, span.low, span.high, None, None]
        yield [*said, one.level, span.first, span.last, span.n, *figures, *about]


def _slope(slope: Slope | None) -> list[object]:
    return [None if slope is None else getattr(slope, part) for part in _SLOPE]


def _bin(exposure: Exposure, dose: Bin) -> list[object]:
    return [
        exposure.value,
        *(dose.low, dose.high, dose.mean_dose, dose.mean_outcome, dose.n),
        *(dose.effect, dose.band_low, dose.band_high, dose.monotone),
    ]


def _drivers(report: Report) -> Iterator[list[object]]:
    """And at the end both sides and what nothing explains."""
    found = report.drivers
    if found is None:
        return
    for one in found.found:
        yield _driver(one)
    yield ["support", found.support, found.support_low, found.support_high, None, None, None]
    yield ["outside", found.outside, None, None, None, None, None]
    yield ["unexplained", found.unexplained, found.unexplained_low, found.unexplained_high, None, None, None]


def _driver(one: DriverFound) -> list[object]:
    return [one.name, one.lmg, one.low, one.high, one.share, one.johnson, one.last]
