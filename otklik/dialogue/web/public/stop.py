"""Where a person asks for no more copies of announcements: one tap, without an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from otklik.dialogue.letters import contact_of_stop_key, language_of
from otklik.dialogue.models import NoNewsMails
from otklik.dialogue.operations.mailing import set_news_mails
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.public import Contact


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, stop_key: str) -> HttpResponse:
    """A GET changes nothing: mail programs and scanners fetch every link. A POST does at once, with whatever
    body: mail programs send one of their own (RFC 8058), without cookies."""
    contact_id = contact_of_stop_key(stop_key)
    rows = Contact.objects.select_related("partner__program").filter(erased_at=None)
    contact = rows.filter(pk=contact_id).first() if contact_id is not None else None
    if contact is None:
        return render(request, "dialogue/public/stop.html", {"contact": None}, status=404)
    if request.method == "POST":
        wanted = "again" in request.POST
        set_news_mails(contact_id=contact.pk, wanted=wanted, by=Actor.contact(contact.pk), at=now())
    context = {
        "contact": contact,
        "program": contact.partner.program,
        "is_done": NoNewsMails.objects.filter(contact=contact).exists(),
    }
    with translation.override(language_of(contact)):
        return render(request, "dialogue/public/stop.html", context)
