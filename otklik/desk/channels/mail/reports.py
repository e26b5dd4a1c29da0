"""What providers post about mail they sent for us: it came back, somebody called it spam, or wants no more.

Anybody who knows the address of a mailbox's hook could post such a report, so one is believed only where it
names a mail by an id that we made (``NOTE`` beside the mail, or its Message-ID).
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import Any

from anymail.signals import EventType, RejectReason
from django.http import HttpRequest

from otklik.desk.channels.mail.protocol import FetchedMail, Report
from otklik.desk.channels.mail.provider import NOTE
from otklik.desk.channels.mail.webhook import (
    WebhookNotConfigured,
    WebhookRefused,
    WebhookUnreadable,
    events_of,
    read_webhook,
    view_of,
)
from otklik.desk.rules.mail.parsed import Bounce

PROVIDERS = {
    "brevo": "brevo.BrevoTrackingWebhookView",
    "mailersend": "mailersend.MailerSendTrackingWebhookView",
    "mailgun": "mailgun.MailgunTrackingWebhookView",
    "mailjet": "mailjet.MailjetTrackingWebhookView",
    "mailtrap": "mailtrap.MailtrapTrackingWebhookView",
    "mandrill": "mandrill.MandrillCombinedWebhookView",
    "postal": "postal.PostalTrackingWebhookView",
    "postmark": "postmark.PostmarkTrackingWebhookView",
    "resend": "resend.ResendTrackingWebhookView",
    "sendgrid": "sendgrid.SendGridTrackingWebhookView",
    "sparkpost": "sparkpost.SparkPostTrackingWebhookView",
}
# Any JSON object is a mail to their reader of mails, and one event alone is such an object.
_REPORTS_FIRST = ("mailjet",)
_FAILED = (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED)
# Of these the address itself is to blame; a provider also tells of a full mailbox, or of its own rules.
_LASTING = (RejectReason.BOUNCED, RejectReason.INVALID)
# Of SparkPost: soft, no name server, full, too large, transient.
_PASSING_CLASSES = ("20", "21", "22", "23", "70")
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")


def read_post(provider: str, request: HttpRequest) -> tuple[list[FetchedMail], list[Report]]:
    """Mail or reports: providers sign the two in different ways, and either is only taken as itself. Raises
    as ``webhook.read_webhook`` does for a post that is neither."""
    if provider in _REPORTS_FIRST:
        with suppress(WebhookUnreadable):
            return [], read_reports(provider, request)
    try:
        mails = read_webhook(provider, request)
    except (WebhookNotConfigured, WebhookRefused, WebhookUnreadable) as no_mail:
        try:
            return [], read_reports(provider, request)
        except (WebhookNotConfigured, WebhookRefused, WebhookUnreadable):
            raise no_mail from None
    # One provider posts both together.
    is_both = PROVIDERS[provider].endswith("CombinedWebhookView")
    return mails, read_reports(provider, request) if is_both or not mails else []


def read_reports(provider: str, request: HttpRequest) -> list[Report]:
    """Those that ask for something; what was delivered or opened is left out. Raises as
    ``webhook.read_webhook``."""
    events = events_of(_view_of(provider), provider, request)
    if events and all(event.event_type == EventType.UNKNOWN for event in events):
        raise WebhookUnreadable(f"{provider}: neither a mail nor a report")
    found = (_report_of(event) for event in events)
    return [report for report in found if report is not None]


def _report_of(event: Any) -> Report | None:
    note = event.metadata.get(NOTE) if isinstance(event.metadata, dict) else None
    ids = tuple(one for one in (note, event.message_id) if isinstance(one, str) and one)
    if event.event_type == EventType.COMPLAINED:
        return Report(ids, is_complaint=True)
    if event.event_type == EventType.UNSUBSCRIBED:
        return Report(ids, wants_out=True)
    return Report(ids, bounce=_bounce_of(event)) if event.event_type in _FAILED else None


def _bounce_of(event: Any) -> Bounce:
    said = " ".join(str(one).strip() for one in (event.mta_response, event.description) if one)
    status = _STATUS.search(said)
    return Bounce(
        recipient=str(event.recipient or "").strip().lower(),
        status=status[1] if status else "",
        action="failed",
        diagnostic=said,
        is_permanent=event.reject_reason in _LASTING and not _passes(event.esp_event, said, status),
    )


def _passes(told: Any, said: str, status: re.Match[str] | None) -> bool:
    """A full mailbox, a server that was away: to Anymail a bounce like others. Told by the name of the kind
    (Postmark, Brevo, Mailtrap), by a flag (Mailjet), a class (SparkPost), or the server's own code."""
    kind = f"{told.get('Type', '')}{told.get('event', '')}".lower()
    if "soft" in kind or told.get("hard_bounce") is False:
        return True
    inner: dict[str, Any] = next(iter(told.get("msys", {}).values()), {})
    code = status[1] if status else said
    return str(inner.get("bounce_class", "")) in _PASSING_CLASSES or code.startswith("4")


@lru_cache(maxsize=len(PROVIDERS))
def _view_of(provider: str) -> Any:
    return view_of(provider, PROVIDERS)
