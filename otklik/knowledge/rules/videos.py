"""Which addresses may stand as a video of an article."""

from __future__ import annotations

from urllib.parse import urlsplit

HOSTS = frozenset(
    {
        "www.youtube.com",
        "youtube.com",
        "youtu.be",
        "vimeo.com",
        "player.vimeo.com",
        "rutube.ru",
        "vk.com",
        "vkvideo.ru",
        "www.loom.com",
    }
)


class BadVideo(ValueError):
    """No https address of a known host."""


def video_address(text: str) -> str:
    """The address as it is kept. Raises BadVideo."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise BadVideo(text) from error
    known = parts.scheme == "https" and (parts.hostname or "") in HOSTS
    # A name before the host, or a port of its own, is how one address is made to look like another.
    if not known or parts.username is not None or port is not None or len(text) > 500:
        raise BadVideo(text)
    if any(sign.isspace() or ord(sign) < 32 for sign in text.strip()):
        raise BadVideo(text)
    return text.strip()
