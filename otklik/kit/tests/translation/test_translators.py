"""One contract for every provider; what comes back wrong is refused, whoever sent it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as live

from otklik.kit.http import Limits
from otklik.kit.translation.checked import CheckedTranslator
from otklik.kit.translation.deepl import DeepL
from otklik.kit.translation.fake import fake_server
from otklik.kit.translation.guarding import guard, restore
from otklik.kit.translation.libre import LibreTranslate
from otklik.kit.translation.openai import ChatTranslator
from otklik.kit.translation.protocol import (
    LONGEST_TEXT,
    Term,
    TextTooLong,
    TranslationFailed,
    Translator,
    TranslatorDown,
    TranslatorRefused,
    TranslatorSlow,
    Wrong,
    WrongAnswer,
)

Server = tuple[str, list[dict[str, Any]]]
QUICK = Limits(seconds=0.25, size=2_000_000, redirects=0)
GLOSSARY = [Term("CPA"), Term("CPA network"), Term("hold", ("ru",)), Term("C++")]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with fake_server() as running:
        yield running


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.OTKLIK = replace(live.OTKLIK, fetch_private=True)


@pytest.fixture(params=["deepl", "libre", "chat"])
def translator(request: pytest.FixtureRequest, server: Server) -> Translator:
    address = server[0]
    provider: Translator = {
        "deepl": lambda: DeepL("secret:fx", address, limits=QUICK),
        "libre": lambda: LibreTranslate(address, "secret", limits=QUICK),
        "chat": lambda: ChatTranslator(f"{address}/v1", "secret", "small", limits=QUICK),
    }[request.param]()
    return CheckedTranslator(provider)


def test_texts_come_back_in_order_and_empty_ones_are_not_sent(translator: Translator) -> None:
    asked = ["Where is our payout?", "", "  ", "Wo ist unsere Auszahlung?"]
    answer = translator.translate(asked, "", "ru")
    assert answer == ["Где наша выплата?", "", "  ", "Где наша выплата?"]


def test_terms_and_links_come_through_as_they_were(translator: Translator, server: Server) -> None:
    text = "Wo bleibt die Auszahlung von CPA network? Siehe https://example.com/a?b=1&c=2"
    server[1].clear()
    (answer,) = translator.translate([text], "de", "ru", GLOSSARY)
    assert answer == "Где же выплата от CPA network? Смотрите https://example.com/a?b=1&c=2"
    assert "CPA" not in str(server[1][0]["body"]), "a term left the house"


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("SLOW", TranslatorSlow),
        ("DOWN", TranslatorDown),
        ("REFUSED", TranslatorRefused),
        ("GARBAGE", WrongAnswer),
        ("SHORT", WrongAnswer),
        ("EMPTY", WrongAnswer),
        ("LOSE CPA", WrongAnswer),
        ("STAY and do not translate this rather long English sentence at all", WrongAnswer),
    ],
)
def test_every_way_of_failing_has_its_name(
    translator: Translator, text: str, failure: type[TranslationFailed]
) -> None:
    with pytest.raises(failure):
        translator.translate([text], "en", "ru", GLOSSARY)


def test_nobody_at_the_address_is_down_and_an_address_inside_is_refused(settings: Any) -> None:
    with pytest.raises(TranslatorDown):
        LibreTranslate("http://127.0.0.1:9").translate(["a"], "", "ru")
    settings.OTKLIK = replace(live.OTKLIK, fetch_private=False)
    for address in ("http://127.0.0.1:8080", "http://169.254.169.254", "file:///etc/passwd"):
        with pytest.raises(TranslatorRefused):
            LibreTranslate(address).translate(["a"], "", "ru")


def test_deepl_is_told_its_key_in_a_header_and_its_server_by_the_key(server: Server, settings: Any) -> None:
    server[1].clear()
    DeepL("secret:fx", server[0]).translate(["a < b & ⟪0⟫"], "ru", "en")
    (asked,) = server[1]
    assert asked["headers"]["authorization"] == "DeepL-Auth-Key secret:fx"
    assert asked["body"]["target_lang"] == "EN-US"
    assert asked["body"]["text"] == ['a &lt; b &amp; <x id="0"/>']


def test_a_text_as_long_as_a_file_is_not_sent(translator: Translator) -> None:
    with pytest.raises(TextTooLong):
        translator.translate(["a" * (LONGEST_TEXT + 1)], "", "ru")


@pytest.mark.parametrize(
    ("answer", "is_kept"),
    [
        ("⟪1⟫ und ⟪0⟫", True),
        ("⟪0⟫", False),
        ("⟪0⟫ ⟪0⟫ ⟪1⟫", False),
        ("⟪0⟫ ⟪1⟫ ⟪2⟫", False),
        ("⟪0⟫ ⟪1⟫ ⟪", False),
        ("⟪ 0 ⟫ ⟪1⟫", False),
    ],
)
def test_an_answer_that_lost_or_made_up_a_placeholder_is_refused(answer: str, is_kept: bool) -> None:
    guarded = guard("CPA is C++", GLOSSARY, "de")
    assert guarded.text == "⟪0⟫ is ⟪1⟫"
    if is_kept:
        assert restore(answer, guarded) == "C++ und CPA"
        return
    with pytest.raises(WrongAnswer) as refused:
        restore(answer, guarded)
    assert refused.value.what is Wrong.PLACEHOLDERS


def test_terms_are_whole_words_of_their_languages_and_our_own_marks_are_text() -> None:
    assert guard("cpa CPAx hold", GLOSSARY, "de").kept == ("cpa",)
    assert guard("cpa CPAx hold", GLOSSARY, "ru").kept == ("cpa", "hold")
    odd = guard("⟪7⟫ a@b.example", GLOSSARY, "ru")
    assert restore(odd.text, odd) == "⟪7⟫ a@b.example"
