"""A support desk for journeys, in a data folder with the cast: ``python -m tests.browser.desk_world``.

Support answers, Finance is asked; each language has tickets of its own, so that journeys do not meet.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

SUBJECTS = {"en": "Payout for October", "ru": "Выплата за октябрь"}
LETTERS = {
    "en": "Where is our payout P-48213 of 1,250 euro for October? It was due last Friday.",
    "ru": "Где наша выплата P-48213 на 1250 евро за октябрь? Её обещали в прошлую пятницу.",
}
QUOTES = {"en": "> On Friday the money leaves.", "ru": "> В пятницу деньги уйдут."}
VERAS_NUMBER = "+7 912 345-67-89"
ANSWERS = {"en": "The payout left today.", "ru": "Выплата отправлена сегодня."}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    import django

    django.setup()
    from django.db import transaction

    from otklik.kit.clock import now

    with transaction.atomic():
        build(now())


def build(at: datetime) -> None:
    from otklik.desk import public as desk
    from otklik.events.public import Actor
    from otklik.identity.public import Role, User, save_team
    from otklik.partners.models import Address, Contact, Program
    from tests.world import make_user

    by = Actor.system()
    finance = make_user("fiona@example.com", "Fiona Finance", Role.FINANCE)
    users = {one.email.split("@")[0]: one for one in User.objects.all()}
    support = save_team(team=None, name="Support", members=[users["dmitri"], users["anna"]], by=by, at=at)
    save_team(team=None, name="Finance", members=[finance], by=by, at=at)
    program = Program.objects.get()
    fields: dict[str, Any] = {"key": "payouts", "names": {"en": "Payouts", "ru": "Выплаты"}}
    topic = desk.save_topic(topic_id=None, fields=fields, by=by, at=at)
    fields = {"name": "Payout sent", "shortcut": "sent", "texts": ANSWERS}
    desk.save_canned(canned_id=None, fields=fields, by=by, at=at)
    week = {"zone": "UTC", "weekly": {"mon-sun": ["00:00-24:00"]}}
    desk.save_calendar(calendar_id=None, name="Around the clock", definition=week, by=by, at=at)
    fields = {"address": "help@north.example", "program_id": program.pk, "team_id": support.pk}
    box = desk.save_mailbox(mailbox_id=None, fields={**fields, "source": "none"}, by=by, at=at)
    fields = {
        "slug": "help",
        "program_id": program.pk,
        "mailbox_id": box.pk,
        "titles": {"en": "Ask partner support", "ru": "Вопрос в поддержку"},
        "introductions": {},
    }
    desk.save_web_form(form_id=None, fields=fields, topics=[topic], by=by, at=at)
    vera = Contact.objects.get(name="Vera Orlova")
    digits = "".join(filter(str.isdigit, VERAS_NUMBER))
    Address.objects.create(contact=vera, kind="phone", value=VERAS_NUMBER, normalised=digits)
    common: dict[str, Any] = {
        "program_id": program.pk,
        "channel": desk.Channel.EMAIL,
        "side": desk.Side.PARTNER,
        "contact_id": vera.pk,
        "requester_address": "vera@aurora.example",
        "team_id": support.pk,
        "mailbox_id": box.pk,
    }
    rows = []
    for language, text in LETTERS.items():
        html = f"<p>{text}</p><p><b>Vera</b></p>"
        letter: dict[str, Any] = {
            "subject": SUBJECTS[language],
            "text": text,
            "language": language,
            "html": html,
        }
        rows.append(desk.NewTicket(**common, **letter, quote=QUOTES[language], signature="Vera Orlova"))
        again = {**letter, "subject": f"{SUBJECTS[language]}, 2"}
        rows.append(desk.NewTicket(**common, **again))
    for number in range(1, 7):
        rows.append(desk.NewTicket(**common, subject=f"Link {number}", text=f"Link {number} does not open."))
    desk.create_tickets_bulk(rows, by=by, at=at - timedelta(minutes=30))


if __name__ == "__main__":
    main()
