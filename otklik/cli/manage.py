"""Django's management commands with this installation's settings."""

from __future__ import annotations

import os


def manage(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otklik.config.settings")
    from django.core.management import ManagementUtility

    utility = ManagementUtility(["otklik manage", *argv])
    utility.execute()
    return 0


def backup(argv: list[str]) -> int:
    return manage(["backup", *argv])


def restore(argv: list[str]) -> int:
    return manage(["restore", *argv])
