"""A company's matters with us: all of them, and one with everything that was said in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from otklik.desk.public import (
    STATUS_FOR_PARTNER,
    MatterFilter,
    MessageKind,
    NoAddress,
    NotBeside,
    NotRatable,
    PartnerWord,
    Promised,
    Rating,
    RatingSettled,
    Reading,
    Said,
    Side,
    Ticket,
    TicketGone,
    TicketMergedAway,
    TicketStatus,
    beside_the_requester,
    colleagues_beside,
    conversation_for,
    file_for,
    let_colleague_read,
    matter_of,
    matter_page,
    may_rate,
    partner_word,
    promises_of,
    rate_as_contact,
    rating_of,
    read_cursor,
    readings_for,
    shown_type,
    solve_as_contact,
    spare_colleague,
    subject_for,
    write_as_contact,
)
from otklik.kit.clock import now
from otklik.kit.long_text import LongTextField
from otklik.portal.web.guard import PortalRequest, person_page
from otklik.portal.web.writing import MOST_FILES, Refused, WriteForm, taken_files

PAGE_SIZE = 50
TONES = {
    PartnerWord.RECEIVED: "main",
    PartnerWord.IN_WORK: "main",
    PartnerWord.WAITING_FOR_YOU: "care",
    PartnerWord.SOLVED: "good",
    PartnerWord.CLOSED: "plain",
}
SHOWN = {"open": True, "closed": False, "all": None}


@dataclass(frozen=True, slots=True)
class Mark:
    value: int
    word: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """``reading``: in the person's language where it was written in another one."""

    said: Said
    reading: Reading | None

    @property
    def text(self) -> str:
        return self.reading.text if self.reading is not None else self.said.text


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise as the page says it."""

    promised: Promised
    is_late: bool


class RateForm(forms.Form):
    value = forms.IntegerField(min_value=1, max_value=5)
    comment = LongTextField(max_length=5000, required=False)


@require_safe
@person_page
def matters(request: PortalRequest) -> HttpResponse:
    person = request.person
    shown = request.GET.get("show", "open")
    shown = shown if shown in SHOWN else "open"
    mine = request.GET.get("mine") == "1"
    q = request.GET.get("q", "").replace("\0", "").strip()[:200]
    chosen = MatterFilter(is_open=SHOWN[shown], mine=person.contact.pk if mine else None, q=q)
    after = read_cursor(request.GET.get("after", ""))
    page = matter_page(person.partner.pk, chosen, reader=person.contact.pk, after=after)
    context = {
        "page": page,
        "shown": shown,
        "mine": mine,
        "q": q,
        "at": now(),
        "further": _address(request, after=str(page.next)) if page.next else "",
        "is_narrowed": bool(q or mine or shown != "open" or "after" in request.GET),
    }
    return render(request, "portal/matters/list.html", context)


@require_safe
@person_page
def matter(request: PortalRequest, ticket_id: int) -> HttpResponse:
    ticket = _own(request, ticket_id)
    if ticket.pk != ticket_id:
        # It was merged into this one.
        return redirect("portal-matter", ticket.pk)
    return _page(request, ticket)


@require_POST
@person_page
def write(request: PortalRequest, ticket_id: int) -> HttpResponse:
    """An answer, or "still not solved", which opens the matter again."""
    ticket = _own(request, ticket_id)
    form = WriteForm(request.POST)
    is_said = form.is_valid() and (form.cleaned_data["text"].strip() or form.cleaned_data["again"])
    if not is_said:
        too_long = "text" in form.errors
        error = _("This is too long. Send it as a file.") if too_long else _("Write something first.")
        return _page(request, ticket, form=form, error=error, status=422)
    text = form.cleaned_data["text"].strip() or _("It is still not solved.")
    try:
        files = taken_files(request)
    except Refused as refused:
        return _page(request, ticket, form=form, error=refused.text, status=refused.status)
    try:
        written = write_as_contact(
            contact=request.person.contact,
            ticket_id=ticket.pk,
            text=text,
            files=files,
            key=form.sending_key(text, files=files),
            at=now(),
        )
    except TicketGone:
        raise Http404 from None
    messages.success(request, _("Your message has arrived."))
    return redirect("portal-matter", written.pk)


@require_POST
@person_page
def solve(request: PortalRequest, ticket_id: int) -> HttpResponse:
    ticket = _own(request, ticket_id)
    try:
        solve_as_contact(contact=request.person.contact, ticket_id=ticket.pk, at=now())
    except TicketGone:
        raise Http404 from None
    except TicketMergedAway as merged:
        return redirect("portal-matter", merged.into_id)
    messages.success(request, _("Marked as solved. If something is still missing, write here."))
    return redirect("portal-matter", ticket.pk)


@require_POST
@person_page
def rate(request: PortalRequest, ticket_id: int) -> HttpResponse:
    ticket = _own(request, ticket_id)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, rate_form=form, status=422)
    try:
        rate_as_contact(contact=request.person.contact, ticket_id=ticket.pk, at=now(), **form.cleaned_data)
    except TicketGone:
        raise Http404 from None
    except (NotRatable, RatingSettled):
        messages.info(request, _("It can no longer be rated."))
    else:
        messages.success(request, _("Thank you: it helps us to do better."))
    return redirect("portal-matter", ticket.pk)


@require_POST
@person_page
def add_reader(request: PortalRequest, ticket_id: int) -> HttpResponse:
    ticket = _own(request, ticket_id)
    number = request.POST.get("colleague", "")
    colleague = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    try:
        let_colleague_read(
            contact=request.person.contact, ticket_id=ticket.pk, colleague_id=colleague, at=now()
        )
    except TicketGone:
        raise Http404 from None
    except NotBeside:
        messages.info(request, _("This colleague reads along already, or does not work with you."))
    except NoAddress:
        messages.error(request, _("We know no e-mail address of this colleague."))
    except TicketMergedAway as merged:
        return redirect("portal-matter", merged.into_id)
    else:
        messages.success(request, _("Your colleague gets the answers too."))
    return redirect("portal-matter", ticket.pk)


@require_POST
@person_page
def remove_reader(request: PortalRequest, ticket_id: int, participant_id: int) -> HttpResponse:
    ticket = _own(request, ticket_id)
    try:
        spare_colleague(
            contact=request.person.contact, ticket_id=ticket.pk, participant_id=participant_id, at=now()
        )
    except (TicketGone, NotBeside):
        raise Http404 from None
    except TicketMergedAway as merged:
        return redirect("portal-matter", merged.into_id)
    messages.success(request, _("No further mails go there."))
    return redirect("portal-matter", ticket.pk)


@require_safe
@person_page
def file(request: PortalRequest, ticket_id: int, attachment_id: int) -> HttpResponseBase:
    """Always as a download, and nothing in it is ever run."""
    ticket = _own(request, ticket_id)
    found = file_for(Side.PARTNER, ticket, attachment_id)
    if found is None:
        raise Http404
    response = FileResponse(found.blob.file.open("rb"), content_type=shown_type(found.content_type))
    response["Content-Disposition"] = content_disposition_header(True, found.filename) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _own(request: PortalRequest, ticket_id: int) -> Ticket:
    ticket = matter_of(request.person.partner.pk, ticket_id, reader=request.person.contact.pk)
    if ticket is None:
        raise Http404
    return ticket


def _page(
    request: PortalRequest,
    ticket: Ticket,
    *,
    form: WriteForm | None = None,
    rate_form: RateForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    at = now()
    status_now = TicketStatus(ticket.status)
    said, earlier = _said(request, ticket)
    owed = promises_of([ticket.pk]).get(ticket.pk, []) if ticket.is_open else []
    rates, given = may_rate(ticket, at=at), rating_of(ticket)
    context = {
        "ticket": ticket,
        "subject": subject_for(Side.PARTNER, ticket),
        "word": STATUS_FOR_PARTNER[status_now],
        "tone": TONES[partner_word(status_now)],
        "is_waiting": status_now is TicketStatus.WAITING,
        "owner": ticket.owner.name if ticket.owner else "",
        "owed": [Owed(one, one.is_late(at)) for one in owed],
        "said": said,
        "earlier": earlier,
        "readers": beside_the_requester(ticket).filter(side=Side.PARTNER),
        "colleagues": colleagues_beside(ticket) if ticket.is_open and not ticket.is_private else [],
        "may_rate": rates,
        "rating": given,
        **_rating(given, rate_form),
        "form": form or WriteForm(),
        "key": (form.data.get("key") if form is not None else "") or WriteForm.new_key(),
        "error": error,
        "had_files": bool(request.FILES),
        "most_files": MOST_FILES,
    }
    return render(request, "portal/matters/matter.html", context, status=status)


def _said(request: PortalRequest, ticket: Ticket) -> tuple[list[Line], int | None]:
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    sees_money = request.person.sees_money
    found = conversation_for(Side.PARTNER, ticket, limit=PAGE_SIZE, before=number, sees_money=sees_money)
    earlier = found[0].id if len(found) == PAGE_SIZE else None
    # Notices repeat in words what the head of the page says; an answer about money stands nowhere else.
    shown = [one for one in found if one.kind is not MessageKind.NOTICE or one.about_money]
    ids = [one.id for one in shown]
    readings = readings_for(Side.PARTNER, ticket, ids, language=request.person.language)
    return [Line(one, readings.get(one.id)) for one in shown], earlier


def _rating(given: Rating | None, form: RateForm | None) -> dict[str, Any]:
    """As it was given, or as somebody tried to."""
    if form is None:
        return {"marks": _marks(given.value if given else 0), "comment": given.comment if given else ""}
    error = form.errors["comment"][0] if "comment" in form.errors else _("Choose one of the five.")
    value = form.cleaned_data.get("value") or 0
    return {"marks": _marks(value), "comment": form["comment"].value() or "", "rate_error": error}


def _marks(chosen: int) -> list[Mark]:
    words = (
        pgettext("rating of help", "very well"),
        pgettext("rating of help", "well"),
        pgettext("rating of help", "so-so"),
        pgettext("rating of help", "badly"),
        pgettext("rating of help", "not at all"),
    )
    return [Mark(5 - n, word, 5 - n == chosen) for n, word in enumerate(words)]


def _address(request: PortalRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"
