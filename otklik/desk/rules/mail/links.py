"""The addresses a mail points at."""

from __future__ import annotations

import re
from html import unescape

_PLAIN = re.compile(r"https?://[^\s<>\"'\x00-\x20\]\[{}|\\^`]{1,2000}", re.IGNORECASE)
_HREF = re.compile(
    r"""href\s{0,20}=\s{0,20}(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"'>]{1,2000}))""", re.IGNORECASE
)


def links_in(text: str, html: str, limit: int = 5000) -> tuple[str, ...]:
    """Web links of a mail, each once, in order of appearance; what comes after `limit` is not looked at."""
    found: dict[str, None] = {}
    for match in _HREF.finditer(html):
        address = unescape(match[1] or match[2] or match[3]).strip()
        if address.lower().startswith(("http://", "https://")):
            found[address] = None
            if len(found) >= limit:
                return tuple(found)
    for match in _PLAIN.finditer(text):
        found[match[0].rstrip(".,;:!?)»”…")] = None
        if len(found) >= limit:
            break
    return tuple(found)
