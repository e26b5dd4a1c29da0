"""Mailboxes that are signed in to by OAuth 2.0: the access token of the moment, fetched when it is needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from otklik.desk.channels.mail.oauth import request_token
from otklik.desk.channels.mail.protocol import GrantRefused, MailboxUnreachable
from otklik.desk.models import MailboxGrant
from otklik.kit.mail import MailDelayed

# A token that ends while it is on its way is refused.
_MARGIN = timedelta(minutes=2)


def has_grant(mailbox_id: int) -> bool:
    return MailboxGrant.objects.filter(mailbox_id=mailbox_id).exists()


def access_token(*, mailbox_id: int, at: datetime) -> str:
    """Kept until it ends. "" where the mailbox has no grant. Not for a transaction: it may ask a server.
    Raises GrantRefused, MailboxUnreachable, SecretUnreadable."""
    grant = MailboxGrant.objects.filter(mailbox_id=mailbox_id).first()
    if grant is None:
        return ""
    if grant.access_token and grant.expires_at is not None and at < grant.expires_at - _MARGIN:
        return str(grant.access_token.reveal())
    fetched = request_token(
        token_url=grant.token_url,
        client_id=grant.client_id,
        client_secret=grant.client_secret.reveal(),
        refresh_token=grant.refresh_token.reveal(),
        scope=grant.scope,
    )
    fresh = {"access_token": fetched.value, "expires_at": at + timedelta(seconds=fetched.seconds)}
    if fetched.refresh_token:
        fresh["refresh_token"] = fetched.refresh_token
    # Of these settings and no others: somebody may have entered new ones meanwhile.
    same = {name: getattr(grant, name) for name in ("pk", "client_id", "token_url")}
    MailboxGrant.objects.filter(**same).update(**fresh)
    return fetched.value


def smtp_token(*, mailbox_id: int, url: str, at: datetime) -> str:
    """For a server of the mailbox's own whose address names a user and no password. Raises MailDelayed,
    SecretUnreadable."""
    parts = urlsplit(url)
    if not parts.username or parts.password:
        return ""
    try:
        return access_token(mailbox_id=mailbox_id, at=at)
    except (GrantRefused, MailboxUnreachable) as error:
        raise MailDelayed(f"{type(error).__name__}: {error}") from error


def forget_token(*, mailbox_id: int) -> None:
    """The server did not take it, however long it was said to be good: the next one is fetched anew."""
    MailboxGrant.objects.filter(mailbox_id=mailbox_id).update(access_token="", expires_at=None)
