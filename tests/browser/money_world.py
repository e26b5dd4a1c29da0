"""Who pays and who is paid in the journeys about money, in a data folder with the cast:
``python -m tests.browser.money_world``. Prints what a browser of Vera's holds once she is signed in."""

from __future__ import annotations

import os


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    import django

    django.setup()
    from django.test import Client

    from otklik.identity.rules.roles import Role
    from otklik.partners.models import Contact, Partner
    from otklik.portal.tests.people import sign_in
    from otklik.portal.web.guard import COOKIE
    from tests.world import make_user

    Partner.objects.filter(name="Aurora").update(external_id="A-1")
    make_user("faina@example.com", "Faina Books", Role.FINANCE)
    client = Client()
    sign_in(client, Contact.objects.get(name="Vera Orlova"), sees_money=True)
    print(client.cookies[COOKIE].value)


if __name__ == "__main__":
    main()
