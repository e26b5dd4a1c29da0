"""Programs and how each of them works."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.models import Program
from otklik.partners.operations.programs import ProgramNameTaken, change_program, create_program
from otklik.partners.queries import programs_with_counts
from otklik.partners.web.forms import ProgramForm


@require_safe
@needs(Right.MANAGE_PROGRAMS)
def program_list(request: StaffRequest) -> HttpResponse:
    programs = programs_with_counts(Program.objects.all())
    return render(request, "partners/programs.html", {"programs": programs})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PROGRAMS)
def new(request: StaffRequest) -> HttpResponse:
    form = ProgramForm(request.POST or None)
    if form.is_valid():
        try:
            create_program(**form.cleaned_data, by=actor_for(request), at=now())
        except ProgramNameTaken:
            form.add_error("name", _("Another program has this name."))
        else:
            return redirect("programs")
    return render(request, "partners/program_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PROGRAMS)
def edit(request: StaffRequest, program_id: int) -> HttpResponse:
    program = get_object_or_404(Program, pk=program_id)
    initial = {field: getattr(program, field) for field in ProgramForm.base_fields}
    form = ProgramForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            change_program(program_id=program.pk, **form.cleaned_data, by=actor_for(request), at=now())
        except ProgramNameTaken:
            form.add_error("name", _("Another program has this name."))
        else:
            messages.success(request, _("Saved."))
            return redirect("programs")
    return render(request, "partners/program_form.html", {"form": form, "program": program})
