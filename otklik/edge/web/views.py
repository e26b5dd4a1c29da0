from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from otklik.edge.tickets import issue_ticket
from otklik.edge.topics import read_topics, watchable
from otklik.identity.public import StaffRequest, signed_in
from otklik.kit.clock import now

LONGEST_AGE = 900
# An event is dated before its transaction commits; so much later it may still appear.
SLACK = 2


@require_GET
@never_cache
@signed_in
def live_ticket(request: StaffRequest) -> HttpResponse:
    """Where to listen, for those of the topics this person may watch; no address where there are none.
    ``age``: for how many seconds the page has heard nothing, so that it learns what it missed."""
    age = request.GET.get("age", "")
    is_number = age.isascii() and age.isdigit() and len(age) < 10
    unheard = min(int(age), LONGEST_AGE) if is_number else 0
    topics = watchable(request.user, read_topics(request.GET.get("topics", "")))
    ticket = issue_ticket(request.user.pk, topics, since=now().timestamp() - unheard - SLACK)
    url = f"{settings.OTKLIK.edge_url}/live?ticket={ticket}" if topics else None
    return JsonResponse({"url": url, "topics": topics})
