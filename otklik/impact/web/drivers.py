"""What goes with the differences between answers, and how much of them is known at all."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.impact.labels import driver_name
from otklik.impact.pictures import drivers_picture, shares_picture
from otklik.impact.sentences import shares_sentence
from otklik.impact.web.asked import answer, read_asked
from otklik.impact.web.lines import driver_lines

MOST_PAIRS = 6


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest) -> HttpResponse:
    asked = read_asked(request)
    if asked is None or asked.report is None or asked.report.drivers is None:
        return answer(request, "impact/no_drivers.html", "drivers", asked)
    found = asked.report.drivers
    return answer(
        request,
        "impact/drivers.html",
        "drivers",
        asked,
        drivers=found,
        sentence=shares_sentence(asked.report),
        picture=drivers_picture(found),
        shares=shares_picture(found),
        lines=driver_lines(found, asked.report.studies),
        pairs=[(driver_name(a), driver_name(b)) for a, b in found.not_separable[:MOST_PAIRS]],
        more_pairs=max(len(found.not_separable) - MOST_PAIRS, 0),
        collinear=[", ".join(driver_name(name) for name in names) for names in found.collinear],
        constant=[driver_name(name) for name in found.constant],
    )
