"""Mail sent by a provider's API, through django-anymail."""

from __future__ import annotations

from collections.abc import Sequence
from email import encoders
from email.message import EmailMessage
from email.mime.base import MIMEBase
from functools import lru_cache
from importlib import import_module
from typing import Any

from anymail.backends.base import BasePayload
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError

from otklik.desk.channels.mail.outgoing import Receipt
from otklik.kit.mail import DeliveryUnknown, MailDelayed, MailRefused

# Built anew by whoever sends the mail on.
_THEIRS = {"from", "to", "cc", "subject", "reply-to", "date", "mime-version"}
# What our id is called beside a mail; its part before the @ alone, for some keep 80 characters and no more.
NOTE = "otklik_mail"
# Wrong key, no money, too fast: the message is not to blame.
_NOT_ITS_FAULT = (401, 402, 403, 404, 408, 409, 425, 429)


class ProviderTransport:
    """``name`` as Anymail calls it ("postmark", "mailgun"); options of the provider as Anymail names them,
    otherwise those of the installation (OTKLIK_ANYMAIL_OPTIONS)."""

    def __init__(self, name: str, *, notes_id: bool = False, **options: Any) -> None:
        self._name = name
        self._notes_id = notes_id
        self._options = options

    def send(self, mail: EmailMessage, *, envelope_from: str, recipients: Sequence[str]) -> Receipt:
        """The provider sets the envelope's sender itself, so that bounces come to its webhook."""
        message: Any = _for_django(mail, recipients)
        try:
            if self._notes_id and takes_notes(self._name):
                message.metadata = {NOTE: str(mail["Message-ID"] or "").strip("<>").partition("@")[0]}
            backend = import_string(f"anymail.backends.{self._name}.EmailBackend")(**self._options)
            backend.send_messages([message])
        except AnymailAPIError as error:
            raise _failure(error) from error
        except (
            AnymailRecipientsRefused,
            AnymailInvalidAddress,
            AnymailSerializationError,
            AnymailUnsupportedFeature,
        ) as error:
            raise MailRefused(_first_line(error)) from error
        except (AnymailError, ImproperlyConfigured, ImportError) as error:
            raise MailDelayed(_first_line(error)) from error
        return _receipt(mail, message.anymail_status)


@lru_cache(maxsize=4)
def takes_notes(name: str) -> bool:
    """Some providers keep nothing with a mail, and Anymail would rather not send than leave it out."""
    module = import_module(f"anymail.backends.{name}")
    kinds = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, BasePayload)]
    return any("set_metadata" in vars(one) for one in kinds)


def _for_django(mail: EmailMessage, recipients: Sequence[str]) -> EmailMultiAlternatives:
    named = {name: [str(a) for a in mail[name].addresses] if mail[name] else [] for name in ("To", "Cc")}
    listed = {a.addr_spec for name in ("To", "Cc") if mail[name] for a in mail[name].addresses}
    message = EmailMultiAlternatives(
        subject=str(mail["Subject"] or ""),
        from_email=str(mail["From"]),
        to=named["To"],
        cc=named["Cc"],
        bcc=[address for address in recipients if address not in listed],
        reply_to=[str(mail["Reply-To"])] if mail["Reply-To"] else None,
        headers={
            name: str(value)
            for name, value in mail.items()
            if name.lower() not in _THEIRS and not name.lower().startswith("content-")
        },
    )
    bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    if bodies["plain"] is not None:
        message.body = bodies["plain"].get_content()
    if bodies["html"] is not None:
        message.attach_alternative(bodies["html"].get_content(), "text/html")
    for part in mail.walk():
        if part.get_content_disposition() in ("attachment", "inline") and not part.is_multipart():
            message.attach(_attachment(part))
    return message


def _attachment(part: Any) -> MIMEBase:
    copy = MIMEBase(part.get_content_maintype(), part.get_content_subtype())
    copy.set_payload(part.get_payload(decode=True))
    encoders.encode_base64(copy)
    copy.add_header("Content-Disposition", part.get_content_disposition(), filename=part.get_filename())
    if part["Content-ID"]:
        copy["Content-ID"] = str(part["Content-ID"])
    return copy


def _receipt(mail: EmailMessage, status: Any) -> Receipt:
    refused = {
        address: str(one.status)
        for address, one in status.recipients.items()
        if one.status in ("rejected", "invalid", "failed")
    }
    ids = status.message_id if isinstance(status.message_id, set) else {status.message_id}
    known = sorted(str(one) for one in ids if one is not None)
    said = ", ".join(sorted(str(one) for one in status.status or ()))
    return Receipt(
        str(mail["Message-ID"] or ""), said, provider_id=known[0] if known else "", refused=refused
    )


def _failure(error: AnymailAPIError) -> MailRefused | MailDelayed:
    said, code = _first_line(error), error.status_code
    if code is None:
        return MailDelayed(said) if _never_connected(error) else DeliveryUnknown(said)
    if code >= 500:
        return DeliveryUnknown(said)
    return MailDelayed(said) if code in _NOT_ITS_FAULT else MailRefused(said)


def _never_connected(error: AnymailAPIError) -> bool:
    reason = getattr(next(iter(getattr(error.__cause__, "args", ())), None), "reason", None)
    return isinstance(error, ConnectTimeout) or isinstance(reason, NewConnectionError)


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines() or [type(error).__name__]
    return " ".join(line.strip() for line in lines)[:300]
