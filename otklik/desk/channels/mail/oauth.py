"""Leave to sign in to a mail server without its password (RFC 6749; SASL XOAUTH2).

A refresh token, given once by whoever owns the mailbox, is exchanged for access tokens, each good for about
an hour. What servers of mail want to hear is the same for IMAP and SMTP.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from otklik.desk.channels.mail.protocol import GrantRefused, MailboxUnreachable

if TYPE_CHECKING:
    from otklik.kit.http import Reply

# Where the answer does not say how long it is good.
_USUAL_LIFE = 600
# Whatever it says.
_LONGEST_LIFE = 86_400


@dataclass(frozen=True, slots=True)
class AccessToken:
    """``seconds`` it is good for. ``refresh_token``: the one to use from now on, where it was changed."""

    value: str = field(repr=False)
    seconds: int
    refresh_token: str = field(default="", repr=False)


def request_token(
    *, token_url: str, client_id: str, client_secret: str, refresh_token: str, scope: str = ""
) -> AccessToken:
    """Blocks, up to 15 seconds. Raises GrantRefused, MailboxUnreachable (try again later)."""
    # An HTTP library comes with it, which nobody needs whose mailboxes have passwords.
    from otklik.kit.http import FetchFailed, FetchRefused, Limits, fetch

    # No redirect: the body holds the secrets.
    limits = Limits(seconds=15, size=100_000, redirects=0)
    fields = {
        "grant_type": "refresh_token",
        "client_id": client_id,
        "client_secret": client_secret,
        "refresh_token": refresh_token,
        "scope": scope,
    }
    body = urlencode({name: value for name, value in fields.items() if value}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    host = urlsplit(token_url).hostname or token_url
    try:
        reply = fetch(token_url, method="POST", headers=headers, body=body, limits=limits)
    except FetchFailed as error:
        raise MailboxUnreachable(str(error)) from error
    except FetchRefused as error:
        raise GrantRefused(f"{host}: {error}") from error
    if reply.status >= 500 or reply.status in (408, 429):
        raise MailboxUnreachable(f"{host}: status {reply.status}")
    said = _said(reply)
    token, seconds = said.get("access_token"), str(said.get("expires_in"))[:20]
    good = isinstance(token, str) and token != "" and token.isascii() and token.isprintable()
    if reply.status != 200 or not good:
        raise GrantRefused(f"{host}: {_why(reply, said)}")
    renewed = said.get("refresh_token")
    return AccessToken(
        str(token),
        min(int(seconds), _LONGEST_LIFE) if seconds.isdecimal() else _USUAL_LIFE,
        renewed if isinstance(renewed, str) else "",
    )


def xoauth2(user: str, token: str) -> Callable[..., str]:
    """What a client says: this at once, and nothing to the server's explanation of a refusal, which it gives
    as one more question."""
    answers = [f"user={user}\1auth=Bearer {token}\1\1"]

    def answer(_challenge: bytes = b"") -> str:
        return answers.pop() if answers else ""

    return answer


def _said(reply: Reply) -> dict[str, object]:
    try:
        said = json.loads(reply.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _why(reply: Reply, said: dict[str, object]) -> str:
    """One line; tokens are never in it."""
    words = [str(said[name]) for name in ("error", "error_description") if said.get(name)]
    return " ".join(": ".join(words).split())[:300] or f"status {reply.status} without an access token"
