"""Two people edit one partner or contact at once: nobody's words are lost."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client

from otklik.identity.models import User
from otklik.partners.models import Contact, Partner
from tests.world import World


class Form(HTMLParser):
    """What a browser would send when it is submitted as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self._select = self._area = ""
        self.feed(page[page.index('class="card form-narrow" method="post"') :].split("</form>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            ticked = given.get("type") == "checkbox"
            self.data.setdefault(name, []).append(given.get("value") or ("on" if ticked else ""))
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in given:
            self.data.setdefault(self._select, []).append(given.get("value") or "")
        if tag == "textarea":
            self._area = name
            self.data[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.data[self._area] = [data.removeprefix("\n")]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, url: str) -> dict[str, list[str]]:
    return Form(client.get(url).content.decode()).data


def test_two_people_who_change_different_fields_both_get_their_way(world: World) -> None:
    url = f"/partners/{world.aurora.pk}/edit/"
    anna, boris = signed_in(world.anna), signed_in(world.boris)
    first, second = opened(anna, url), opened(boris, url)
    assert anna.post(url, first | {"tier": "platinum", "renewal_on": "2027-01-31"}).status_code == 302
    answer = boris.post(url, second | {"segment": "media", "custom": "Код: 7"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody changed this while you were editing" in page
    assert "Tier: they wrote “platinum”" in page
    assert boris.post(url, Form(page).data).status_code == 302
    aurora = Partner.objects.get(pk=world.aurora.pk)
    assert (aurora.tier, aurora.segment, aurora.custom) == ("platinum", "media", {"Код": "7"})
    assert aurora.renewal_on is not None


def test_two_people_who_change_one_field_see_both_values(world: World) -> None:
    url = f"/contacts/{world.vera.pk}/edit/"
    anna, boris = signed_in(world.anna), signed_in(world.boris)
    first, second = opened(anna, url), opened(boris, url)
    anna.post(url, first | {"job_title": "CEO", "languages": "Russian, en"})
    answer = boris.post(url, second | {"job_title": "Owner"})
    page = answer.content.decode()
    assert "they wrote “CEO”, you wrote “Owner”" in page
    assert Contact.objects.get(pk=world.vera.pk).job_title == "CEO"
    assert boris.post(url, Form(page).data).status_code == 302
    vera = Contact.objects.get(pk=world.vera.pk)
    assert (vera.job_title, vera.languages) == ("Owner", ["ru", "en"])


def test_saving_untouched_changes_nothing(world: World) -> None:
    for url, row in (
        (f"/partners/{world.aurora.pk}/edit/", world.aurora),
        (f"/contacts/{world.vera.pk}/edit/", world.vera),
    ):
        client = signed_in(world.anna)
        assert client.post(url, opened(client, url)).status_code == 302
        assert type(row).objects.get(pk=row.pk).version == 1


def test_a_name_that_is_taken_is_said_beside_the_field_with_a_link(world: World) -> None:
    client, url = signed_in(world.anna), f"/partners/{world.aurora.pk}/edit/"
    page = client.post(url, opened(client, url) | {"name": "BOREALIS"}).content.decode()
    assert "has a partner of this name already" in page
    assert f'<a href="/partners/{world.borealis.pk}/">' in page


def test_what_was_typed_wrong_stays_on_the_page(world: World) -> None:
    client, url = signed_in(world.anna), f"/partners/{world.aurora.pk}/edit/"
    page = client.post(url, opened(client, url) | {"custom": "no colon", "tier": "kept"}).content.decode()
    assert "this line has no name: no colon" in page
    assert 'value="kept"' in page


def test_the_steps_of_a_persons_page(world: World) -> None:
    client, base = signed_in(world.boris), f"/contacts/{world.gleb.pk}"
    client.post(f"{base}/authority/", {"authority": "shared"})
    client.post(f"{base}/consent/", {"consent": "given"})
    client.post(f"{base}/addresses/", {"kind": "telegram", "value": "@gleb_s"})
    page = client.get(f"{base}/").content.decode()
    assert "decision-maker" in page
    assert "stated by Boris Manager" in page
    assert "@gleb_s" in page
    wrong = client.post(f"{base}/addresses/", {"kind": "phone", "value": "abc"}, follow=True).content.decode()
    assert "This is not a phone number." in wrong
    taken = client.post(f"{base}/addresses/", {"kind": "email", "value": "vera@aurora.example"}, follow=True)
    assert "Another contact of this partner has this address." in taken.content.decode()


def test_erasing_asks_for_a_clear_yes(world: World) -> None:
    client, url = signed_in(world.root), f"/contacts/{world.vera.pk}/erasure/"
    assert client.post(url, {}).status_code == 200
    assert Contact.objects.get(pk=world.vera.pk).erased_at is None
    assert client.post(url, {"sure": "on"}).status_code == 302
    assert "Vera" not in client.get(f"/partners/{world.aurora.pk}/").content.decode()
    assert "were erased" in client.get(f"/contacts/{world.vera.pk}/").content.decode()
