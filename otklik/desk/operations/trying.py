"""Whether a mailbox works: signs in at its servers, reads nothing and sends nothing."""

from __future__ import annotations

import imaplib
import smtplib
import ssl
from dataclasses import replace
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from otklik.desk.channels.mail.oauth import xoauth2
from otklik.desk.channels.mail.protocol import (
    FolderMissing,
    GrantRefused,
    MailboxUnreachable,
    SignInRefused,
)
from otklik.desk.models import Mailbox
from otklik.desk.operations.grants import access_token
from otklik.kit.clock import now
from otklik.kit.mail import MailDelayed, smtp_connection
from otklik.kit.secrets import SecretUnreadable

# Somebody waits for the answer in front of a page.
_PATIENCE = 8.0


class Trouble(StrEnum):
    UNREACHABLE = "unreachable"
    SIGN_IN = "sign_in"
    GRANT = "grant"
    """No access token is given for it any more."""
    FOLDER = "folder"
    ENCRYPTION = "encryption"
    CERTIFICATE = "certificate"
    UNREADABLE = "unreadable"
    """The password is stored under a key that is not this installation's."""
    NO_WAY_OUT = "no_way_out"
    ODD = "odd"


def try_mailbox(mailbox: Mailbox) -> dict[str, Trouble | None]:
    """By direction ("incoming", "outgoing") what is wrong, None where it works. What we do not sign in for (a
    provider, a server that hands mail over) is left out."""
    outcome = {"incoming": try_incoming(mailbox)} if mailbox.source == Mailbox.Source.IMAP else {}
    if mailbox.smtp_url or not settings.OTKLIK.anymail_backend:
        outcome["outgoing"] = try_outgoing(mailbox)
    return outcome


def try_incoming(mailbox: Mailbox) -> Trouble | None:
    # They bring the mail protocols with them, which a web process hardly ever needs.
    from imap_tools import ImapToolsError

    from otklik.desk.channels.mail.imap import EncryptionRequired, ImapSource
    from otklik.desk.operations.mailboxes import imap_source

    try:
        source = ImapSource(replace(imap_source(mailbox).settings, timeout=_PATIENCE))
        try:
            source.newest()
        finally:
            source.close()
    except SignInRefused:
        return Trouble.SIGN_IN
    except GrantRefused:
        return Trouble.GRANT
    except FolderMissing:
        return Trouble.FOLDER
    except EncryptionRequired:
        return Trouble.ENCRYPTION
    except SecretUnreadable:
        return Trouble.UNREADABLE
    except MailboxUnreachable as error:
        return _why_unreachable(error)
    except (OSError, ValueError):
        return Trouble.UNREACHABLE
    except (imaplib.IMAP4.error, ImapToolsError):
        return Trouble.ODD
    return None


def try_outgoing(mailbox: Mailbox) -> Trouble | None:
    try:
        url = mailbox.smtp_url.reveal() if mailbox.smtp_url else settings.OTKLIK.mail_url
    except SecretUnreadable:
        return Trouble.UNREADABLE
    parts = urlsplit(url)
    if parts.scheme == "memory":
        return None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        return Trouble.NO_WAY_OUT
    try:
        token = _outgoing_token(mailbox, parts)
        bearer = xoauth2(unquote(parts.username or ""), token) if token else None
        with smtp_connection(parts, bearer=bearer) as server:
            server.noop()
    except GrantRefused:
        return Trouble.GRANT
    except SecretUnreadable:
        return Trouble.UNREADABLE
    except MailboxUnreachable as error:
        return _why_unreachable(error)
    except ssl.SSLCertVerificationError:
        return Trouble.CERTIFICATE
    except smtplib.SMTPAuthenticationError:
        return Trouble.SIGN_IN
    except MailDelayed:
        return Trouble.ENCRYPTION
    except smtplib.SMTPException:
        return Trouble.ODD
    except (OSError, ValueError):
        return Trouble.UNREACHABLE
    return None


def _outgoing_token(mailbox: Mailbox, parts: SplitResult) -> str:
    if not mailbox.smtp_url or not parts.username or parts.password:
        return ""
    return access_token(mailbox_id=mailbox.pk, at=now())


def _why_unreachable(error: MailboxUnreachable) -> Trouble:
    is_certificate = isinstance(error.__cause__, ssl.SSLCertVerificationError)
    return Trouble.CERTIFICATE if is_certificate else Trouble.UNREACHABLE
