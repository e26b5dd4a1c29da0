"""Topics and canned answers."""

from __future__ import annotations

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from otklik.desk.models import CannedAnswer, Topic
from otklik.desk.operations.keeping import NameTaken, save_canned, save_topic
from otklik.desk.templatetags.desk_words import topic_name
from otklik.desk.web.settings.forms import CannedForm, TopicSettingsForm
from otklik.desk.web.settings.lists import Line, Table, form_page, listed
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

_TEXTS = ("names", "notes", "questions")
_PLAIN = (
    *("key", "team", "weight", "blocks_money", "is_offered", "owner", "procedure_url"),
    *("position", "is_active"),
)


@require_safe
@needs(Right.MANAGE_DESK)
def topics(request: StaffRequest) -> HttpResponse:
    rows = Topic.objects.select_related("team")
    lines = [
        Line(
            reverse("topic", args=[row.pk]),
            topic_name(row),
            [row.team.name if row.team else "", str(row.weight)],
            row.is_active,
        )
        for row in rows
    ]
    table = Table(
        _("Topics"),
        reverse("topic-new"),
        _("New topic"),
        [_("Topic"), _("Team"), _("Weight")],
        lines,
        (
            _("No topics yet"),
            _("A topic says what a ticket is about. It finds the team and weighs the matter."),
        ),
        icon="tag",
    )
    return listed(request, table)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def topic(request: StaffRequest, topic_id: int | None = None) -> HttpResponse:
    row = get_object_or_404(Topic, pk=topic_id) if topic_id is not None else None
    initial = {name: getattr(row, name) for name in (*_PLAIN, *_TEXTS)} if row else {}
    form = TopicSettingsForm(request.POST or None, initial=initial)
    if form.is_valid():
        plain = {name: form.cleaned_data[name] for name in _PLAIN}
        fields = {**plain, **{name: form.texts(name) for name in _TEXTS}}
        try:
            save_topic(topic_id=topic_id, fields=fields, by=actor_for(request), at=now())
        except NameTaken:
            form.add_error("key", _("Another topic has this key."))
        else:
            return _saved(request, "topics")
    title = topic_name(row) if row else _("New topic")
    return form_page(request, form, title=title, back="topics", back_label=_("Topics"))


@require_safe
@needs(Right.MANAGE_DESK)
def canned_answers(request: StaffRequest) -> HttpResponse:
    rows = CannedAnswer.objects.select_related("topic")
    lines = [
        Line(
            reverse("canned", args=[row.pk]),
            row.name,
            [", ".join(sorted(row.texts)), topic_name(row.topic), str(row.used_count)],
            row.is_active,
        )
        for row in rows
    ]
    table = Table(
        _("Canned answers"),
        reverse("canned-new"),
        _("New canned answer"),
        [pgettext("of a thing", "Name"), _("Languages"), _("Topic"), _("Used")],
        lines,
        (
            _("No canned answers yet"),
            _("Write down once what is answered every day; names and numbers fill themselves in."),
        ),
        icon="copy",
    )
    return listed(request, table)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def canned(request: StaffRequest, canned_id: int | None = None) -> HttpResponse:
    row = get_object_or_404(CannedAnswer, pk=canned_id) if canned_id is not None else None
    names = ("name", "shortcut", "topic", "is_active", "texts")
    form = CannedForm(
        request.POST or None, initial={name: getattr(row, name) for name in names} if row else {}
    )
    if form.is_valid():
        plain = {name: form.cleaned_data[name] for name in names if name != "texts"}
        fields = {**plain, "texts": form.texts("texts")}
        try:
            save_canned(canned_id=canned_id, fields=fields, by=actor_for(request), at=now())
        except NameTaken:
            form.add_error("name", _("Another canned answer has this name."))
        else:
            return _saved(request, "canned-answers")
    title = row.name if row else _("New canned answer")
    return canned_page(request, form, title)


def canned_page(request: StaffRequest, form: BaseForm, title: str) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        back="canned-answers",
        back_label=_("Canned answers"),
        template="desk/settings/canned.html",
    )


def _saved(request: StaffRequest, where: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(where)
