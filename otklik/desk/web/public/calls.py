"""Where a telephone system posts that somebody calls."""

from __future__ import annotations

import hmac
import json

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from otklik.desk.operations.ringing import announce_call
from otklik.desk.queries.installation import call_keys
from otklik.kit.clock import now

_LARGEST = 10_000


@csrf_exempt
@require_POST
def incoming(request: HttpRequest, key: str) -> HttpResponse:
    """``{"number", "direction", "to", "id"}``; only the number is needed. 204 also for what is not announced:
    calls that we make, and repetitions."""
    known = [hmac.compare_digest(one.encode(), key.encode()) for one in call_keys()]
    if not any(known):
        return HttpResponseNotFound()
    if len(request.body) > _LARGEST:
        return HttpResponse(status=413)
    try:
        said = json.loads(request.body)
    except ValueError:
        return HttpResponse("send JSON", status=400, content_type="text/plain")
    if not isinstance(said, dict) or not isinstance(number := said.get("number"), str) or not number.strip():
        return HttpResponse("number is missing", status=400, content_type="text/plain")
    if str(said.get("direction", "incoming")).lower() in ("incoming", "in", "inbound"):
        announce_call(number=number, to=str(said.get("to", "")), call_id=str(said.get("id", "")), at=now())
    return HttpResponse(status=204)
