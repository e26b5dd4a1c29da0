"""Everybody silent over the partners one sees, ranked, and what is done about it: a word in person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.feedback.public import Wave
from otklik.identity.public import Right, StaffRequest, User, actor_for, needs
from otklik.kit.clock import now
from otklik.loop.public import Alert, RuleKind, visible_alerts
from otklik.partners.public import ROLE, ContactRole
from otklik.relationships.access import editable_people, visible_calls
from otklik.relationships.labels import REASONS, SILENCES, TIE_LEVELS
from otklik.relationships.models import CallToAction, SilentPerson
from otklik.relationships.operations.calls import call_silent
from otklik.relationships.rules.moves import MoveKind
from otklik.relationships.rules.silence import Silence
from otklik.relationships.rules.vocabulary import CallKind, TieLevel
from otklik.relationships.web.lists import (
    Narrowed,
    csv_answer,
    may_export,
    narrowed,
    number_of,
    page_of,
    reasons_in_words,
    rows_for_file,
    rows_of,
    word_of,
)

MOST_WAVES = 50


@dataclass(frozen=True, slots=True)
class SilentLine:
    """``task``: of this silence, if there is one; ``alert``: of the loop, open, about the same silence."""

    row: SilentPerson
    task: CallToAction | None
    alert: Alert | None


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    by = narrowed(request)
    kind, wave = word_of(request.GET, "silence", list(Silence)), number_of(request.GET, "wave")
    page = page_of(_silent(request.user, by, kind, wave), request.GET.get("page"))
    context = {
        "page": page,
        "lines": _lines(request.user, list(page.object_list)),
        "by": by,
        "kind": kind,
        "kinds": SILENCES.items(),
        "wave": wave,
        "waves": _waves(by),
        "as_of": min((one.counted_at for one in page.object_list), default=None),
        "may_edit": request.user.may(Right.EDIT_PARTNERS),
        "may_export": may_export(request.user),
        "query": request.GET.urlencode(),
        "today": now().date(),
    }
    return render(request, "relationships/silence.html", context)


@require_safe
@needs(Right.EXPORT)
def file(request: StaffRequest) -> HttpResponseBase:
    kind, wave = word_of(request.GET, "silence", list(Silence)), number_of(request.GET, "wave")
    columns = (
        _("Person"),
        _("Job title"),
        _("Role"),
        _("Partner"),
        _("Account manager"),
        _("Tie"),
        _("Renewal"),
        _("Open tickets"),
        _("Silence"),
        _("Chance of an answer"),
        _("Points"),
        _("Because"),
    )
    rows = _silent(request.user, narrowed(request), kind, wave)
    return csv_answer("silence", columns, _cells(rows))


@require_POST
@needs(Right.EDIT_PARTNERS)
def call(request: StaffRequest, contact_id: int) -> HttpResponse:
    rows = SilentPerson.objects.filter(contact__in=editable_people(request.user))
    row = get_object_or_404(rows, contact_id=contact_id)
    at = now()
    task = call_silent(contact_id=row.contact_id, today=timezone.localdate(at), by=actor_for(request), at=at)
    messages.success(request, _("It is a task now. Give it to a colleague here, or keep it."))
    return redirect("map-task", task.pk)


def _silent(user: User, by: Narrowed, kind: str, wave: int | None) -> QuerySet[SilentPerson]:
    rows = SilentPerson.objects.order_by("-points", "contact_id")
    rows = rows.select_related("contact", "partner__manager", "wave")
    if kind:
        rows = rows.filter(kind=kind)
    if wave is not None:
        rows = rows.filter(wave=wave)
    return rows_of(rows, user, by, to_program="program")


def _lines(user: User, rows: Sequence[SilentPerson]) -> list[SilentLine]:
    """Two queries: tasks and alerts of the same wave."""
    people, waves = [row.contact_id for row in rows], {row.wave_id for row in rows}
    of_silence = {CallKind.SILENCE.value, MoveKind.DROPPED_OUT.value}
    tasks = {
        (one.contact_id, one.wave_id): one
        for one in visible_calls(user).filter(contact__in=people, wave__in=waves)
        if {one.kind, one.what} & of_silence
    }
    alerts = {
        one.contact_id: one
        for one in visible_alerts(user).filter(contact__in=people, kind=RuleKind.SILENCE, closed_at=None)
    }
    return [
        SilentLine(row, tasks.get((row.contact_id, row.wave_id)), alerts.get(row.contact_id)) for row in rows
    ]


def _waves(by: Narrowed) -> list[tuple[int, str]]:
    rows = Wave.objects.filter(Exists(SilentPerson.objects.filter(wave=OuterRef("pk"))))
    programs = [by.program] if by.program else [one.pk for one in by.programs]
    return list(
        rows.filter(program__in=programs)
        .order_by("-started_at", "-pk")
        .values_list("pk", "name")[:MOST_WAVES]
    )


def _cells(rows: QuerySet[SilentPerson]) -> Iterator[list[object]]:
    for one in rows_for_file(rows):
        yield [
            one.contact.name,
            one.contact.job_title,
            str(ROLE[ContactRole(one.role)]),
            one.partner.name,
            one.partner.manager.name if one.partner.manager else "",
            str(TIE_LEVELS[TieLevel(one.tie)]),
            one.partner.renewal_on or "",
            one.open_tickets,
            str(SILENCES[one.kind]),
            round(one.chance, 3),
            round(one.points, 1),
            reasons_in_words(one.reasons, REASONS),
        ]
