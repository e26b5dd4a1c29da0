"""What stands before the services: the database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound and not listening: a connection is refused
        taken.bind(("127.0.0.1", 0))
        address = f"postgresql://otklik:secret@127.0.0.1:{taken.getsockname()[1]}/otklik"
        outcome = subprocess.run(
            [sys.executable, "-m", "otklik.cli.prepare"],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "otklik.config.settings",
                "OTKLIK_DATA_DIR": str(tmp_path),
                "OTKLIK_DATABASE_URL": address,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("otklik: the database cannot be reached: ")
    assert len(outcome.stderr.splitlines()) == 1
    assert "secret" not in outcome.stderr
