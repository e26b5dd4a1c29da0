"""Files and videos of articles: adding, taking away, and handing them to whoever reads the article."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs, signed_in
from otklik.kit.clock import now
from otklik.knowledge.access import editable_articles, visible_articles
from otklik.knowledge.models import Attachment, VideoLink
from otklik.knowledge.operations.files import (
    FileTooLarge,
    NoRoom,
    TooManyFiles,
    add_file,
    remove_file,
    store_file,
)
from otklik.knowledge.operations.videos import add_video, remove_video
from otklik.knowledge.rules.files import PICTURES, BadFile
from otklik.knowledge.rules.videos import BadVideo
from otklik.knowledge.web.forms import VideoForm


def staff_address(attachment_id: int) -> str:
    return reverse("article-file", args=[attachment_id])


def file_answer(attachment: Attachment) -> FileResponse:
    """Pictures are shown, all else is saved; nothing in it may run. Raises Http404 where the disk has lost
    it."""
    try:
        content = default_storage.open(str(attachment.file))
    except OSError as gone:
        raise Http404 from gone
    response = FileResponse(
        content,
        as_attachment=attachment.content_type not in PICTURES,
        filename=attachment.filename,
        content_type=attachment.content_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@signed_in
def fetch(request: StaffRequest, attachment_id: int) -> HttpResponseBase:
    rows = Attachment.objects.filter(article__in=visible_articles(request.user))
    return file_answer(get_object_or_404(rows, pk=attachment_id))


@require_POST
@needs(Right.EDIT_ARTICLES)
def add(request: StaffRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    uploads = request.FILES.getlist("files")[:10]
    for upload in uploads:
        name = upload.name or ""
        try:
            stored = store_file(name, upload.chunks())
            add_file(article_id=article.pk, file=stored, by=actor_for(request), at=now())
        except BadFile:
            text = _("%(name)s was not taken: pictures, PDF, office files, ZIP, TXT and CSV are.")
            messages.error(request, text % {"name": name})
        except FileTooLarge:
            text = _("%(name)s was not taken: a file has 20 MB at most. Link to a larger one instead.")
            messages.error(request, text % {"name": name})
        except TooManyFiles:
            messages.error(request, _("An article has 50 files at most. Take one away first."))
        except NoRoom:
            messages.error(request, _("The disk is full: the file was not kept."))
    if not uploads:
        messages.info(request, _("Choose a file first."))
    return redirect(f"{reverse('article', args=[article.pk])}#files")


@require_POST
@needs(Right.EDIT_ARTICLES)
def remove(request: StaffRequest, attachment_id: int) -> HttpResponse:
    rows = Attachment.objects.filter(article__in=editable_articles(request.user))
    row = get_object_or_404(rows, pk=attachment_id)
    remove_file(attachment_id=row.pk, by=actor_for(request), at=now())
    return redirect(f"{reverse('article', args=[row.article_id])}#files")


@require_POST
@needs(Right.EDIT_ARTICLES)
def video_add(request: StaffRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(editable_articles(request.user), pk=article_id)
    form = VideoForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("A video needs a title and an address."))
        else:
            add_video(article_id=article.pk, by=actor_for(request), at=now(), **form.cleaned_data)
    except BadVideo:
        text = _("Only https addresses of YouTube, Vimeo, Rutube, VK and Loom are taken.")
        messages.error(request, text)
    return redirect(f"{reverse('article', args=[article.pk])}#videos")


@require_POST
@needs(Right.EDIT_ARTICLES)
def video_remove(request: StaffRequest, video_id: int) -> HttpResponse:
    rows = VideoLink.objects.filter(article__in=editable_articles(request.user))
    row = get_object_or_404(rows, pk=video_id)
    remove_video(video_id=row.pk, by=actor_for(request), at=now())
    return redirect(f"{reverse('article', args=[row.article_id])}#videos")
