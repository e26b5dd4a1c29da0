"""A saved view of the inbox, edited: its name, its place, whose it is, what it shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from otklik.desk.models import SavedView
from otklik.desk.operations.views import NameTaken, change_view
from otklik.desk.queries.inbox_filter import InboxFilter, read_filter
from otklik.desk.web.filter_words import words_of
from otklik.identity.public import Right, StaffRequest, User, needs


def editable_views(user: User) -> QuerySet[SavedView]:
    """Own ones; with MANAGE_DESK those of everybody too."""
    mine = SavedView.objects.filter(owner=user)
    return mine | SavedView.objects.filter(owner=None) if user.may(Right.MANAGE_DESK) else mine


class ViewForm(forms.Form):
    """``filters``: only where the inbox was narrowed otherwise than the view."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    position = forms.IntegerField(
        label=gettext_lazy("Place in the list"),
        min_value=0,
        max_value=32_000,
        help_text=gettext_lazy("Smaller comes first."),
    )
    filters = forms.ChoiceField(label=gettext_lazy("What it shows"), widget=forms.RadioSelect)
    for_everybody = forms.BooleanField(label=gettext_lazy("Everybody sees it"), required=False)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, view: SavedView, user: User, query: str) -> None:
        initial = {
            "name": view.name,
            "position": view.position,
            "for_everybody": view.owner_id is None,
            "filters": "kept",
            "query": query,
        }
        super().__init__(data, initial=initial)
        self._kept = read_filter(view.filters)
        self._present = read_filter(QueryDict(str(self.data.get("query", ""))[:1000] if data else query))
        field: Any = self.fields["filters"]
        field.choices = [("kept", words_of(self._kept, user))]
        if query and self._present != self._kept:
            field.choices += [
                ("present", _("From now on: %(filters)s") % {"filters": words_of(self._present, user)})
            ]
        if not user.may(Right.MANAGE_DESK):
            del self.fields["for_everybody"]

    def chosen(self) -> InboxFilter:
        return self._present if self.cleaned_data["filters"] == "present" else self._kept


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_TICKETS)
def saved_view(request: StaffRequest, view_id: int) -> HttpResponse:
    """``query`` of the address: how the inbox is narrowed at the moment."""
    view = get_object_or_404(editable_views(request.user), pk=view_id)
    query = (request.POST.get("query") or request.GET.urlencode())[:1000]
    form = ViewForm(request.POST or None, view=view, user=request.user, query=query)
    if form.is_valid():
        typed = form.cleaned_data
        everybody = typed.get("for_everybody", view.owner_id is None)
        try:
            change_view(
                view_id=view.pk,
                name=typed["name"],
                filters=form.chosen().as_query(),
                owner_id=None if everybody else request.user.pk,
                position=typed["position"],
            )
        except NameTaken:
            form.add_error("name", _("Another view has this name."))
        else:
            messages.success(request, _("Saved."))
            return redirect("inbox")
    context = {"form": form, "view": view}
    return render(request, "desk/saved_view.html", context, status=422 if form.is_bound else 200)
