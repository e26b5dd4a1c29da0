"""One search over everything a person may open."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.identity.public import StaffRequest, signed_in
from otklik.search.public import LOOKED_AT, Hit, SearchKind, find, search_kinds

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
            "hits": _with_links(kind, found[kind.name][:MOST_HITS]),
            "has_more": len(found[kind.name]) > MOST_HITS,
            "is_partial": found[kind.name].is_partial,
        }
        for kind in kinds
        if kind.name in found and (found[kind.name] or found[kind.name].is_partial)
    ]
    shown = {"query": query, "groups": groups, "looked_at": LOOKED_AT}
    return render(request, "partners/search.html", shown)


def _with_links(kind: SearchKind, hits: Sequence[Hit]) -> list[tuple[str, str, str]]:
    links = kind.links([hit.object_id for hit in hits])
    return [(hit.title, hit.note, links[hit.object_id]) for hit in hits if hit.object_id in links]
