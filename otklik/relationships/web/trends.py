"""Everybody's line: of a wave or of a partner."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from otklik.feedback.public import SurveyKind, Wave, WaveMode, WaveState
from otklik.identity.public import Right, StaffRequest, User, needs
from otklik.kit.clock import now
from otklik.partners.public import Contact
from otklik.relationships.access import map_partners, mapped_people
from otklik.relationships.queries.people import people_asked, trends_of
from otklik.relationships.web.lines import draw_line

A_PAGE, WAVES = 20, 24


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    """Without a choice, of the last wave that closed."""
    partners = map_partners(request.user)
    partner = partners.filter(pk=_number(request.GET.get("partner", "")) or 0).first()
    waves = list(_waves(request.user))
    asked = _number(request.GET.get("wave", ""))
    wave = next((one for one in waves if one.pk == asked), None)
    if wave is None and partner is None:
        wave = waves[0] if waves else None
    people = mapped_people(request.user)
    if partner is not None:
        people = people.filter(partner=partner)
    elif wave is None:
        people = people.none()
    rows = people_asked(people, wave_id=wave.pk if wave else None)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    trends = trends_of(list(page.object_list), user=request.user, at=now())
    lines = [
        (one, draw_line(f"line-{one.contact.pk}", one.contact.name, one.line, one.band)) for one in trends
    ]
    context = {"page": page, "lines": lines, "waves": waves, "wave": wave, "partner": partner}
    return render(request, "relationships/trends.html", context)


def draw_person(request: HttpRequest, contact: Contact) -> str:
    """On the page of a person; nothing for those who see no answers of the partner."""
    user = request.user
    if not isinstance(user, User) or not mapped_people(user).filter(pk=contact.pk).exists():
        return ""
    (trend,) = trends_of([contact], user=user, at=now())
    picture = draw_line("line", contact.name, trend.line, trend.band) if trend.line else ""
    context = {"trend": trend, "picture": picture}
    return render_to_string("relationships/_person_line.html", context, request=request)


def _waves(user: User) -> QuerySet[Wave]:
    programs = map_partners(user).order_by().values("program_id")
    rows = Wave.objects.filter(mode=WaveMode.WAVE, survey__kind=SurveyKind.NPS, program__in=programs)
    return rows.filter(state=WaveState.CLOSED).order_by("-closed_at", "-pk")[:WAVES]


def _number(text: str) -> int | None:
    """Of an address: what is no number of a row is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
