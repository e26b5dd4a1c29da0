"""Announcements: listed, written, shown with the count of whom they reach, published, read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.public import Message, visible_tickets
from otklik.dialogue.access import (
    dialogue_partners,
    editable_announcements,
    partner_rows,
    visible_addressees,
    visible_announcements,
)
from otklik.dialogue.models import Announcement, AnnouncementQuestion
from otklik.dialogue.operations.announcements import (
    AnnouncementChanged,
    NobodyToTell,
    NotADraft,
    NoText,
    change_announcement,
    publish_announcement,
    show_answer,
    withdraw_announcement,
    write_announcement,
)
from otklik.dialogue.queries.announcements import lines, receipts_by_partner, receipts_of, with_counts
from otklik.dialogue.queries.audience import Audience, reach
from otklik.dialogue.rules.vocabulary import NewsState
from otklik.dialogue.web.announcement_forms import AnnouncementForm, first_values, values_of
from otklik.dialogue.web.parts import A_PAGE, page_language, picked_program, typed, whole_number
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.markup import html_of
from otklik.partners.public import Partner, visible_partners, visible_programs

PARTNERS_A_PAGE = 20


@require_safe
@needs(Right.RUN_DIALOGUE)
def listed(request: StaffRequest) -> HttpResponse:
    rows = with_counts(visible_announcements(request.user)).select_related("program")
    page = Paginator(rows.order_by("-created_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    found = lines(list(page.object_list), page_language())
    return render(request, "dialogue/announcements.html", {"page": page, "lines": found, "at": now()})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_DIALOGUE)
def new(request: StaffRequest) -> HttpResponse:
    program = picked_program(request)
    if program is None:
        programs = visible_programs(request.user).order_by("name")
        return render(request, "dialogue/pick_program.html", {"programs": programs})
    initial = first_values(page_language())
    if wanted := whole_number(request.GET.get("partner", "")):
        partner = get_object_or_404(dialogue_partners(request.user).filter(program=program), pk=wanted)
        initial["partners"] = partner.name
    form = AnnouncementForm(request.POST or None, initial=initial, program=program, author=request.user)
    if form.is_valid():
        announcement = write_announcement(
            program_id=program.pk,
            terms=form.terms(),
            key=form.cleaned_data["key"],
            by=actor_for(request),
            at=now(),
        )
        messages.success(request, _("Saved as a draft. Look at it once more before you publish it."))
        return redirect("announcement", announcement.pk)
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_DIALOGUE)
def edit(request: StaffRequest, announcement_id: int) -> HttpResponse:
    found = editable_announcements(request.user).select_related("program")
    announcement = get_object_or_404(found, pk=announcement_id)
    form = AnnouncementForm(
        request.POST or None,
        initial=values_of(announcement, request.user),
        program=announcement.program,
        author=request.user,
    )
    if announcement.state != NewsState.DRAFT:
        return _too_late(request, announcement_id)
    if form.is_valid():
        try:
            change_announcement(
                announcement_id=announcement.pk,
                terms=form.terms(),
                version=form.cleaned_data["version"],
                by=actor_for(request),
                at=now(),
            )
        except (NotADraft, NoText):
            return _too_late(request, announcement_id)
        except AnnouncementChanged as changed:
            # What was typed stays; saved once more, it goes in the place of theirs.
            form.data = request.POST.copy()
            form.data["version"] = str(changed.version)
            form.add_error(None, _("Somebody saved this announcement meanwhile. Look at theirs first."))
            return _form_page(request, form, announcement)
        messages.success(request, _("Saved."))
        return redirect("announcement", announcement.pk)
    return _form_page(request, form, announcement)


@require_safe
@needs(Right.RUN_DIALOGUE)
def show(request: StaffRequest, announcement_id: int) -> HttpResponse:
    rows = visible_announcements(request.user).select_related("program", "created_by", "published_by")
    announcement = get_object_or_404(rows, pk=announcement_id)
    may_edit = editable_announcements(request.user).filter(pk=announcement.pk).exists()
    addressees = visible_addressees(request.user).filter(announcement=announcement)
    partners = Partner.objects.filter(pk__in=addressees.values("partner")).order_by("name_key", "pk")
    page = Paginator(partners, PARTNERS_A_PAGE).get_page(request.GET.get("page"))
    audience, own = Audience.of(announcement), page_language()
    texts = sorted(announcement.texts.all(), key=lambda text: (text.language != own, text.pk))
    context = {
        "announcement": announcement,
        "texts": [{"text": text, "html": html_of(text.body)} for text in texts],
        "audience": audience,
        "audience_partners": visible_partners(request.user)
        .filter(pk__in=audience.partners)
        .order_by("name_key"),
        "reach": reach(announcement.program_id, audience, request.user),
        "may_edit": may_edit,
        "receipts": receipts_of(addressees),
        "page": page,
        "by_partner": receipts_by_partner(addressees, list(page.object_list)),
        "questions": _questions(request, announcement),
        "at": now(),
    }
    return render(request, "dialogue/announcement.html", context)


@require_POST
@needs(Right.RUN_DIALOGUE)
def publish(request: StaffRequest, announcement_id: int) -> HttpResponse:
    announcement = get_object_or_404(editable_announcements(request.user), pk=announcement_id)
    moment = _moment(request.POST.get("publish_at", ""))
    if moment is None and request.POST.get("publish_at"):
        messages.error(request, _("This is not a date and time."))
        return redirect("announcement", announcement.pk)
    try:
        publish_announcement(
            announcement_id=announcement.pk,
            author=request.user,
            visible_from=moment,
            version=whole_number(request.POST.get("version", "")),
            by=actor_for(request),
            at=now(),
        )
    except NotADraft:
        return _too_late(request, announcement.pk)
    except AnnouncementChanged:
        messages.error(request, _("Somebody saved this announcement meanwhile. Look at theirs first."))
    except NobodyToTell:
        messages.error(request, _("This audience is empty: there is nobody to tell. Widen it."))
    else:
        messages.success(request, _("Published. Whom it is for is fixed from now on."))
    return redirect("announcement", announcement.pk)


@require_POST
@needs(Right.RUN_DIALOGUE)
def withdraw(request: StaffRequest, announcement_id: int) -> HttpResponse:
    announcement = get_object_or_404(editable_announcements(request.user), pk=announcement_id)
    try:
        withdraw_announcement(announcement_id=announcement.pk, by=actor_for(request), at=now())
    except NotADraft:
        return _too_late(request, announcement.pk)
    messages.success(request, _("Withdrawn: partners do not see it any more."))
    return redirect("announcement", announcement.pk)


@require_POST
@needs(Right.RUN_DIALOGUE)
def show_question(request: StaffRequest, announcement_id: int, asked_id: int) -> HttpResponse:
    announcement = get_object_or_404(editable_announcements(request.user), pk=announcement_id)
    question = get_object_or_404(announcement.questions, pk=asked_id)
    try:
        show_answer(
            question_id=question.pk,
            question=typed(request, "question"),
            answer=typed(request, "answer"),
            by=actor_for(request),
            at=now(),
        )
    except NoText:
        messages.error(request, _("Write both the question and the answer, or leave both empty."))
    else:
        messages.success(request, _("Saved."))
    return redirect("announcement", announcement.pk)


def _questions(request: StaffRequest, announcement: Announcement) -> list[dict[str, Any]]:
    """With what was written in the ticket, where the reader may see that."""
    mine = AnnouncementQuestion.objects.filter(partner_rows(request.user), announcement=announcement)
    rows = mine.order_by("pk")
    rows = rows.select_related("ticket", "partner", "contact")
    tickets = set(
        visible_tickets(request.user).filter(pk__in=rows.values("ticket")).values_list("pk", flat=True)
    )
    said: dict[int, list[Message]] = {}
    public = Message.objects.filter(ticket__in=tickets, visible_to_partner=True).order_by("pk")
    for message in public:
        said.setdefault(message.ticket_id, []).append(message)
    found = []
    for row in rows:
        told = said.get(row.ticket_id, [])
        asked = next((m.text for m in told if m.author_id is None), "")
        answer = next((m.text for m in reversed(told) if m.author_id is not None), "")
        seen = row.ticket_id in tickets
        found.append({"row": row, "asked": asked, "answer": answer, "seen": seen})
    return found


def _form_page(
    request: StaffRequest, form: AnnouncementForm, announcement: Announcement | None = None
) -> HttpResponse:
    context = {"form": form, "announcement": announcement, "program": form.program}
    status = 422 if form.errors else 200
    return render(request, "dialogue/announcement_form.html", context, status=status)


def _too_late(request: StaffRequest, announcement_id: int) -> HttpResponse:
    messages.info(request, _("This announcement was published or withdrawn meanwhile."))
    return redirect("announcement", announcement_id)


def _moment(text: str) -> datetime | None:
    """By the watch of whoever is signed in."""
    try:
        found = parse_datetime(text)
        if found is None:
            return None
        return found if timezone.is_aware(found) else timezone.make_aware(found)
    except (ValueError, OverflowError):
        return None
