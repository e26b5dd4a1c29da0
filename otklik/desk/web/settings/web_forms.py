"""Pages where anybody may ask."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.desk.models import WebForm
from otklik.desk.operations.keeping import NameTaken, save_web_form
from otklik.desk.web.settings.forms import WebFormForm
from otklik.desk.web.settings.lists import Line, Table, form_page, listed
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

_PLAIN = ("slug", "program", "mailbox", "asks_for_phone", "is_active")


@require_safe
@needs(Right.MANAGE_DESK)
def web_forms(request: StaffRequest) -> HttpResponse:
    rows = WebForm.objects.select_related("program", "mailbox")
    lines = [
        Line(
            reverse("web-form", args=[row.pk]),
            str(row.titles.get(get_language() or "en") or row.slug),
            [f"/ask/{row.slug}/", row.program.name, row.mailbox.address if row.mailbox else ""],
            row.is_active,
        )
        for row in rows
    ]
    table = Table(
        _("Web forms"),
        reverse("web-form-new"),
        _("New web form"),
        [_("Heading"), _("Address"), _("Program"), _("Answers leave from")],
        lines,
        (
            _("No web forms yet"),
            _("A form is a page of its own; link it from your site or your partners' area."),
        ),
        icon="globe",
    )
    return listed(request, table)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def web_form(request: StaffRequest, form_id: int | None = None) -> HttpResponse:
    row = get_object_or_404(WebForm, pk=form_id) if form_id is not None else None
    initial = {}
    if row:
        initial = {name: getattr(row, name) for name in (*_PLAIN, "titles", "introductions")}
        initial["topics"] = list(row.topics.all())
    form = WebFormForm(request.POST or None, initial=initial)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in _PLAIN}
        fields |= {name: form.texts(name) for name in ("titles", "introductions")}
        chosen = form.cleaned_data["topics"]
        try:
            save_web_form(form_id=form_id, fields=fields, topics=chosen, by=actor_for(request), at=now())
        except NameTaken:
            form.add_error("slug", _("Another form has this address."))
        else:
            messages.success(request, _("Saved."))
            return redirect("web-forms")
    title = f"/ask/{row.slug}/" if row else _("New web form")
    return form_page(request, form, title=title, back="web-forms", back_label=_("Web forms"))
