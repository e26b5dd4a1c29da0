"""What workers do for the portal."""

from __future__ import annotations

from otklik.kit.clock import now
from otklik.portal.operations import links


def send_link(link_id: int, address: str, language: str) -> None:
    links.send_link(link_id=link_id, address=address, language=language, at=now())
