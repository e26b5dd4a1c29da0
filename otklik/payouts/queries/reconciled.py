"""What a comparison found, as pages and downloads tell it: staff and partner read the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from otklik.payouts.labels import DIFFERENCE_HINTS, DIFFERENCES
from otklik.payouts.models import PartnerReport
from otklik.payouts.operations.amounts import told
from otklik.payouts.rules.reconcile import UNEXPLAINED, MetBy
from otklik.payouts.rules.vocabulary import DifferenceKind

LINES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class KindPart:
    """All differences of one kind. ``lines`` are the largest; ``rest_count`` others come to ``rest``."""

    kind: DifferenceKind
    word: str
    hint: str
    count: int
    amount: Decimal
    lines: Sequence[Mapping[str, Any]]
    rest_count: int
    rest: Decimal
    is_explained: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """``difference`` = theirs - ours = ``explained`` + ``unexplained`` = the sum of all parts."""

    ours: Decimal
    theirs: Decimal
    difference: Decimal
    explained: Decimal
    unexplained: Decimal
    agreed: int
    parts: Sequence[KindPart]
    meets_by_key: bool
    meets_by_source: bool


def explained(report: PartnerReport, *, lines_shown: int = LINES_SHOWN) -> Explained:
    """The unexplained parts first, then the largest."""
    result = report.result
    ours, theirs = Decimal(result["ours"]), Decimal(result["theirs"])
    parts = [_part(one, result["lines"], lines_shown) for one in result["totals"]]
    met_by = result["met_by"]
    return Explained(
        ours=ours,
        theirs=theirs,
        difference=theirs - ours,
        explained=Decimal(result["explained"]),
        unexplained=Decimal(result["unexplained"]),
        agreed=result["agreed"],
        parts=sorted(parts, key=lambda part: (part.is_explained, -abs(part.amount))),
        meets_by_key=met_by == MetBy.KEY,
        meets_by_source=met_by == MetBy.DAY_AND_SOURCE,
    )


def report_table(report: PartnerReport) -> tuple[list[str], Iterator[list[str]]]:
    """Columns and lines of the download; amounts with a point, as a machine reads them. The last line is the
    sum of all others."""
    columns = [
        _("Why"),
        _("Explained"),
        _("Key or day"),
        _("Day in the books"),
        _("Day in the file"),
        _("Books of the program"),
        _("File"),
        _("Difference"),
    ]
    return columns, _table_lines(report, explained(report, lines_shown=len(report.result["lines"])))


def _table_lines(report: PartnerReport, found: Explained) -> Iterator[list[str]]:
    for part in found.parts:
        explains = _("yes") if part.is_explained else _("no")
        for one in part.lines:
            days = [one["our_day"] or "", one["their_day"] or ""]
            yield [part.word, explains, one["key"], *days, one["ours"], one["theirs"], one["amount"]]
        if part.rest_count:
            text = _("%(n)s smaller ones") % {"n": part.rest_count}
            yield [part.word, explains, text, "", "", "", "", told(part.rest, report.currency)]
    sums = (found.ours, found.theirs, found.difference)
    yield [_("Sum"), "", "", "", "", *(told(amount, report.currency) for amount in sums)]


def _part(one: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], most: int) -> KindPart:
    kind = DifferenceKind(one["kind"])
    shown = [line for line in lines if line["kind"] == kind.value][:most]
    amount = Decimal(one["amount"])
    return KindPart(
        kind=kind,
        word=str(DIFFERENCES[kind]),
        hint=str(DIFFERENCE_HINTS[kind]),
        count=one["lines"],
        amount=amount,
        lines=shown,
        rest_count=one["lines"] - len(shown),
        rest=amount - sum((Decimal(line["amount"]) for line in shown), Decimal(0)),
        is_explained=kind not in UNEXPLAINED,
    )
