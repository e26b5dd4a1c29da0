"""Mentions by hand, and whose they are."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.feedback.access import scope_of, visible_mentions
from otklik.feedback.operations.voices.mentions import (
    MentionFate,
    NewMention,
    PartnerElsewhere,
    attach_mention,
    record_mention,
    set_aside_mention,
)
from otklik.feedback.rules.voices.addresses import address_key, key_of
from otklik.feedback.rules.voices.feeds import LONGEST_AUTHOR, LONGEST_TEXT, LONGEST_TITLE
from otklik.feedback.rules.voices.plain import one_line, tidy_text
from otklik.feedback.web.voices.filters import whole_number
from otklik.feedback.web.voices.forms import NewMentionForm
from otklik.feedback.web.voices.picking import found_partners, usable_partners
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import Program, visible_programs


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_FEEDBACK)
def new(request: StaffRequest) -> HttpResponse:
    """About a partner; about none only for who sees what belongs to none."""
    wanted = whole_number(request.GET.get("partner", ""))
    partner = get_object_or_404(usable_partners(request), pk=wanted) if wanted is not None else None
    scope = scope_of(request.user)
    if partner is None:
        programs = [one for one in visible_programs(request.user).order_by("name") if scope.covers(one.pk)]
        if not programs:
            return _picker(request, _("Which partner is it about?"))
    else:
        programs = [Program.objects.get(pk=partner.program_id)]
    initial = {"published_on": timezone.localdate(now())}
    form = NewMentionForm(request.POST or None, programs=programs, initial=initial)
    if form.is_valid():
        _pk, fate = record_mention(
            program_id=form.program_id(),
            mention=_mention(form, partner.pk if partner else None),
            user_id=request.user.pk,
            by=actor_for(request),
            at=now(),
        )
        if fate is MentionFate.KNOWN:
            form.add_error("url", _("This page is among the mentions already."))
        else:
            messages.success(request, _("The mention is written down."))
            return redirect("mentions")
    context = {"form": form, "partner": partner}
    return render(request, "feedback/voices/mention_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_FEEDBACK)
def partner(request: StaffRequest, mention_id: int) -> HttpResponse:
    rows = visible_mentions(scope_of(request.user)).select_related("partner", "suggested")
    mention = get_object_or_404(rows, pk=mention_id)
    if request.method == "POST":
        wanted = whole_number(request.POST.get("partner", ""))
        if wanted is not None:
            get_object_or_404(usable_partners(request), pk=wanted)
        try:
            attach_mention(mention_id=mention.pk, partner_id=wanted, by=actor_for(request), at=now())
        except PartnerElsewhere:
            messages.error(request, _("This partner belongs to another program."))
        else:
            messages.success(request, _("Saved."))
        return redirect("mentions")
    context = {
        "mention": mention,
        "partners": found_partners(request, mention.program_id),
        "wanted": request.GET.get("q", "")[:200],
    }
    return render(request, "feedback/voices/mention_partner.html", context)


@require_POST
@needs(Right.RUN_SURVEYS)
def removal(request: StaffRequest, mention_id: int) -> HttpResponse:
    mention = get_object_or_404(visible_mentions(scope_of(request.user)), pk=mention_id)
    set_aside_mention(mention_id=mention.pk, by=actor_for(request), at=now())
    messages.success(request, _("It is taken out of the list, and its feed will not bring it back."))
    return redirect("mentions")


def _mention(form: NewMentionForm, partner_id: int | None) -> NewMention:
    said = form.cleaned_data
    url = said["url"]
    return NewMention(
        key=address_key(url) if url else key_of("hand", uuid4()),
        published_at=datetime.combine(said["published_on"], time(12), tzinfo=UTC),
        author=one_line(said["author"], LONGEST_AUTHOR),
        url=url,
        title=one_line(said["title"], LONGEST_TITLE),
        text=tidy_text(said["text"], LONGEST_TEXT),
        partner_id=partner_id,
    )


def _picker(request: StaffRequest, text: str) -> HttpResponse:
    context = {
        "partners": found_partners(request),
        "wanted": request.GET.get("q", "")[:200],
        "title": _("New mention"),
        "text": text,
        "back": "mentions",
    }
    return render(request, "feedback/voices/pick_partner.html", context)
