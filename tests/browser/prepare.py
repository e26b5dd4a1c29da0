"""Makes a data folder, where OTKLIK_DATA_DIR says: ``python -m tests.browser.prepare``. With ``--world`` the
cast moves into one that is there."""

from __future__ import annotations

import os
import sys


def main() -> None:
    _set_up()
    from django.core.management import call_command

    from otklik.kit.catalogues import compile_stale

    compile_stale()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def move_in() -> None:
    _set_up()
    from tests.world import build_world

    build_world()


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    import django

    django.setup()


if __name__ == "__main__":
    if "--world" in sys.argv:
        move_in()
    else:
        main()
