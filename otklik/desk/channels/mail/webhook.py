"""Mail that a provider posts to us, read by django-anymail.

How the view is to be wired: its address holds the mailbox's ``webhook_key``, compared in constant time before
anything else is read; it is ``csrf_exempt`` and POST only (HEAD answers 200: some providers try so first).
It calls ``read_webhook`` outside of any transaction, for some providers are asked for the mail itself there.
200 only after the commit; any error of ours 500, and the provider tries again; ``WebhookRefused`` and
``WebhookUnreadable`` 400, ``WebhookTooLarge`` 413.

Anymail checks signatures with what is set in OTKLIK_ANYMAIL_OPTIONS under its own names, for example
MAILGUN_WEBHOOK_SIGNING_KEY, MAILERSEND_INBOUND_SECRET, RESEND_INBOUND_SECRET, MANDRILL_WEBHOOK_KEY,
POSTAL_WEBHOOK_KEY; WEBHOOK_SECRET ("user:password") adds basic authentication for all of them. The one of
Resend needs the package svix beside it.

Providers that post a form (Mailgun, SendGrid) are set to send the mail taken apart and not as raw MIME: files
of a form go to disk, while its other fields together may have 5 MB and no more. Mandrill knows no other way
than one field, so its mails end there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from email.generator import BytesGenerator
from email.message import Message
from email.policy import default
from functools import lru_cache
from typing import Any, cast

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import EventType
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.module_loading import import_string

from otklik.desk.channels.mail.protocol import FetchedMail
from otklik.desk.channels.mail.spool import Spool
from otklik.kit.clock import now

PROVIDERS = {
    "brevo": "brevo.BrevoInboundWebhookView",
    "mailersend": "mailersend.MailerSendInboundWebhookView",
    "mailgun": "mailgun.MailgunInboundWebhookView",
    "mailjet": "mailjet.MailjetInboundWebhookView",
    "mailtrap": "mailtrap.MailtrapInboundWebhookView",
    "mandrill": "mandrill.MandrillCombinedWebhookView",
    "postal": "postal.PostalInboundWebhookView",
    "postmark": "postmark.PostmarkInboundWebhookView",
    "resend": "resend.ResendInboundWebhookView",
    "sendgrid": "sendgrid.SendGridInboundWebhookView",
    "sparkpost": "sparkpost.SparkPostInboundWebhookView",
}
# A mail of 35 MB, which is what providers take, in base64 inside JSON.
LARGEST = 50 * 1024 * 1024
# What was folded when it came stays as it was.
_AS_IT_CAME = default.clone(refold_source="none", linesep="\r\n")


class UnknownProvider(Exception):
    """Not one of PROVIDERS."""


class WebhookNotConfigured(Exception):
    """A key of the provider is missing from OTKLIK_ANYMAIL_OPTIONS, or its other webhook was pointed here."""


class WebhookRefused(Exception):
    """The signature or the password is wrong: this did not come from the provider."""


class WebhookUnreadable(Exception):
    """Not what this provider posts."""


class WebhookTooLarge(Exception):
    """More than LARGEST bytes."""


def read_webhook(provider: str, request: HttpRequest) -> list[FetchedMail]:
    """Usually one; Mandrill and SparkPost post several at once. The same post gives the same keys again.
    Raises UnknownProvider, WebhookNotConfigured, WebhookRefused, WebhookUnreadable, WebhookTooLarge."""
    return [
        fetched(event.message)
        for event in events_of(_view_of(provider), provider, request)
        if event.event_type == EventType.INBOUND and event.message is not None
    ]


def events_of(kind: Any, provider: str, request: HttpRequest) -> list[Any]:
    """What a view of Anymail makes of a post; asked of a second view, the post is read no second time."""
    try:
        view = kind()
        view.setup(request)
        _read_body(request)
        view.run_validators(request)
        return list(view.parse_events(request))
    except AnymailWebhookValidationFailure as wrong:
        raise WebhookRefused(str(wrong)) from wrong
    except ImproperlyConfigured as missing:
        raise WebhookNotConfigured(str(missing).splitlines()[0]) from missing
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as odd:
        raise WebhookUnreadable(f"{provider}: {type(odd).__name__}") from odd


def fetched(message: Any) -> FetchedMail:
    """Of an AnymailInboundMessage, or of any message of the standard library that says nothing of its
    envelope. The key is made of the content: ids that providers give an attempt may differ in the next."""
    _name_boundaries(message)
    spool = Spool()
    try:
        BytesGenerator(cast(Any, spool), mangle_from_=False, policy=_AS_IT_CAME).flatten(message)
        sender = getattr(message, "envelope_sender", None)
        recipient = getattr(message, "envelope_recipient", None)
        envelope = None
        if sender is not None or recipient:
            to = tuple(one.strip().strip("<>") for one in (recipient or "").split(",") if one.strip())
            envelope = (None if sender is None else str(sender).strip().strip("<>"), to)
        return spool.finish(envelope=envelope, received_at=now())
    except BaseException:
        spool.close()
        raise


def _name_boundaries(message: Message) -> None:
    """A mail that was put together from its parts gets its boundaries when it is written: by chance, so that
    the same post would be another mail each time. These follow from what lies between them."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart" and not part.get_boundary():
            inside = hashlib.sha256(str(number).encode())
            for leaf in part.walk():
                if not leaf.is_multipart():
                    inside.update(str(leaf.get_payload()).encode("utf-8", "surrogateescape"))
            part.set_boundary(f"=_{inside.hexdigest()[:40]}")


def _read_body(request: HttpRequest) -> None:
    """Django refuses a post of JSON from 5 MB on, which is right everywhere else."""
    if request.content_type != "application/json" or hasattr(request, "_body"):
        return
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise WebhookTooLarge
    request._body = body


@lru_cache(maxsize=len(PROVIDERS))
def _view_of(provider: str) -> Any:
    return view_of(provider, PROVIDERS)


def view_of(provider: str, views: Mapping[str, str]) -> Any:
    if provider not in views:
        raise UnknownProvider(provider)
    view = import_string(f"anymail.webhooks.{views[provider]}")
    # The key in our address does what the password would do, of whose absence Anymail warns.
    return type(view.__name__, (view,), {"warn_if_no_basic_auth": False})
