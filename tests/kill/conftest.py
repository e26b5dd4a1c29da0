from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.installation import KillInstallation
from tests.servers.fixtures import postgres  # noqa: F401


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KillInstallation]:
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        url = server.create_with_tables(tmp_path.name)
    built = KillInstallation(tmp_path, url)
    try:
        yield built
    finally:
        built.end()
