"""`otklik mail listen`: take mail that servers hand over, where OTKLIK_MAIL_LISTEN says."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from otklik.desk.channels.mail.listener import ListenerSettings, Protocol, run
from otklik.desk.operations.mailboxes import accept_delivery, is_ours


class Command(BaseCommand):
    help = "Take mail that servers hand over by SMTP or LMTP (OTKLIK_MAIL_LISTEN), until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        place = settings.OTKLIK.mail_listen
        if place is None:
            raise CommandError("set OTKLIK_MAIL_LISTEN to host:port or host:port/lmtp")
        try:
            run(
                ListenerSettings(place.host, place.port, Protocol(place.protocol)),
                accept=accept_delivery,
                knows=is_ours,
            )
        except OSError as error:
            raise CommandError(f"{place.host}:{place.port}: {error.strerror or error}") from error
