"""Makes a data folder, where OTKLIK_DATA_DIR says: ``python -m tests.browser.prepare [--world]``."""

from __future__ import annotations

import os
import sys


def main(with_world: bool) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from otklik.kit.catalogues import compile_stale

    compile_stale()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if with_world:
        from tests.world import build_world

        build_world()


if __name__ == "__main__":
    main("--world" in sys.argv)
