from __future__ import annotations

from tests.servers.fixtures import dovecot, postfix  # noqa: F401
