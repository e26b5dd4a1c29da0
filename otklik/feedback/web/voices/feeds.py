"""The feeds that mentions come from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_q.tasks import async_task

from otklik.feedback.models import MentionFeed
from otklik.feedback.operations.voices.feeds import FETCH, FeedKnown, ask_now, change_feed, create_feed
from otklik.feedback.rules.voices.vocabulary import FeedFailure
from otklik.feedback.voice_labels import failure_text
from otklik.feedback.web.voices.forms import FeedForm, NewFeedForm
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import visible_programs


@require_safe
@needs(Right.RUN_SURVEYS)
def feeds(request: StaffRequest) -> HttpResponse:
    rows = MentionFeed.objects.select_related("program").order_by("-is_active", "name", "pk")
    lines = [
        {
            "feed": feed,
            "failure": failure_text(feed.failure, feed.failure_detail) if feed.failure else "",
            "is_warning": feed.failure == FeedFailure.DAMAGED,
        }
        for feed in rows
    ]
    context = {"lines": lines, "tab": "feeds", "may": {"run": True}}
    return render(request, "feedback/voices/feeds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def new(request: StaffRequest) -> HttpResponse:
    programs = list(visible_programs(request.user).order_by("name"))
    if not programs:
        return redirect("mention-feeds")
    form = NewFeedForm(request.POST or None, programs=programs)
    if form.is_valid():
        try:
            feed = create_feed(
                program_id=form.program_id(), settings=form.settings(), by=actor_for(request), at=now()
            )
        except FeedKnown:
            form.add_error("url", _("The program reads this feed already."))
        else:
            if feed.is_active:
                async_task(FETCH, feed.pk)
            messages.success(request, _("The feed is added. Its first entries come within a minute."))
            return redirect("mention-feeds")
    context = {"form": form, "title": _("New feed")}
    return render(request, "feedback/voices/feed_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def edit(request: StaffRequest, feed_id: int) -> HttpResponse:
    feed = get_object_or_404(MentionFeed, pk=feed_id)
    names = ("name", "url", "every_hours", "is_active")
    initial = {name: getattr(feed, name) for name in names} | {"keywords": "\n".join(feed.keywords)}
    form = FeedForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            change_feed(feed_id=feed.pk, settings=form.settings(), by=actor_for(request), at=now())
        except FeedKnown:
            form.add_error("url", _("The program reads this feed already."))
        else:
            messages.success(request, _("Saved."))
            return redirect("mention-feeds")
    context = {"form": form, "title": feed.name}
    return render(request, "feedback/voices/feed_form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.RUN_SURVEYS)
def fetch(request: StaffRequest, feed_id: int) -> HttpResponse:
    feed = get_object_or_404(MentionFeed, pk=feed_id)
    ask_now(feed_id=feed.pk, at=now())
    async_task(FETCH, feed.pk)
    messages.success(request, _("The feed is being read. Open this page again in a minute."))
    return redirect("mention-feeds")
