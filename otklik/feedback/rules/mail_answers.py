"""What a mail server's refusal says about an address.

RFC 3463 tells apart who is to blame: the address (5.1), the mailbox (5.2), and many other things, among them
that nobody wants our mail (5.7), which is no fault of the person.
"""

from __future__ import annotations

import re

_ENHANCED = re.compile(r"(?<![\d.])5\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# No mailbox by this name, moved away, or shut. Full (5.2.2) and too large (5.2.3) pass.
_DEAD = re.compile(r"1\.(?:0|1|2|3|6|10)\Z|2\.(?:0|1)\Z|5\.1\Z")
_PLAIN = ("550", "551", "553")
_POLICY = re.compile(r"spam|blocked|block ?list|blacklist|denied|policy|reputation|relay", re.IGNORECASE)


def is_dead_address(said: str) -> bool:
    """Of a server that refused the recipient for good ("550 5.1.1 no such user")."""
    found = _ENHANCED.search(said)
    if found is not None:
        return _DEAD.match(f"{found[1]}.{found[2]}") is not None
    return said.startswith(_PLAIN) and _POLICY.search(said) is None
