"""Brings the data folder up to date before the services start: one process, so that Django loads once.

`python -m otklik.cli.prepare [--demo]`. Progress goes to stderr; what the person should read once everything
answers (the demo's sign-ins, or how to begin without them) goes to stdout.
"""

from __future__ import annotations

import contextlib
import sys

BAD_SETTING = 2


def prepare(*, demo: bool) -> None:
    """Ends the process with status 2 and one line where the database of the settings does not answer."""
    import django
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import OperationalError, connection

    django.setup()
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = " ".join(str(error).split())
        print(f"otklik: the database cannot be reached: {reason}", file=sys.stderr)
        sys.exit(BAD_SETTING)
    with contextlib.redirect_stdout(sys.stderr):
        migrate_as_a_whole()
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo:
            call_command("load_demo", if_needed=True)
    if not get_user_model().objects.exists():
        print("Open it in a browser to create the administrator.")
    elif demo:
        call_command("demo_sign_ins")


def migrate_as_a_whole() -> None:
    """All outstanding migrations in one transaction: after a kill the database is as it was before.

    By itself Django commits a migration and only then notes that it ran, wherever a table has a foreign key.
    Killed between the two, every later start fails on "table already exists".
    """
    from django.core.management import call_command
    from django.db import connection, transaction

    # SQLite rebuilds tables only without foreign key checks, and ignores the switch inside a transaction.
    # The migrations check the keys of the tables they touched themselves.
    with connection.constraint_checks_disabled(), transaction.atomic():
        call_command("migrate", interactive=False, verbosity=0)


if __name__ == "__main__":
    prepare(demo="--demo" in sys.argv[1:])
