"""A file of a partner's own figures, read and held against ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from otklik.events.public import Actor
from otklik.kit.tabular import Ragged, open_table
from otklik.payouts.models import PartnerReport
from otklik.payouts.operations.reports import take_report
from otklik.payouts.rules.file_lines import FileProblem
from otklik.payouts.rules.file_rows import FileLine
from otklik.payouts.rules.report_file import MOST_REPORT_LINES, read_report
from otklik.payouts.rules.schedule import Period


class ReportFileRefused(Exception):
    """Nothing is compared. ``columns``: as the file has them."""

    def __init__(self, problems: Sequence[FileProblem], columns: Sequence[str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)
        self.columns = list(columns)


def take_report_file(
    *,
    partner_id: int,
    currency: str,
    period: Period,
    file: BinaryIO,
    zone: tzinfo,
    contact_id: int | None = None,
    form_key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> PartnerReport:
    """As ``take_report``. Raises ReportFileRefused, TableError, NotTheirReport, Partner.DoesNotExist."""
    with open_table(file, ragged=Ragged.REPORT) as table:
        lines = [FileLine(row.number, row.cells) for row in islice(table.rows, MOST_REPORT_LINES + 1)]
        columns, header_line = table.columns, table.header_row
    found = read_report(columns, lines, currency=currency, header_line=header_line)
    if found.problems:
        raise ReportFileRefused(found.problems, columns)
    return take_report(
        partner_id=partner_id,
        currency=currency,
        period=period,
        rows=found.rows,
        zone=zone,
        contact_id=contact_id,
        form_key=form_key,
        by=by,
        at=at,
    )
