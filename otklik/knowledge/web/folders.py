"""Keeping folders."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.knowledge.models import Folder
from otklik.knowledge.operations.folders import FolderNeedsName, FolderNotEmpty, remove_folder, save_folder
from otklik.knowledge.web.forms import FolderForm


@require_safe
@needs(Right.EDIT_ARTICLES)
def listed(request: StaffRequest) -> HttpResponse:
    rows = Folder.objects.select_related("program").annotate(count=Count("articles"))
    return render(request, "knowledge/folders.html", {"folders": rows.order_by("position", "pk")})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_ARTICLES)
def edit(request: StaffRequest, folder_id: int | None = None) -> HttpResponse:
    folder = get_object_or_404(Folder, pk=folder_id) if folder_id is not None else None
    initial = {"position": folder.position, "program": folder.program_id} if folder else {}
    names = dict(folder.names) if folder else {}
    form = FolderForm(request.POST or None, initial=initial, user=request.user, names=names)
    if form.is_valid():
        program = form.cleaned_data["program"]
        try:
            save_folder(
                folder_id=folder_id,
                # Languages that this form has no field for stay.
                names=names | form.names(),
                position=form.cleaned_data["position"],
                program_id=program.pk if program else None,
                by=actor_for(request),
                at=now(),
            )
        except FolderNeedsName:
            form.add_error(None, _("Give it a name in one language at least."))
        else:
            messages.success(request, _("Saved."))
            return redirect("article-folders")
    context = {"form": form, "folder": folder}
    return render(request, "knowledge/folder.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.EDIT_ARTICLES)
def remove(request: StaffRequest, folder_id: int) -> HttpResponse:
    folder = get_object_or_404(Folder, pk=folder_id)
    try:
        remove_folder(folder_id=folder.pk, by=actor_for(request), at=now())
    except FolderNotEmpty:
        messages.error(request, _("There are articles in it. Move them first."))
    else:
        messages.success(request, _("The folder is gone."))
    return redirect("article-folders")
