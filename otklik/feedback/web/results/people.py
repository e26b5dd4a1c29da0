"""The page of people without an answer, and the same list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from otklik.feedback.access import scope_of, visible_surveys
from otklik.feedback.labels import role_name
from otklik.feedback.models import Invitation, Survey, Wave
from otklik.feedback.operations.sparing import spare_reminders
from otklik.feedback.queries.survey_people import PeopleFilter, Shown, Sort, people_without_answer
from otklik.feedback.queries.survey_results import ResultFilter
from otklik.feedback.result_words import refusal_words
from otklik.feedback.rules.vocabulary import InvitationState, Refusal
from otklik.feedback.web.results.filters import asked_exactly, parameters_of, read_filter, read_number
from otklik.feedback.web.waves.words import REFUSALS, STATES, WAITS_FOR_LINK, waits_for_link
from otklik.feedback.web.waves.words import state_words as words_of_state
from otklik.feedback.words import period_text
from otklik.identity.public import Right, StaffRequest, active_managers, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.tabular.export import csv_lines
from otklik.partners.public import ContactRole

PER_PAGE = 50
SHOWN = {
    Shown.SILENT: _("Has not answered"),
    Shown.UNCONFIRMED: _("Opened and not confirmed"),
    Shown.LEFT_OUT: _("Left out"),
    Shown.WAITING: _("Not sent yet"),
    Shown.UNDELIVERED: _("Not delivered"),
    Shown.NOT_ARRIVED: _("Not known to have arrived"),
}
HEADINGS = {
    Sort.NAME: _("Person"),
    Sort.PARTNER: _("Partner"),
    Sort.ROLE: _("Role"),
    Sort.MANAGER: _("Account manager"),
    Sort.SENT: _("Sent"),
    Sort.REMINDERS: _("Reminders"),
}


class PeoplePage:
    def __init__(
        self,
        survey: Survey,
        asked: PeopleFilter,
        notices: tuple[str, ...],
        page: Page[Invitation],
        total: int,
    ) -> None:
        self.survey, self.asked, self.page, self.total = survey, asked, page, total
        self.notices = notices
        self.waves = list(Wave.objects.filter(survey_id=survey.pk).order_by("-id"))
        self.managers = active_managers()
        self.roles = [(role.value, role_name(role)) for role in ContactRole]
        self.reasons = [(one.value, REFUSALS[one]) for one in Refusal]

    def shown(self) -> list[tuple[str, object, str]]:
        """Key, name, address parameters of each list."""
        return [(one, name, query_of(self.asked, show=one, reason=None)) for one, name in SHOWN.items()]

    def headings(self) -> list[tuple[Sort, object, str, str]]:
        """Column, name, address parameters that sort by it, and how it is sorted now."""
        found: list[tuple[Sort, object, str, str]] = []
        for sort, name in HEADINGS.items():
            is_now = sort is self.asked.sort
            turned = "1" if is_now and not self.asked.descends else None
            now = ("descending" if self.asked.descends else "ascending") if is_now else ""
            found.append((sort, name, query_of(self.asked, sort=sort, desc=turned), now))
        return found

    @property
    def narrowed(self) -> str:
        """What the list is narrowed to besides the fields of its form."""
        chosen, parts = self.asked.chosen, []
        if chosen.version is not None:
            parts.append(gettext("Version %(n)s") % {"n": chosen.version})
        if chosen.period is not None:
            parts.append(period_text(chosen.period))
        return ", ".join(parts)

    def kept(self) -> list[tuple[str, str]]:
        """What the form's fields do not say and sending it must not lose."""
        part = parameters_of(self.asked.chosen) | {"wave": None}
        return [(name, value) for name, value in part.items() if value is not None]

    @property
    def whole_query(self) -> str:
        """The same list without that."""
        chosen = replace(self.asked.chosen, version=None, period=None)
        return query_of(replace(self.asked, chosen=chosen))

    def lines(self) -> list[tuple[Invitation, str, str]]:
        return [(row, role_name(row.role), state_words(row)) for row in self.page]

    @property
    def csv_query(self) -> str:
        return query_of(self.asked)


def state_words(row: Invitation) -> str:
    if row.state == InvitationState.LEFT_OUT:
        return refusal_words(row.reason)
    return str(words_of_state(row))


def query_of(asked: PeopleFilter, **changes: str | None) -> str:
    parameters: dict[str, str | None] = {
        **parameters_of(asked.chosen),
        "show": asked.shown,
        "sort": asked.sort,
        "desc": "1" if asked.descends else None,
        "role": asked.role or None,
        "reason": asked.reason or None,
        "manager": None if asked.manager is None else str(asked.manager),
    }
    parameters |= changes
    return urlencode({name: value for name, value in parameters.items() if value is not None})


def read_people(parameters: Mapping[str, str], chosen: ResultFilter) -> PeopleFilter:
    """What cannot be read is left out."""
    show, sort = parameters.get("show", ""), parameters.get("sort", "")
    role, reason = parameters.get("role", ""), parameters.get("reason", "")
    return PeopleFilter(
        replace(chosen, weighs=False),
        Shown(show) if show in set(Shown) else Shown.SILENT,
        Sort(sort) if sort in set(Sort) else Sort.SENT,
        parameters.get("desc", "") == "1",
        role if role in set(ContactRole) else "",
        reason if reason in set(Refusal) else "",
        read_number(parameters.get("manager", "")),
    )


@require_safe
@needs(Right.SEE_FEEDBACK)
def people(request: StaffRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(visible_surveys(request.user).select_related("program"), pk=survey_id)
    part = read_filter(request.GET.dict(), survey)
    asked = read_people(request.GET.dict(), part.chosen)
    pages = Paginator(people_without_answer(scope_of(request.user), survey, asked), PER_PAGE)
    page = PeoplePage(survey, asked, part.notices, pages.get_page(request.GET.get("page")), pages.count)
    context = {
        "page": page,
        "survey": survey,
        "may_export": request.user.may(Right.EXPORT),
        "may_speak": request.user.may(Right.RUN_DIALOGUE),
    }
    return render(request, "feedback/results/people.html", context)


@require_POST
@needs(Right.SEE_FEEDBACK)
@needs(Right.RUN_DIALOGUE)
def spare(request: StaffRequest, survey_id: int) -> HttpResponse:
    """A word from a person instead of another reminder."""
    survey = get_object_or_404(visible_surveys(request.user), pk=survey_id)
    asked = PeopleFilter(ResultFilter(survey.pk))
    rows = people_without_answer(scope_of(request.user), survey, asked)
    row = get_object_or_404(rows, pk=read_number(request.POST.get("invitation", "")) or 0)
    spared = spare_reminders(
        contact_id=row.contact_id, program_id=row.program_id, by=actor_for(request), at=now()
    )
    if spared:
        messages.success(
            request, gettext("%(name)s gets no more reminders: speak to them.") % {"name": row.contact.name}
        )
    else:
        messages.info(request, gettext("No reminder was planned for %(name)s.") % {"name": row.contact.name})
    return redirect(f"{reverse('survey-people', args=[survey.pk])}?{request.GET.urlencode()}")


@require_safe
@needs(Right.SEE_FEEDBACK)
@needs(Right.EXPORT)
def people_csv(request: StaffRequest, survey_id: int) -> StreamingHttpResponse:
    survey = get_object_or_404(visible_surveys(request.user), pk=survey_id)
    asked = read_people(request.GET.dict(), asked_exactly(request.GET.dict(), survey))
    rows = people_without_answer(scope_of(request.user), survey, asked)
    columns = [str(name) for name in HEADINGS.values()]
    columns += [gettext("Wave"), gettext("State"), gettext("Opened")]
    states = {row: str(words) for row, words in STATES.items()}
    by_link = str(WAITS_FOR_LINK)
    reasons = {one.value: str(words) for one, words in REFUSALS.items()}
    roles = {role.value: role_name(role) for role in ContactRole}

    def cells(row: Invitation) -> list[object]:
        state = InvitationState(row.state)
        told = by_link if waits_for_link(row) else states[state]
        return [
            row.contact.name, row.partner.name, roles.get(row.role, row.role),
            row.manager.name if row.manager else "", f"{row.sent_at:%Y-%m-%d %H:%M}" if row.sent_at else "",
            row.reminders_sent, row.wave.name,
            reasons.get(row.reason, told) if state is InvitationState.LEFT_OUT else told,
            f"{row.opened_at:%Y-%m-%d %H:%M}" if row.opened_at else "",
        ]  # fmt: skip

    return StreamingHttpResponse(
        csv_lines(columns, (cells(row) for row in rows.iterator(chunk_size=2000))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="survey-{survey.pk}-people.csv"'},
    )
