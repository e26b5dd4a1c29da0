"""``demo_sign_ins``: whose address and password open the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from otklik.demo.cast import SIGN_INS, STAFF
from otklik.demo.load import is_loaded
from otklik.demo.passwords import demo_password
from otklik.demo.portal import SIGN_INS as PORTAL_SIGN_INS
from otklik.partners.public import first_mail_addresses
from otklik.portal.public import PortalAccount

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
        portal = f"{settings.OTKLIK.public_url}{reverse('portal-sign-in')}"
        self.stdout.write(f"Partners' people sign in at {portal} with the same password:")
        rows = PortalAccount.objects.exclude(password="").select_related("contact__partner")
        for account in rows.filter(contact__external_id__in=PORTAL_SIGN_INS).order_by("pk"):
            who = f"{account.contact.name}, {account.contact.partner.name}"
            self.stdout.write(f"  {first_mail_addresses([account.contact_id])[account.contact_id]}  ({who})")
