"""Where a person asks not to be asked any more: one tap, without an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from otklik.events.public import Actor
from otklik.feedback.models import Invitation
from otklik.feedback.operations.objections import Objector, in_force, resubscribe, unsubscribe
from otklik.feedback.rules.vocabulary import ObjectionKind
from otklik.feedback.tokens import BadToken, invitation_of
from otklik.feedback.web.answering.page import languages_wanted, our_language, page_response, words_response
from otklik.kit.clock import now
from otklik.kit.one_line import one_line


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """A GET changes nothing: mail programs and scanners fetch every link. A POST does at once, with whatever
    body: mail programs send one of their own (RFC 8058), without cookies. Works for as long as the invitation
    is there, also after its form has closed."""
    invitation = _invitation(token)
    if invitation is None:
        return _unknown(request)
    who, at = Objector.of(invitation), now()
    if request.method == "POST":
        if "again" in request.POST:
            resubscribe(who=who, by=Actor.system(), at=at)
        else:
            unsubscribe(who=who, by=Actor.system(), at=at)
    context = {
        "is_done": in_force(who, at=at).filter(kind=ObjectionKind.UNSUBSCRIBED).exists(),
        "program": one_line(invitation.program.name),
        "address": invitation.address or one_line(invitation.contact.name),
    }
    return page_response("feedback/mailing/stop.html", context, invitation.language)


def _invitation(token: str) -> Invitation | None:
    try:
        rows = Invitation.objects.select_related("program", "contact")
        return rows.filter(pk=invitation_of(token)).first()
    except BadToken:
        return None


def _unknown(request: HttpRequest) -> HttpResponse:
    language = our_language(*languages_wanted(request))
    with translation.override(language):
        title = _("This link is not complete")
        text = _("Please open it from the mail itself. Mail programs sometimes cut long links in two.")
    return words_response(title, text, language, status=404)
