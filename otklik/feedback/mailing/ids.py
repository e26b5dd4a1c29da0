"""Message-IDs of survey mails: they name the invitation, and nobody else can make one.

A report about a mail that came back, or a complaint, is believed only where it names such an id.
"""

from __future__ import annotations

import hmac
import re
from email.utils import parseaddr

from django.conf import settings

# A provider is told the part before the @ alone; the rest proves nothing.
_ID = re.compile(r"<?survey\.(\d{1,18})\.(\d{1,3})\.([0-9a-f]{24})(?:@[^<>\s]{1,255})?>?\Z")


def message_id_for(invitation_id: int, number: int) -> str:
    """``number``: 0 for the invitation, then its reminders."""
    host = parseaddr(settings.OTKLIK.mail_from)[1].partition("@")[2] or "localhost"
    return (
        f"<survey.{invitation_id}.{number}.{_signature(invitation_id, number, settings.SECRET_KEY)}@{host}>"
    )


def invitation_named_by(message_id: str) -> int | None:
    """None for an id that is not ours."""
    found = _ID.match(message_id.strip())
    if found is None:
        return None
    invitation_id, number = int(found[1]), int(found[2])
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    signatures = (_signature(invitation_id, number, key) for key in keys)
    return invitation_id if any(hmac.compare_digest(found[3], one) for one in signatures) else None


def _signature(invitation_id: int, number: int, key: str) -> str:
    said = f"otklik survey mail {invitation_id} {number}"
    return hmac.digest(key.encode(), said.encode(), "sha256").hex()[:24]
