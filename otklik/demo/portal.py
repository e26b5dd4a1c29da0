"""Who of the demo's partners comes into the portal, and how it looks there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from otklik.demo.story import Company
from otklik.events.public import Actor
from otklik.partners.public import Contact, Program
from otklik.portal.public import Look, change_look, open_account, set_password, show_money

# Whose address and the demo's password open the portal, one in Russian, one in English: both are paid and
# have asked something.
SIGN_INS = ("P1233-4", "P1200-5")
_ACCOUNTS = 40
_WELCOME = {
    "en": "Your requests, payouts and what we promised each other: all in one place.",
    "ru": "Ваши обращения, выплаты и наши договорённости — всё в одном месте.",
}


def open_the_portal(
    program_id: int,
    companies: Sequence[Company],
    contact_ids: Mapping[str, int],
    password: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    program = Program.objects.get(pk=program_id)
    change_look(program=program, look=Look("Meridian", "#7a3e9d", _WELCOME), by=by, at=at)
    deciders = [company.people[0].key for company in companies[:_ACCOUNTS] if company.people]
    chosen = [key for key in dict.fromkeys((*SIGN_INS, *deciders)) if key in contact_ids]
    people = Contact.objects.select_related("partner").in_bulk([contact_ids[key] for key in chosen])
    for key in chosen:
        account = open_account(contact=people[contact_ids[key]], at=at)
        show_money(account=account, sees_money=True, by=by, at=at)
        if key in SIGN_INS:
            set_password(account=account, password=password, keep=None, by=by, at=at)
