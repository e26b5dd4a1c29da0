"""The partner list as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.html import strip_tags
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from otklik.identity.public import StaffRequest, User
from otklik.kit.clock import now
from otklik.kit.tabular.export import csv_lines
from otklik.partners import labels
from otklik.partners.access import may_see_revenue
from otklik.partners.models import Partner
from otklik.partners.queries import country_name
from otklik.partners.web.pages import exported_partners, partner_lines, provider_columns

CHUNK = 500
FIELDS = ("name", "external_id", "status", "tier", "segment", "country", "language", "time_zone")


def partners_csv(request: StaffRequest) -> StreamingHttpResponse:
    """Everything the list shows with its filters, in its order, in chunks: memory does not grow with it."""
    language, revenue = get_language() or "en", may_see_revenue(request.user)
    user, rows = request.user, exported_partners(request).iterator(chunk_size=CHUNK)
    response = StreamingHttpResponse(
        _in_language(language, csv_lines(_header(user, revenue), _cells(rows, user, revenue))),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="partners-{now():%Y-%m-%d}.csv"'
    return response


def _in_language(language: str, lines: Iterator[str]) -> Iterator[str]:
    """The lines are made while the answer is sent, when the request's own language is no longer set."""
    while True:
        with override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _header(user: User, revenue: bool) -> list[str]:
    fixed = [labels.FIELDS[field] for field in FIELDS]
    more = [_("Program"), labels.FIELDS["manager_id"], labels.FIELDS["renewal_on"], _("People")]
    columns = [column.label for column in provider_columns(user)]
    return [str(text) for text in [*fixed, *more, *([labels.FIELDS["revenue"]] if revenue else []), *columns]]


def _cells(partners: Iterable[Partner], user: User, revenue: bool) -> Iterator[list[Any]]:
    rows = iter(partners)
    while chunk := list(islice(rows, CHUNK)):
        for line in partner_lines(chunk, user):
            partner = line.partner
            yield [
                partner.name,
                partner.external_id,
                labels.label(labels.STATUS, partner.status),
                partner.tier,
                partner.segment,
                country_name(partner.country),
                partner.language,
                partner.time_zone,
                partner.program.name,
                partner.manager.name if partner.manager else "",
                partner.renewal_on or "",
                line.people,
                *([partner.revenue if partner.revenue is not None else ""] if revenue else []),
                *("" if value is None else strip_tags(str(value)) for value in line.values),
            ]
