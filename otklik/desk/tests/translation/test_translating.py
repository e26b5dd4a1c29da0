"""Agent and partner each read and write their own language; nothing is lost when the machine fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from otklik.desk.models import Draft, GlossaryTerm, Message, Ticket, Translation, TranslationSettings
from otklik.desk.operations.erasing import reach_of_contacts, wipe
from otklik.desk.operations.messages import reply
from otklik.desk.operations.reply_translation import ask_reply_translation, make_reply_translation
from otklik.desk.operations.returning import take_back
from otklik.desk.operations.translating import (
    NothingToTranslate,
    TranslationOff,
    ask_translation,
    find_languages,
    make_translation,
    want_translations,
)
from otklik.desk.operations.translation_settings import save_term
from otklik.desk.operations.translators import InUse, translator_in_use
from otklik.desk.rules.vocabulary import TranslationState
from otklik.desk.tests.operations.stories import SYSTEM, asked, told
from otklik.events.public import Actor
from otklik.kit.translation.protocol import Term, TranslatorRefused, TranslatorSlow
from tests.world import World

pytestmark = pytest.mark.django_db
GERMAN = "Wir haben die Auszahlung für September nicht erhalten."


@dataclass
class Machine:
    """Translates by naming the language; fails as it is told to."""

    fails: list[Exception] = field(default_factory=list)
    asked: list[tuple[list[str], str, str, list[Term]]] = field(default_factory=list)

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Term] = ()
    ) -> list[str]:
        self.asked.append((list(texts), source, target, list(glossary)))
        if self.fails:
            raise self.fails.pop(0)
        return [f"[{target}] {text}" for text in texts]


@pytest.fixture
def settings_row() -> TranslationSettings:
    return TranslationSettings.objects.create(is_active=True, language="ru", key="secret:fx")


@pytest.fixture
def machine(settings_row: TranslationSettings) -> InUse:
    return InUse(Machine(), "deepl:1", settings_row)


def german(world: World) -> tuple[Ticket, Message]:
    ticket = asked(world, text=GERMAN)
    message = Message.objects.get(ticket=ticket)
    find_languages([message.pk])
    message.refresh_from_db()
    return ticket, message


def machine_of(active: InUse) -> Machine:
    assert isinstance(active.translator, Machine)
    return active.translator


def test_a_message_tells_its_language_and_a_short_one_stays_a_guess(world: World) -> None:
    _, message = german(world)
    assert message.language == "de"
    assert (message.language_probability or 0) > 0.9
    short = Message.objects.get(ticket=asked(world, text="OK", subject="12"))
    find_languages([short.pk])
    short.refresh_from_db()
    assert short.language_probability is None


def test_what_the_desk_cannot_read_is_translated_once(world: World, machine: InUse) -> None:
    ticket, message = german(world)
    want_translations([message.pk], at=world.now)
    want_translations([message.pk], at=world.now)
    (row,) = Translation.objects.all()
    make_translation(translation_id=row.pk, at=world.now, active=machine)
    make_translation(translation_id=row.pk, at=world.now, active=machine)

    row.refresh_from_db()
    assert (row.text, row.state, row.language) == (f"[ru] {GERMAN}", TranslationState.MADE, "ru")
    assert len(machine_of(machine).asked) == 1
    assert machine_of(machine).asked[0][1] == "de"
    assert [line.data["state"] for line in told(ticket, "ticket.message_translated")] == ["made"]
    message.refresh_from_db()
    assert message.text == GERMAN, "the message stays what it is"


def test_the_owner_reads_german_and_nothing_leaves_the_house(world: World, machine: InUse) -> None:
    from otklik.desk.models import AgentProfile

    AgentProfile.objects.create(user=world.dmitri, languages={"de": 1})
    ticket, message = german(world)
    Ticket.objects.filter(pk=ticket.pk).update(owner=world.dmitri)
    want_translations([message.pk], at=world.now)
    assert not Translation.objects.exists()


def test_nothing_is_sent_while_it_is_off(world: World) -> None:
    _, message = german(world)
    want_translations([message.pk], at=world.now)
    assert translator_in_use() is None
    with pytest.raises(TranslationOff):
        ask_translation(message_id=message.pk, language="ru", by=SYSTEM, at=world.now)
    assert not Translation.objects.exists()


def test_a_slow_provider_is_asked_again_later_and_then_given_up(world: World, machine: InUse) -> None:
    _, message = german(world)
    row = ask_translation(
        message_id=message.pk, language="ru", by=Actor.person(world.dmitri.pk), at=world.now
    )
    machine_of(machine).fails = [TranslatorSlow("30 s")] * 9
    at = world.now
    for _attempt in range(6):
        make_translation(translation_id=row.pk, at=at, active=machine)
        at += timedelta(hours=1)
    row.refresh_from_db()
    assert (row.state, row.failure, row.attempts) == (TranslationState.FAILED, "slow", 4)
    assert row.free_at is None

    machine_of(machine).fails = []
    again = ask_translation(message_id=message.pk, language="ru", by=SYSTEM, at=at)
    make_translation(translation_id=again.pk, at=at, active=machine)
    assert again.pk == row.pk
    assert Translation.objects.get().state == TranslationState.MADE


def test_a_refused_key_is_not_tried_again_and_another_version_is_another_translation(
    world: World, machine: InUse
) -> None:
    _, message = german(world)
    row = ask_translation(message_id=message.pk, language="ru", by=SYSTEM, at=world.now)
    machine_of(machine).fails = [TranslatorRefused("HTTP 403")]
    make_translation(translation_id=row.pk, at=world.now, active=machine)
    assert Translation.objects.get().failure == "refused"
    save_term(
        term_id=None,
        fields={"text": "Auszahlung", "program": None, "languages": [], "note": ""},
        by=SYSTEM,
        at=world.now,
    )
    assert ask_translation(message_id=message.pk, language="ru", by=SYSTEM, at=world.now).pk != row.pk


def test_the_glossary_goes_along_with_each_text(world: World, machine: InUse) -> None:
    GlossaryTerm.objects.create(text="Auszahlung", created_at=world.now)
    GlossaryTerm.objects.create(text="CPA", program=world.program, languages=["ru"], created_at=world.now)
    _, message = german(world)
    row = ask_translation(message_id=message.pk, language="ru", by=SYSTEM, at=world.now)
    make_translation(translation_id=row.pk, at=world.now, active=machine)
    assert machine_of(machine).asked[0][3] == [Term("Auszahlung"), Term("CPA", ("ru",))]


def test_a_message_without_words_is_not_sent(world: World, machine: InUse) -> None:
    message = Message.objects.get(ticket=asked(world, text=" ", subject="Payout"))
    with pytest.raises(NothingToTranslate):
        ask_translation(message_id=message.pk, language="ru", by=SYSTEM, at=world.now)


def test_a_reply_leaves_in_the_partners_language_and_the_writers_words_stay(
    world: World, machine: InUse
) -> None:
    ticket, _ = german(world)
    draft = ask_reply_translation(
        ticket_id=ticket.pk, user_id=world.dmitri.pk, text="Выплата ушла вчера.", into="de", at=world.now
    )
    make_reply_translation(draft_id=draft.pk, at=world.now, active=machine)
    draft.refresh_from_db()
    assert (draft.translation, draft.translation_state) == ("[de] Выплата ушла вчера.", "made")

    sent = reply(
        ticket_id=ticket.pk,
        text="Die Auszahlung ist raus.",
        language="de",
        original=draft.text,
        original_language="ru",
        hold_seconds=10,
        by=Actor.person(world.dmitri.pk),
        at=world.now,
    )
    kept = Translation.objects.get(message=sent)
    assert (sent.text, sent.language) == ("Die Auszahlung ist raus.", "de")
    assert (kept.text, kept.language, kept.is_original) == ("Выплата ушла вчера.", "ru", True)
    assert not Draft.objects.exists()

    back = take_back(message_id=sent.pk, by=Actor.person(world.dmitri.pk), at=world.now)
    assert back is not None
    assert (back.text, back.translation, back.into) == (
        "Выплата ушла вчера.",
        "Die Auszahlung ist raus.",
        "de",
    )


def test_a_failed_preview_is_told_and_a_text_changed_meanwhile_is_not_overwritten(
    world: World, machine: InUse
) -> None:
    ticket, _ = german(world)
    facts = {"ticket_id": ticket.pk, "user_id": world.dmitri.pk, "into": "de", "at": world.now}
    draft = ask_reply_translation(text="Первое.", **facts)
    machine_of(machine).fails = [TranslatorSlow("30 s")]
    make_reply_translation(draft_id=draft.pk, at=world.now, active=machine)
    draft.refresh_from_db()
    assert (draft.text, draft.translation, draft.translation_failure) == ("Первое.", "", "slow")

    ask_reply_translation(text="Второе.", **facts)
    draft.refresh_from_db()
    assert (draft.translation_state, draft.translated_text) == ("wanted", "Второе.")


def test_erasing_somebody_takes_the_translations_of_their_words_along(world: World, machine: InUse) -> None:
    _, message = german(world)
    row = ask_translation(message_id=message.pk, language="ru", by=SYSTEM, at=world.now)
    late = ask_translation(message_id=message.pk, language="en", by=SYSTEM, at=world.now)
    make_translation(translation_id=row.pk, at=world.now, active=machine)
    wipe(reach_of_contacts([world.vera.pk]), at=world.now)
    assert not Translation.objects.exists()
    make_translation(translation_id=late.pk, at=world.now, active=machine)
    assert not Translation.objects.exists()
