"""A message of a matter in the person's own language, asked for by them."""

from __future__ import annotations

from contextlib import suppress

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from otklik.desk.public import (
    NothingToTranslate,
    Side,
    TranslationOff,
    ask_translation,
    matter_of,
    readings_for,
)
from otklik.kit.clock import now
from otklik.portal.web.guard import PortalRequest, actor_for_person, person_page


@require_POST
@person_page
def translate(request: PortalRequest, ticket_id: int, message_id: int) -> HttpResponse:
    """Only what their page offers: of their company's matters, what they may read, once."""
    person = request.person
    ticket = matter_of(person.partner.pk, ticket_id, reader=person.contact.pk)
    if ticket is None:
        raise Http404
    reading = readings_for(Side.PARTNER, ticket, [message_id], language=person.language).get(message_id)
    if reading is None:
        raise Http404
    if reading.is_offered:
        with suppress(TranslationOff, NothingToTranslate):
            ask_translation(
                message_id=message_id, language=person.language, by=actor_for_person(request), at=now()
            )
    return redirect(reverse("portal-matter", args=[ticket.pk]) + f"#m{message_id}")
