"""One search over everything a person may open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.identity.public import StaffRequest, signed_in
from otklik.search.public import LOOKED_AT, find, search_kinds

MOST_HITS = 20


@require_safe
@signed_in
def results(request: StaffRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:200].strip()
    kinds = [kind for kind in search_kinds if kind.right is None or kind.right in request.user.rights]
    found = find(query, kinds=kinds, user=request.user, limit=MOST_HITS + 1) if query else {}
    groups = [
        {
            "label": kind.label,
            "hits": [(hit.title, hit.note, kind.link(hit.object_id)) for hit in found[kind.name][:MOST_HITS]],
            "has_more": len(found[kind.name]) > MOST_HITS,
            "is_partial": found[kind.name].is_partial,
        }
        for kind in kinds
        if kind.name in found and (found[kind.name] or found[kind.name].is_partial)
    ]
    shown = {"query": query, "groups": groups, "looked_at": LOOKED_AT}
    return render(request, "partners/search.html", shown)
