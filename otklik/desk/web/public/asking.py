"""The web form: anybody asks, without an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.desk.models import Ticket, WebForm
from otklik.desk.operations.asking import ask_by_form
from otklik.desk.operations.shapes import NewFile
from otklik.desk.queries.doors import FORM_KEY, sender_key
from otklik.desk.web.files import NoRoom, TooLarge, Upload, stored_uploads
from otklik.desk.web.public.forms import AskForm
from otklik.desk.web.public.guard import MOST_FILES, is_too_often, public_page
from otklik.kit.clock import now
from otklik.kit.rows import rows_where


def _page(slug: str) -> WebForm:
    for page in rows_where(WebForm, "slug", [slug]):
        if page.is_active:
            return page
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """However it goes wrong, what was typed is still there. The answer says nothing about whether we know
    the address."""
    page = _page(slug)
    if request.method != "POST":
        return _shown(request, page, AskForm(page=page))
    form = AskForm(request.POST, page=page)
    if not form.is_valid():
        return _shown(request, page, form, status=422)
    uploads = request.FILES.getlist("files")
    try:
        if len(uploads) > MOST_FILES:
            return _again(request, page, form, _("Attach five files at most."))
        if is_too_often(request, "form", form.cleaned_data["email"], at=now()):
            text = _("There were many messages in a short time. Send it once more in an hour, or by e-mail.")
            return _again(request, page, form, text, status=429)
        files = stored_uploads(uploads, at=now())
    except TooLarge as found:
        text = _("%(name)s is larger than 25 MB. Send a link to it instead.")
        return _again(request, page, form, text % {"name": found.name})
    except NoRoom:
        return _again(request, page, form, _("We cannot keep the file just now. Send it without the file."))
    ticket = _asked(page, form, uploads, files)
    return redirect(f"{reverse('public-ticket', args=[sender_key(ticket)])}?sent=1")


def _asked(page: WebForm, form: AskForm, uploads: Sequence[Upload], files: Sequence[NewFile]) -> Ticket:
    said = form.cleaned_data
    return ask_by_form(
        program_id=page.program_id,
        mailbox_id=page.mailbox_id,
        topic_id=said.get("topic"),
        name=said["name"],
        address=said["email"],
        subject=said["subject"],
        text=said["text"],
        language=get_language() or "",
        files=files,
        call=form.call(),
        key=f"{FORM_KEY}{page.pk}:{form.key(uploads)}",
        at=now(),
    )


def _again(
    request: HttpRequest, page: WebForm, form: AskForm, error: str, *, status: int = 422
) -> HttpResponse:
    form.add_error(None, error)
    return _shown(request, page, form, status=status)


def _shown(request: HttpRequest, page: WebForm, form: AskForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        # A new one each time: what is sent after a correction is not the same as what was refused.
        "opened": form.data.get("opened") if form.is_bound and form.opened_key() else form.ticket(),
        "title": _in(page.titles, page.program.name),
        "introduction": _in(page.introductions, ""),
        "had_files": bool(request.FILES),
        "most_files": MOST_FILES,
    }
    return render(request, "desk/public/ask.html", context, status=status)


def _in(texts: Mapping[str, str], otherwise: str) -> str:
    """In the visitor's language, or in whichever there is."""
    for language in ((get_language() or "en")[:2], "en", "ru"):
        if text := str(texts.get(language) or "").strip():
            return text
    return otherwise
