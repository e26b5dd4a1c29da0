"""The page of a ticket and the parts that are fetched into it."""

from __future__ import annotations

from typing import Literal

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from otklik.desk.access import answerable_tickets, untold_money, visible_messages, visible_tickets
from otklik.desk.models import Attachment, Ticket
from otklik.desk.operations.people import drop_draft, leave_ticket, note_viewing, save_draft, see_mentions
from otklik.desk.queries.columns import own_columns
from otklik.desk.queries.conversation import conversation, others_at
from otklik.desk.queries.dwell import dwell_of
from otklik.desk.queries.history import history
from otklik.desk.queries.sides import family_ids
from otklik.desk.rules.mail.safe_html import clean_html, frame_document
from otklik.desk.web.files import inline_addresses, inline_picture, shown_type
from otklik.desk.web.pages import close_tab, ticket_shown
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now

SHOWN_WITH = ("partner__manager", "contact", "customer", "owner", "team", "topic", "mailbox")
# Of those, what the page tells: all their columns would be two hundred.
_SHOWN = (
    *own_columns(Ticket),
    *("partner__name", "partner__tier", "partner__renewal_on", "partner__manager__name"),
    *("contact__name", "contact__job_title", "customer__name", "customer__address", "customer__erased_at"),
    *("owner__name", "team__name", "topic__key", "topic__names", "mailbox__address"),
)


@require_safe
@needs(Right.SEE_TICKETS)
def show(request: StaffRequest, ticket_id: int) -> HttpResponse:
    rows = visible_tickets(request.user).select_related(*SHOWN_WITH).only(*_SHOWN)
    ticket = get_object_or_404(rows, pk=ticket_id)
    if ticket.merged_into_id is not None and "stay" not in request.GET:
        # Only to what this person may see: otherwise the answer would tell where it went.
        survivor = get_object_or_404(visible_tickets(request.user), pk=ticket.merged_into_id)
        return redirect("ticket", survivor.pk)
    moment = now()
    page = ticket_shown(request, ticket, now=moment)
    if page.has_news_for_reader:
        see_mentions(ticket_id=ticket.pk, user_id=request.user.pk, at=moment)
    return render(request, "desk/ticket.html", {"page": page})


@require_safe
@needs(Right.SEE_TICKETS)
def earlier(request: StaffRequest, ticket_id: int, before: int) -> HttpResponse:
    """Messages before one of them, fetched into the page."""
    ticket = get_object_or_404(visible_tickets(request.user), pk=ticket_id)
    said = conversation(ticket, reader=request.user, before=before)
    context = {"ticket": ticket, "conversation": said, "now": now()}
    return render(request, "desk/_messages.html", context)


@require_safe
@needs(Right.SEE_TICKETS)
def past(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """Everything the log says about the ticket, in words."""
    ticket = get_object_or_404(visible_tickets(request.user), pk=ticket_id)
    context = {"lines": history(ticket), "dwell": dwell_of(ticket, at=now())}
    return render(request, "desk/_history.html", context)


@require_POST
@needs(Right.SEE_TICKETS)
def viewing(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """The page says that it is open, and at last that it is left; the answer says who else has it open."""
    ticket = get_object_or_404(visible_tickets(request.user), pk=ticket_id)
    if "left" in request.POST:
        leave_ticket(ticket_id=ticket.pk, user_id=request.user.pk)
        return HttpResponse(status=204)
    moment = now()
    is_writing = request.POST.get("writing") == "1"
    note_viewing(ticket_id=ticket.pk, user_id=request.user.pk, is_writing=is_writing, at=moment)
    others = others_at(ticket, request.user, now=moment)
    return render(request, "desk/_others.html", {"others": others})


@require_POST
@needs(Right.ANSWER_TICKETS)
def draft(request: StaffRequest, ticket_id: int) -> HttpResponse:
    ticket = get_object_or_404(answerable_tickets(request.user), pk=ticket_id)
    text = request.POST.get("text", "")[:100_000].replace("\0", "")
    moment = now()
    if not text.strip():
        drop_draft(ticket_id=ticket.pk, user_id=request.user.pk)
        return JsonResponse({"saved": ""})
    based_on = request.POST.get("based_on", "")
    save_draft(
        ticket_id=ticket.pk,
        user_id=request.user.pk,
        text=text,
        is_note=request.POST.get("mode") == "note",
        to_partner="to_partner" in request.POST,
        to_customer="to_customer" in request.POST,
        based_on=int(based_on) if based_on.isascii() and based_on.isdigit() and len(based_on) < 19 else 0,
        at=moment,
    )
    return JsonResponse({"saved": moment.isoformat()})


@require_POST
@needs(Right.SEE_TICKETS)
def tab_closing(request: StaffRequest, ticket_id: int) -> HttpResponse:
    remaining = close_tab(request, ticket_id)
    return redirect("ticket", remaining) if remaining else redirect("inbox")


@require_safe
@xframe_options_sameorigin
@needs(Right.SEE_TICKETS)
def message_html(request: StaffRequest, message_id: int) -> HttpResponse:
    """A mail as it was written, cleaned, as a document of its own for a sandboxed frame."""
    message = get_object_or_404(visible_messages(request.user).select_related("ticket"), pk=message_id)
    if not message.html:
        raise Http404
    ticket = message.ticket
    family = family_ids(ticket.merged_into_id or ticket.pk)
    if message.quote and untold_money(request.user, [*family, ticket.follow_up_of_id]):
        raise Http404
    with_images = request.GET.get("images") == "1"
    clean = clean_html(message.html, load_images=with_images, inline=inline_addresses(message))
    theme: Literal["light", "dark"] = "dark" if request.GET.get("theme") == "dark" else "light"
    response = HttpResponse(frame_document(clean, title=message.subject, theme=theme))
    images = "'self' data: https: http:" if with_images else "'self' data:"
    # The frame has no scripts, no forms and an origin of its own, whatever the mail contains.
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {images}; style-src 'unsafe-inline'; sandbox allow-popups "
        "allow-popups-to-escape-sandbox; frame-ancestors 'self'"
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@needs(Right.SEE_TICKETS)
def attachment(request: StaffRequest, attachment_id: int) -> HttpResponseBase:
    """As a download; only raster images are shown in place, and nothing is ever run."""
    rows = Attachment.objects.select_related("blob")
    return _file(get_object_or_404(rows, pk=attachment_id, message__in=visible_messages(request.user)))


@require_safe
def attachment_inline(request: HttpRequest, token: str) -> HttpResponseBase:
    """A picture inside a mail, for the frame that shows it."""
    found = inline_picture(token)
    if found is None:
        raise Http404
    return _file(found)


def _file(found: Attachment) -> HttpResponseBase:
    content_type = shown_type(found.content_type)
    response = FileResponse(found.blob.file.open("rb"), content_type=content_type)
    as_download = not content_type.startswith("image/")
    response["Content-Disposition"] = content_disposition_header(as_download, found.filename) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
