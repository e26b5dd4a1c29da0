"""The page of one ticket for the people outside: how it stands, what was said, and what they want now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.labels import STATUS_FOR_PARTNER
from otklik.desk.models import Rating, Ticket
from otklik.desk.operations.asking import call_from_page, write_from_page
from otklik.desk.operations.locking import TicketGone, TicketMergedAway
from otklik.desk.operations.ratings import NotRatable, RatingSettled, may_rate, rate_ticket
from otklik.desk.queries.doors import (
    Visit,
    key_for,
    promised_to_anybody,
    sender_key,
    senders_words,
    visit_by,
)
from otklik.desk.queries.sides import (
    PAGE_SIZE,
    Said,
    conversation_for,
    file_for,
    page_for,
    subject_for,
)
from otklik.desk.queries.translations import Reading, readings_for
from otklik.desk.rules.statuses import PartnerWord, partner_word
from otklik.desk.rules.vocabulary import ClockKind, MessageKind, Side, TicketStatus
from otklik.desk.web.files import NoRoom, TooLarge, shown_type, stored_uploads
from otklik.desk.web.public.forms import CallForm, RateForm, WriteForm
from otklik.desk.web.public.guard import MOST_FILES, is_too_often, public_page
from otklik.kit.clock import now

TONES = {
    PartnerWord.RECEIVED: "main",
    PartnerWord.IN_WORK: "main",
    PartnerWord.WAITING_FOR_YOU: "care",
    PartnerWord.SOLVED: "good",
    PartnerWord.CLOSED: "plain",
}


@dataclass(frozen=True, slots=True)
class Mark:
    value: int
    word: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    who: str
    is_ours: bool
    said: Said | Any
    files: Sequence[Any]
    reading: Reading | None = None


def _visit(key: str) -> Visit:
    visit = visit_by(key)
    if visit is None:
        raise Http404
    return visit


@require_safe
@public_page
def show(request: HttpRequest, page_key: str) -> HttpResponse:
    return _page(request, _visit(page_key), page_key)


@require_POST
@public_page
def write(request: HttpRequest, page_key: str) -> HttpResponse:
    """An answer, or "still not solved", which opens the ticket again."""
    visit = _visit(page_key)
    form = WriteForm(request.POST)
    uploads = request.FILES.getlist("files")
    text = form.cleaned_data["text"] if form.is_valid() else ""
    if not text and form.is_valid() and form.cleaned_data["again"]:
        text = _("It is still not solved.")
    if not text:
        too_long = "text" in form.errors
        error = _("This is too long. Send it as a file.") if too_long else _("Write something first.")
        return _page(request, visit, page_key, form=form, error=error)
    if len(uploads) > MOST_FILES:
        return _page(request, visit, page_key, form=form, error=_("Attach five files at most."))
    if is_too_often(request, "page", str(visit.ticket.pk), at=now()):
        error = _("There were many messages in a short time. Send it once more in an hour, or by e-mail.")
        return _page(request, visit, page_key, form=form, error=error, status=429)
    try:
        files = stored_uploads(uploads, at=now())
    except TooLarge as found:
        error = _("%(name)s is larger than 25 MB. Send a link to it instead.") % {"name": found.name}
        return _page(request, visit, page_key, form=form, error=error)
    except NoRoom:
        error = _("We cannot keep the file just now. Send it without the file.")
        return _page(request, visit, page_key, form=form, error=error)
    ticket = write_from_page(visit=visit, text=text, files=files, key=form.key(text), at=now())
    messages.success(request, _("Your message has arrived."))
    if ticket.pk == visit.shown.pk:
        return redirect("public-ticket", page_key)
    # A follow-up has a page of its own.
    return redirect("public-ticket", key_for(visit.side, ticket) if visit.is_proved else sender_key(ticket))


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def rating(request: HttpRequest, page_key: str) -> HttpResponse:
    """Links in mails lead here with ?value=4. Programs that look into mails open links too, so that only the
    button counts."""
    visit = _visit(page_key)
    if not _rates(visit):
        raise Http404
    ticket = visit.shown
    if request.method != "POST":
        given = Rating.objects.filter(ticket=ticket).first()
        chosen = request.GET.get("value", "") or (str(given.value) if given else "")
        form = RateForm(initial={"comment": given.comment if given else ""})
        return _rating_page(request, visit, page_key, form, chosen)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _rating_page(request, visit, page_key, form, request.POST.get("value", ""), status=422)
    try:
        rate_ticket(public_key=ticket.public_key, at=now(), **form.cleaned_data)
    except (NotRatable, RatingSettled):
        messages.info(request, _("It can no longer be rated."))
    else:
        messages.success(request, _("Thank you: it helps us to do better."))
    return redirect("public-ticket", page_key)


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def callback(request: HttpRequest, page_key: str) -> HttpResponse:
    visit = _visit(page_key)
    if not _may_call(visit):
        raise Http404
    form = CallForm(request.POST or None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            if is_too_often(request, "page", str(visit.ticket.pk), at=now()):
                form.add_error(None, _("There were many messages in a short time. Try again in an hour."))
                status = 429
            elif _promised(visit, form):
                messages.success(request, _("We shall call you."))
                return redirect("public-ticket", page_key)
    context = {"form": form, "key": page_key, "subject": _subject(visit)}
    return render(request, "desk/public/callback.html", context, status=status)


def _promised(visit: Visit, form: CallForm) -> bool:
    call = form.call()
    if call is None:
        return False
    try:
        call_from_page(visit=visit, call=call, at=now())
    except (TicketGone, TicketMergedAway):
        form.add_error(None, _("This request has moved meanwhile. Open its page anew."))
        return False
    return True


@require_safe
@public_page
def file(request: HttpRequest, page_key: str, attachment_id: int) -> HttpResponseBase:
    """Always as a download, and nothing in it is ever run."""
    visit = _visit(page_key)
    found = file_for(visit.side, visit.shown, attachment_id) if visit.is_proved else None
    if found is None:
        raise Http404
    response = FileResponse(found.blob.file.open("rb"), content_type=shown_type(found.content_type))
    response["Content-Disposition"] = content_disposition_header(True, found.filename) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _page(
    request: HttpRequest,
    visit: Visit,
    key: str,
    *,
    form: WriteForm | None = None,
    error: str = "",
    status: int = 422,
) -> HttpResponse:
    ticket = visit.shown
    word = partner_word(TicketStatus(ticket.status))
    lines, earlier = _lines(request, visit, ticket)
    due = _due(visit, ticket)
    context = {
        "key": key,
        "ticket": ticket,
        "visit": visit,
        "subject": _subject(visit),
        "word": STATUS_FOR_PARTNER[TicketStatus(ticket.status)],
        "tone": TONES[word],
        "owner": ticket.owner.name if visit.is_proved and ticket.owner else "",
        "due": due,
        "is_late": due is not None and due < now(),
        "lines": lines,
        "earlier": earlier,
        "is_over": not ticket.is_open,
        "was_sent": "sent" in request.GET and not visit.is_proved,
        "may_rate": _rates(visit) and may_rate(ticket, at=now()),
        "may_call": _may_call(visit),
        "marks": _marks(""),
        "form": form or WriteForm(),
        "opened": WriteForm.ticket(),
        "error": error,
        "most_files": MOST_FILES,
    }
    return render(request, "desk/public/ticket.html", context, status=status if error else 200)


def _lines(request: HttpRequest, visit: Visit, ticket: Ticket) -> tuple[list[Line], int | None]:
    if not visit.is_proved:
        rows = senders_words(ticket)
        return [Line(row.from_name, False, row, list(row.attachments.all())) for row in rows], None
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = conversation_for(visit.side, ticket, before=int(before))
    else:
        found = list(page_for(visit.side, ticket).messages)
    shown = [said.id for said in found]
    readings = readings_for(visit.side, ticket, shown, language=get_language() or "en")
    # Notices repeat in words what the head of the page says.
    lines = [
        Line(said.name, said.side in (Side.STAFF, Side.SYSTEM), said, said.files, readings.get(said.id))
        for said in found
        if said.kind is not MessageKind.NOTICE
    ]
    return lines, found[0].id if len(found) == PAGE_SIZE else None


def _subject(visit: Visit) -> str:
    return subject_for(visit.side, visit.shown)


def _due(visit: Visit, ticket: Ticket) -> datetime | None:
    """By when they hear from us. What another department owes us is our own business."""
    if not ticket.is_open:
        return None
    if visit.is_proved:
        return None if ticket.next_due_kind == ClockKind.SUB_REQUEST else ticket.due_at
    if ticket.first_replied_at is not None:
        return None
    return promised_to_anybody(program_id=ticket.program_id, topic_id=ticket.topic_id, at=ticket.created_at)


def _may_call(visit: Visit) -> bool:
    return visit.shown.is_open and visit.shown.merged_into_id is None


def _rates(visit: Visit) -> bool:
    """The partner's to say, and only with the link that was mailed."""
    return visit.is_proved and visit.side is Side.PARTNER


def _rating_page(
    request: HttpRequest, visit: Visit, key: str, form: RateForm, chosen: str, *, status: int = 200
) -> HttpResponse:
    ticket = visit.shown
    context = {
        "form": form,
        "key": key,
        "subject": _subject(visit),
        "may_rate": may_rate(ticket, at=now()),
        "marks": _marks(chosen),
        "page": reverse("public-ticket", args=[key]),
    }
    return render(request, "desk/public/rating.html", context, status=status)


def _marks(chosen: str) -> list[Mark]:
    words = (
        pgettext("rating of help", "very well"),
        pgettext("rating of help", "well"),
        pgettext("rating of help", "so-so"),
        pgettext("rating of help", "badly"),
        pgettext("rating of help", "not at all"),
    )
    return [Mark(5 - n, word, str(5 - n) == chosen) for n, word in enumerate(words)]
