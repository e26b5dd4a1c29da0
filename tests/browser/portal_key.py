"""Opens the portal for Vera in a data folder with the cast, without a mailbox, and says which pages of it
there are: ``python -m tests.browser.portal_key``. Prints the cookie and the addresses as JSON."""

from __future__ import annotations

import json
import os


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    import django

    django.setup()
    from django.test import Client

    from otklik.partners.models import Contact, Partner, Program
    from otklik.portal.tests.people import sign_in
    from otklik.portal.web.guard import COOKIE
    from tests.architecture import access_walk
    from tests.world import World

    def staff(name: str) -> access_walk.User:
        return access_walk.User.objects.get(email=f"{name}@example.com")

    names = ("root", "anna", "boris", "clara", "dmitri", "stranger")
    partners = {name: Partner.objects.get(name=name.title()) for name in ("aurora", "borealis")}
    people = {
        name: Contact.objects.get(addresses__value=f"{name}@aurora.example") for name in ("vera", "gleb")
    }
    program = Program.objects.get(pk=partners["aurora"].program_id)
    world = World(program=program, **{name: staff(name) for name in names}, **partners, **people)

    values = access_walk.parameters(world)
    client = Client(SERVER_NAME="localhost")
    sign_in(client, world.vera, sees_money=True)
    inside, outside = [], []
    for address in access_walk.addresses():
        if not address.route.startswith("/portal/"):
            continue
        path = access_walk.filled(address, values)
        for who, found in ((client, inside), (Client(SERVER_NAME="localhost"), outside)):
            answer = who.get(path)
            # Parts of pages are judged where they stand, by the journeys that fetch them.
            if (
                answer.status_code in (200, 410)
                and not answer.streaming
                and answer.content[:9] == b"<!doctype"
            ):
                found.append(path)
    print(
        json.dumps(
            {"name": COOKIE, "value": client.cookies[COOKIE].value, "inside": inside, "outside": outside}
        )
    )


if __name__ == "__main__":
    main()
