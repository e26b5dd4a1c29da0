"""``demo_sign_ins``: whose address and password open the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from otklik.demo.cast import SIGN_INS, STAFF
from otklik.demo.load import is_loaded
from otklik.demo.passwords import demo_password

TITLES = {
    "head": "head of the program",
    "lead": "support lead",
    "agent": "support agent",
    "m1": "account manager",
}


class Command(BaseCommand):
    help = "Print the demo's sign-ins, where the demo is loaded"

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_loaded():
            return
        people = {one.key: one for one in STAFF}
        self.stdout.write(f"Password of all four: {demo_password(settings.OTKLIK.data_dir)}")
        for key in SIGN_INS:
            self.stdout.write(f"  {TITLES[key]:<20} {people[key].email}")
