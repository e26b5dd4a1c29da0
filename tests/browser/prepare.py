"""Makes a data folder, where OTKLIK_DATA_DIR says: ``python -m tests.browser.prepare``. With ``--world`` the
cast moves into one that is there, with ``--examples`` the guide's partners, people and answers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "guide" / "examples"


def main() -> None:
    _set_up()
    from django.core.management import call_command

    from otklik.kit.catalogues import compile_stale
    from tests.ready import put_empty_tables

    compile_stale()
    put_empty_tables(Path(os.environ["OTKLIK_DATA_DIR"]))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def move_in() -> None:
    _set_up()
    from tests.world import build_world

    build_world()


def bring_examples() -> None:
    """As the guide's page about the import does."""
    from otklik.cli.importing import import_file

    for name in ("partners", "contacts", "answers-2025-h1", "answers-2025-h2"):
        target, file = name.partition("-")[0], EXAMPLES / f"{name}.csv"
        if status := import_file([target, str(file), "--program", "north"]):
            sys.exit(status)


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    import django

    django.setup()


if __name__ == "__main__":
    if "--world" in sys.argv:
        move_in()
    elif "--examples" in sys.argv:
        bring_examples()
    else:
        main()
