"""Where providers post the mail that came for us, and what became of the mail they sent."""

from __future__ import annotations

import hmac
import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from otklik.desk.models import Mailbox
from otklik.kit.clock import now

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def inbound_mail(request: HttpRequest, key: str) -> HttpResponse:
    """200 only once everything is stored; whatever else goes wrong, the provider tries again."""
    mailbox = _mailbox_of(key)
    if mailbox is None:
        return HttpResponseNotFound()
    if request.method == "HEAD":
        return HttpResponse()  # some providers try so whether anybody is there
    # Here, because it brings an HTTP library and all of anymail with it.
    from otklik.desk.channels.mail.reports import read_post
    from otklik.desk.channels.mail.webhook import (
        UnknownProvider,
        WebhookNotConfigured,
        WebhookRefused,
        WebhookTooLarge,
        WebhookUnreadable,
    )
    from otklik.desk.operations.mailboxes import store_posted

    try:
        mails, reports = read_post(settings.OTKLIK.anymail_backend, request)
    except (WebhookRefused, WebhookUnreadable) as odd:
        log.warning("mail posted for %s was refused: %s", mailbox.address, odd)
        return HttpResponse(status=400)
    except WebhookTooLarge:
        return HttpResponse(status=413)
    except (UnknownProvider, WebhookNotConfigured) as missing:
        log.error("mail posted for %s cannot be read: %s", mailbox.address, missing)
        return HttpResponse(status=500)
    store_posted(mailbox_id=mailbox.pk, mails=mails, reports=reports, at=now())
    return HttpResponse()


def _mailbox_of(key: str) -> Mailbox | None:
    """Compared with every mailbox's key: how long it takes tells nothing about any of them."""
    found = None
    rows = Mailbox.objects.filter(is_active=True, source=Mailbox.Source.WEBHOOK)
    for mailbox in rows.defer("password", "smtp_url"):
        if mailbox.webhook_key and hmac.compare_digest(mailbox.webhook_key.encode(), key.encode()):
            found = mailbox
    return found
