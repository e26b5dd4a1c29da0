"""`otklik mail fetch`: read mailboxes now, without waiting for the worker's next turn."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from otklik.desk.models import Mailbox
from otklik.desk.operations.mailboxes import begin_with_new_mail, fetch_mailbox
from otklik.kit.clock import now


class Command(BaseCommand):
    help = "Read mailboxes now. What came is stored; the worker makes tickets of it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("mailbox", nargs="?", metavar="MAILBOX", help="its address; all of them without")
        parser.add_argument(
            "--skip-old", action="store_true", help="leave what lies in MAILBOX already where it is, and stop"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Mailbox.objects.filter(is_active=True, source=Mailbox.Source.IMAP)
        if options["mailbox"]:
            rows = rows.filter(address__iexact=options["mailbox"])
            if not rows.exists():
                raise CommandError(f"there is no mailbox {options['mailbox']} that is read by IMAP")
        if options["skip_old"]:
            self._skip(options["mailbox"], rows.first())
            return
        failed = [mailbox for mailbox in rows if not self._fetch(mailbox)]
        if failed:
            raise CommandError(f"{len(failed)} could not be read")

    def _skip(self, named: str | None, mailbox: Mailbox | None) -> None:
        if not named or mailbox is None:
            raise CommandError("--skip-old needs the address of one MAILBOX")
        begin_with_new_mail(mailbox_id=mailbox.pk)
        self.stdout.write(f"{mailbox.address}: only new mail from now on")

    def _fetch(self, mailbox: Mailbox) -> bool:
        # A person who asks does not wait for the pause after a failure; a reader at work is not disturbed.
        Mailbox.objects.filter(pk=mailbox.pk).exclude(failed_at=None).update(claimed_until=None)
        fetched = fetch_mailbox(mailbox_id=mailbox.pk, at=now())
        mailbox.refresh_from_db()
        if fetched is None:
            self.stdout.write(f"{mailbox.address}: is being read by somebody else")
            return True
        self.stdout.write(f"{mailbox.address}: {mailbox.failure or fetched}")
        return not mailbox.failure
