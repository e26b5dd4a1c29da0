"""The board's list as a file: the alerts of one tab, with its filters and in its order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.kit.tabular.export import csv_lines
from otklik.loop.labels import ALERT_STATES, FLOWS, LATENESS, OUTCOMES
from otklik.loop.models import Alert
from otklik.loop.rules.deadlines import lateness
from otklik.loop.rules.vocabulary import AlertState, Flow, Outcome
from otklik.loop.templatetags.loop_words import because, cause_name
from otklik.loop.web.board import asked_for, listed, tab_of

CHUNK = 500


@require_safe
@needs(Right.SEE_FEEDBACK)
@needs(Right.EXPORT)
def alerts_csv(request: StaffRequest) -> StreamingHttpResponse:
    at = now()
    asked, _context = asked_for(request, at)
    rows = listed(request.user, tab_of(request), asked)
    rows = rows.select_related("program", "partner", "contact", "owner").prefetch_related("causes__cause")
    lines = _in_language(get_language() or "en", csv_lines(_header(), _cells(rows)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="alerts-{at:%Y-%m-%d}.csv"'
    return response


def _in_language(language: str, lines: Iterator[str]) -> Iterator[str]:
    """The lines are made while the answer is sent, when the request's own language is no longer set."""
    while True:
        with override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _header() -> list[str]:
    return [
        *(_("Program"), _("Partner"), _("Person"), _("Kind"), _("Score"), _("Why"), _("State")),
        *(_("Whose alert"), _("Raised"), _("First word by"), _("First word"), _("Lateness")),
        *(
            _("Put off until"),
            pgettext("alert", "Closed"),
            _("Outcome"),
            _("Root causes"),
            _("What came of it"),
        ),
        *(_("They were told"), _("Number")),
    ]


def _cells(rows: QuerySet[Alert]) -> Iterator[list[object]]:
    at = now()
    for alert in rows.iterator(chunk_size=CHUNK):
        yield [
            alert.program.name,
            alert.partner.name if alert.partner else "",
            alert.contact.name if alert.contact else "",
            str(FLOWS[Flow(alert.flow)]),
            "" if alert.score is None else alert.score,
            "; ".join(because(alert.reasons)),
            str(ALERT_STATES[AlertState(alert.state)]),
            alert.owner.name if alert.owner else "",
            *(_moment(one) for one in (alert.opened_at, alert.due_at, alert.first_contact_at)),
            str(LATENESS[lateness(alert.standing, at)]),
            *(_moment(one) for one in (alert.snoozed_until, alert.closed_at)),
            str(OUTCOMES[Outcome(alert.outcome)]) if alert.outcome else "",
            "; ".join(cause_name(named.cause) for named in alert.causes.all()),
            alert.result,
            _moment(alert.told_at),
            alert.pk,
        ]


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{localtime(moment):%Y-%m-%d %H:%M}"
