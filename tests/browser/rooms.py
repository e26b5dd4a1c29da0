"""Something on every page, and the list of the pages: ``python -m tests.browser.rooms`` in the data folder of
an installation with the cast and the guide's examples. It is left there in ``rooms.json``:

``pages``: door -> addresses, where a door is who is let in: nobody, partner, staff; those of nobody may have
``{language}`` in them. ``cookies``: door -> the cookie by which one is in. ``people``: where a link can be
handed over. ``invited``: reader -> pages of somebody asked by mail; only the first can still be answered.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FILE = "rooms.json"
PERIOD = "period=custom&from=2025-07-01&to=2025-12-31"
# Where the address alone would show less: with other rows, with an answer to a question, with a choice made.
MORE = (
    f"/nps/?{PERIOD}",
    f"/surveys/comments/?{PERIOD}",
    "/surveys/1/?weigh=1",
    "/surveys/1/people/",
    "/surveys/1/form/",
    "/surveys/interviews/new/?partner=1",
    "/surveys/interviews/guides/new/?start=loyal",
    "/search/?q=Aurora",
    "/imports/4/",
    "/inbox/?view=all",
    "/knowledge/?q=payouts",
    "/knowledge/1/",
    "/knowledge/1/text/ru/",
    "/money/holds/new/?partner=1",
    "/money/adjustments/new/?partner=1",
    "/money/reconciliations/new/?partner=1",
    "/money/payouts/?state=planned",
    "/settings/desk/mailboxes/1/",
    "/settings/desk/topics/1/",
    "/settings/desk/policies/1/",
    "/settings/desk/calendars/1/",
    "/settings/desk/canned-answers/1/",
    "/settings/desk/forms/1/",
    "/impact/?outcome=csat",
    "/impact/causes/money_held/",
    "/impact/goal/?cause=reopened",
)
NOT_PAGES = {"message-html"}  # what somebody sent


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    import django

    django.setup()
    from otklik.kit.clock import now

    Path(os.environ["OTKLIK_DATA_DIR"], FILE).write_text(json.dumps(build(now())), encoding="utf-8")


def build(at: datetime) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client
    from django.urls import resolve

    from otklik.portal.tests.people import sign_in
    from otklik.portal.web.guard import COOKIE
    from tests.architecture import access_walk
    from tests.browser import desk_world, loop_rooms, portal_world, survey_rooms

    world = _cast()
    of_surveys = survey_rooms.build(at)
    desk_world.build(at)
    portal_world.build(at)
    of_loop = loop_rooms.build(at)
    values = access_walk.parameters(world)
    clients = {who: Client(SERVER_NAME="localhost") for who in ("nobody", "partner", "staff")}
    sign_in(clients["partner"], world.vera, sees_money=True)
    clients["staff"].force_login(world.root)
    pages = {"nobody": [*of_surveys["open"]], "partner": [], "staff": [*MORE, *of_surveys["pages"], *of_loop]}
    known = {resolve(urlsplit(path).path).view_name for path in pages["staff"]}
    table = access_walk.read()
    for address in access_walk.addresses():
        if address.name in known | NOT_PAGES:
            continue
        path, cells = access_walk.filled(address, values), table[access_walk.key_of(address)]
        for who, column in (("nobody", "outsider"), ("partner", "portal"), ("staff", "admin")):
            if cells[column] in ("200", "410"):
                if _is_page(clients[who], path):
                    pages[who].append(path)
                break
    return {
        "pages": pages,
        "cookies": {
            who: {"name": name, "value": clients[who].cookies[name].value}
            for who, name in (("partner", COOKIE), ("staff", settings.SESSION_COOKIE_NAME))
        },
        "people": of_surveys["people"],
        "invited": of_surveys["invited"],
    }


def _cast() -> Any:
    """As build_world() made it."""
    from otklik.identity.models import User
    from otklik.partners.models import Contact, Partner
    from tests.world import World

    staff = ("root", "anna", "boris", "clara", "dmitri", "stranger")
    users = {name: User.objects.get(email=f"{name}@example.com") for name in staff}
    partners = {name: Partner.objects.get(name=name.title()) for name in ("aurora", "borealis")}
    people = {
        name: Contact.objects.get(addresses__value=f"{name}@aurora.example") for name in ("vera", "gleb")
    }
    return World(program=partners["aurora"].program, **users, **partners, **people)


def _is_page(client: Any, path: str) -> bool:
    """Parts of pages are judged where they stand, by the journeys that fetch them."""
    answer = client.get(path)
    return answer.status_code in (200, 410) and not answer.streaming and answer.content[:9] == b"<!doctype"


if __name__ == "__main__":
    main()
