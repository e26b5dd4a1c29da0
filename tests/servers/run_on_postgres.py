"""Runs the unit tests on a private PostgreSQL: `python tests/servers/run_on_postgres.py [pytest arguments]`.

Exit status: pytest's own; 2 with one line where PostgreSQL is not installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.servers.postgres import PostgresMissing, private_postgres  # noqa: E402


def main(arguments: list[str]) -> int:
    try:
        with private_postgres() as server:
            environment = {**os.environ, "OTKLIK_DATABASE_URL": server.create_database("otklik")}
            chosen = arguments or ["-m", "not browser and not slow"]
            command = [sys.executable, "-m", "pytest", *chosen]
            return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode
    except PostgresMissing as missing:
        print(missing, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
