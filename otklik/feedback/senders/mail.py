"""Mail by what the installation sends with: a provider (OTKLIK_ANYMAIL_BACKEND), as the desk's answers, or
else OTKLIK_MAIL_URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.utils import parseaddr

import idna
from django.conf import settings

from otklik.desk.public import Transport, provider_transport
from otklik.feedback.mailing.addresses import in_ascii
from otklik.feedback.rules.mail_answers import is_dead_address
from otklik.feedback.rules.vocabulary import Channel
from otklik.feedback.senders.protocol import (
    AddressDead,
    NotNow,
    NotTaken,
    OutcomeUnknown,
    Outgoing,
    Session,
    WayClosed,
)
from otklik.kit.mail import (
    BadMailAddress,
    BadMessage,
    DeliveryUnknown,
    MailDelayed,
    MailRefused,
    Message,
    RecipientRefused,
    ServerAway,
)
from otklik.kit.mail_stream import MailStream, NoMailServer, mail_stream

NO_SERVER = "no mail server is set (OTKLIK_MAIL_URL or OTKLIK_ANYMAIL_BACKEND)"


class MailSender:
    channel = Channel.EMAIL

    @contextmanager
    def open(self) -> Iterator[Session]:
        provider = provider_transport(notes_id=True)
        if provider is not None:
            yield _ProviderSession(provider)
            return
        try:
            stream = mail_stream()
            opened = stream.__enter__()
        except NoMailServer as error:
            raise WayClosed(NO_SERVER) from error
        except BadMailAddress as error:
            raise WayClosed(str(error)) from error
        try:
            yield _MailSession(opened)
        finally:
            stream.__exit__(None, None, None)


class _MailSession:
    def __init__(self, stream: MailStream) -> None:
        self._stream = stream

    def send(self, outgoing: Outgoing) -> None:
        try:
            self._stream.send(message_of(outgoing))
        except RecipientRefused as error:
            raise (AddressDead if is_dead_address(str(error)) else NotTaken)(str(error)) from error
        except (MailRefused, BadMessage) as error:
            raise NotTaken(str(error)) from error
        except ServerAway as error:
            raise WayClosed(str(error)) from error
        except DeliveryUnknown as error:
            raise OutcomeUnknown(str(error)) from error
        except MailDelayed as error:
            raise NotNow(str(error)) from error


class _ProviderSession:
    """What the desk answers by. Whatever a provider puts off is about our account with it, never about the
    one mail: nothing else is tried before that is mended."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(self, outgoing: Outgoing) -> None:
        message = message_of(outgoing)
        try:
            mail = message.as_email()
            receipt = self._transport.send(mail, envelope_from="", recipients=[message.to])
        except (MailRefused, BadMessage) as error:
            raise NotTaken(str(error)) from error
        except DeliveryUnknown as error:
            raise OutcomeUnknown(str(error)) from error
        except MailDelayed as error:
            raise WayClosed(str(error)) from error
        if receipt.refused:
            raise NotTaken(", ".join(receipt.refused.values()))


def message_of(outgoing: Outgoing) -> Message:
    """Raises BadMessage. No Precedence: this is one mail to one person, and "bulk" would keep bounces and
    answers away."""
    name, address = parseaddr(settings.OTKLIK.mail_from)
    return Message(
        to=_in_ascii(outgoing.address),
        subject=outgoing.letter.subject,
        text=outgoing.letter.text,
        html=outgoing.letter.html,
        sender=str(Address(_plain(outgoing.sender_name) or name, addr_spec=address)),
        reply_to=outgoing.reply_to,
        message_id=outgoing.message_id,
        headers={
            "List-Unsubscribe": f"<{outgoing.stop_link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Feedback-ID": outgoing.feedback_id,
            # Written by a machine: absence notes stay at home (RFC 3834; the second is Exchange's way).
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        },
    )


def _in_ascii(address: str) -> str:
    try:
        return in_ascii(address)
    except idna.IDNAError as error:
        raise BadMessage(f"to: {error}") from error


def _plain(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())
