"""Who translates is set by whoever manages the desk, and the key goes to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as live
from django.test import Client
from django.urls import reverse

from otklik.desk.models import GlossaryTerm, TranslationSettings
from otklik.kit.translation.fake import fake_server
from tests.world import World

pytestmark = pytest.mark.django_db
DEEPL = {"provider": "deepl", "key": "secret:fx", "language": "en", "is_active": "on"}


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna)
    return client


@pytest.fixture
def provider(settings: Any) -> Iterator[str]:
    settings.OTKLIK = replace(live.OTKLIK, fetch_private=True)
    with fake_server() as (address, _seen):
        yield address


def save(client: Client, **fields: str) -> Any:
    return client.post(reverse("translation"), fields)


def test_it_is_off_until_somebody_says_so_and_the_key_is_never_shown(anna: Client) -> None:
    shown = anna.get(reverse("translation")).content.decode()
    assert "nothing leaves this server" in shown
    assert not TranslationSettings.objects.exists()

    assert save(anna, **DEEPL).status_code == 302
    row = TranslationSettings.objects.get()
    assert row.is_active
    assert row.key.reveal() == "secret:fx"
    assert "secret:fx" not in anna.get(reverse("translation")).content.decode()

    save(anna, **{**DEEPL, "key": "", "language": "ru"})
    assert TranslationSettings.objects.get().key.reveal() == "secret:fx", "empty: it stays"
    save(anna, **{**DEEPL, "key": "", "is_active": "", "forget_key": "on", "provider": "libretranslate"})
    assert TranslationSettings.objects.get().key.reveal() == "secret:fx", "refused: no address"


@pytest.mark.parametrize(
    "fields",
    [
        {"provider": "libretranslate", "address": "https://other.example", "key": ""},
        {"provider": "deepl", "address": "https://evil.example", "key": ""},
        {"provider": "openai", "address": "https://api.example/v1", "key": "k"},
        {"provider": "libretranslate", "address": "http://10.0.0.1", "key": "k"},
        {"provider": "libretranslate", "address": "https://user:pw@t.example", "key": "k"},
        {"provider": "libretranslate", "address": "file:///etc/passwd", "key": "k"},
        {"provider": "carrier pigeon", "key": "k"},
    ],
)
def test_the_stored_key_does_not_travel_to_another_server_and_odd_addresses_are_refused(
    anna: Client, fields: dict[str, str]
) -> None:
    save(anna, **DEEPL)
    assert save(anna, **{**DEEPL, **fields}).status_code == 422
    assert TranslationSettings.objects.get().provider == "deepl"


def test_a_trial_shows_what_comes_back_or_why_nothing_does(anna: Client, provider: str) -> None:
    save(anna, provider="libretranslate", address=provider, language="en")
    asked = {"HTTP_HX_REQUEST": "true"}
    assert "Где наша выплата?" in anna.post(reverse("translation-attempt"), **asked).content.decode()
    save(anna, provider="libretranslate", address="http://127.0.0.1:9", language="en")
    assert "does not answer" in anna.post(reverse("translation-attempt"), **asked).content.decode()


def test_terms_are_kept_once_and_each_change_makes_other_translations(anna: Client, world: World) -> None:
    save(anna, **DEEPL)
    term = {"text": "CPA", "program": str(world.program.pk), "languages": "de, ru", "note": "cost"}
    assert anna.post(reverse("glossary-term-new"), term).status_code == 302
    assert anna.post(reverse("glossary-term-new"), {**term, "text": "cpa"}).status_code == 422
    assert anna.post(reverse("glossary-term-new"), {**term, "languages": "klingon"}).status_code == 422
    row = GlossaryTerm.objects.get()
    assert (row.languages, row.program) == (["de", "ru"], world.program)
    assert "CPA" in anna.get(reverse("glossary")).content.decode()
    anna.post(reverse("glossary-term-removal", args=[row.pk]))
    assert not GlossaryTerm.objects.exists()
    assert TranslationSettings.objects.get().version == 3


def test_agents_do_not_get_there(world: World, client: Client) -> None:
    client.force_login(world.dmitri)
    for name in ("translation", "glossary", "glossary-term-new"):
        assert client.get(reverse(name)).status_code == 403
