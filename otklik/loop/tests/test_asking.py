"""A promoter is asked, agrees, and it comes about; never while we owe them, and never twice at once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from otklik.desk.models import Ticket
from otklik.events.models import Event
from otklik.identity.models import User
from otklik.loop.models import Ask, AskConsent, Referral
from otklik.loop.operations import asking
from otklik.loop.operations.asking import (
    Agreement,
    AlreadyOver,
    CannotSpeak,
    NoConsent,
    NoReferral,
    NotNow,
    NotTheirReferral,
    NotYet,
    ReferredAlready,
    WordsMissing,
    WrongStep,
    drop_ask,
    give_ask,
    note_agreement,
    note_delivery,
    note_referral,
    note_refusal,
    propose_ask,
    put_ask,
    take_back_referral,
    withdraw_consent,
)
from otklik.loop.operations.asks_handed_over import hand_over_asks
from otklik.loop.personal import personal_data
from otklik.loop.queries.asks import promoters, results
from otklik.loop.queries.letters import refusal_of
from otklik.loop.rules.vocabulary import (
    AskKind,
    AskState,
    ConsentSaid,
    GuardReason,
    LetterKind,
    LetterRefusal,
    Way,
)
from otklik.loop.tests.stories import AT, TODAY, answered, by
from otklik.partners.models import Address, Partner
from otklik.partners.operations.erase import erase_contact
from otklik.partners.operations.merge import merge_contacts, merge_partners
from tests.world import NOW, World

HOUR = timedelta(hours=1)


def glad(world: World, **more: Any) -> None:
    answered(world, 10, **more)


def proposed(world: World, kind: AskKind = AskKind.REFERENCE, **more: Any) -> Ask:
    said = {"contact_id": world.vera.pk, "kind": kind, "on": TODAY, "by": by(world.boris), "at": AT}
    return propose_ask(**{**said, **more})


def asked(world: World, kind: AskKind = AskKind.REFERENCE) -> Ask:
    ask = proposed(world, kind)
    return put_ask(ask_id=ask.pk, on=TODAY, by=by(world.boris), at=AT)


def agreed(world: World, ask: Ask, *, until: date | None = None, at: Any = AT) -> Ask:
    said = Agreement("One call with a prospect", Way.CALL, at, until)
    return note_agreement(ask_id=ask.pk, agreement=said, on=TODAY, by=by(world.boris), at=at)


def test_asked_agreed_narrowed_delivered_and_taken_back_leaves_a_trail(world: World) -> None:
    glad(world)
    ask = asked(world)
    with pytest.raises(WordsMissing):
        note_agreement(
            ask_id=ask.pk, agreement=Agreement(" ", Way.CALL, AT), on=TODAY, by=by(world.boris), at=AT
        )
    for moment in (AT - HOUR, AT + HOUR):
        said = Agreement("x", Way.CALL, moment)
        with pytest.raises(NotYet):
            note_agreement(ask_id=ask.pk, agreement=said, on=TODAY, by=by(world.boris), at=AT)
    with pytest.raises(AlreadyOver):
        agreed(world, ask, until=TODAY - timedelta(days=1))
    agreed(world, ask)
    agreed(world, ask, until=TODAY, at=AT + HOUR)
    done = {"ask_id": ask.pk, "result": "They called", "by": by(world.boris)}
    with pytest.raises(NoConsent):
        note_delivery(**done, on=TODAY + timedelta(days=1), at=AT + HOUR)
    note_delivery(**done, on=TODAY, at=AT + HOUR)
    withdraw_consent(ask_id=ask.pk, way=Way.LETTER, said_at=AT + HOUR, by=by(world.boris), at=AT + HOUR)
    trail = list(AskConsent.objects.values_list("said", "until"))
    assert trail == [("given", None), ("given", TODAY), ("withdrawn", None)]
    kinds = list(Event.objects.filter(kind__startswith="ask.").order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "ask.proposed", "ask.asked", "ask.agreed", "ask.agreed", "ask.delivered", "ask.consent_withdrawn",
    ]  # fmt: skip
    ask.refresh_from_db()
    assert (ask.state, ask.result, ask.score) == (AskState.WITHDRAWN, "They called", 10)
    kept = personal_data(world.vera.pk)["consents"]
    assert [(one["said"], one["exactly"]) for one in kept][:1] == [("given", "One call with a prospect")]


def test_what_comes_up_between_the_thought_and_the_question_is_seen(world: World) -> None:
    with pytest.raises(NotNow) as refused:
        proposed(world)
    assert refused.value.reasons == (GuardReason.NO_PROMOTER,)
    glad(world)
    ask = proposed(world, key="k")
    assert proposed(world, key="k") == ask
    with pytest.raises(NotNow) as refused:
        proposed(world)
    assert refused.value.reasons == (GuardReason.UNDER_WAY,)
    ticket = Ticket.objects.create(
        program=world.program, partner=world.aurora, subject="x", public_key="x", priority="urgent",
        channel="email", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    with pytest.raises(NotNow) as refused:
        put_ask(ask_id=ask.pk, on=TODAY, by=by(world.boris), at=AT)
    assert refused.value.reasons == (GuardReason.CRITICAL_TICKET,)
    ask.refresh_from_db()
    assert ask.state == AskState.PROPOSED
    Ticket.objects.filter(pk=ticket.pk).update(is_open=False)
    put_ask(ask_id=ask.pk, on=TODAY, by=by(world.boris), at=AT)
    with pytest.raises(WrongStep):
        put_ask(ask_id=ask.pk, on=TODAY, by=by(world.boris), at=AT)


def test_no_is_an_answer_and_rests_for_a_year(world: World) -> None:
    glad(world)
    note_refusal(ask_id=asked(world).pk, result="Their lawyers", by=by(world.boris), at=AT)
    glad(world, day=(TODAY + timedelta(days=199)).isoformat(), at=AT + timedelta(days=200))
    later = {"on": TODAY + timedelta(days=200), "at": AT + timedelta(days=200)}
    with pytest.raises(NotNow) as refused:
        proposed(world, **later)
    assert refused.value.reasons == (GuardReason.DECLINED,)
    ask = proposed(world, AskKind.ADVICE, **later)
    with pytest.raises(WordsMissing):
        drop_ask(ask_id=ask.pk, why="", by=by(world.boris), at=AT)
    drop_ask(ask_id=ask.pk, why="Changed plans", by=by(world.boris), at=AT)


def test_nobody_is_asked_at_a_partner_that_left(world: World) -> None:
    glad(world)
    Partner.objects.filter(pk=world.aurora.pk).update(status="left")
    with pytest.raises(NotNow) as refused:
        proposed(world)
    assert refused.value.reasons == (GuardReason.GONE,)


def test_a_letter_that_asks_waits_as_long_as_any_other_question(world: World) -> None:
    glad(world)
    Address.objects.get_or_create(contact=world.vera, kind="email", defaults={"value": "vera@example.com"})
    ask = proposed(world)
    assert refusal_of(world.vera, LetterKind.PROMOTER, at=AT) is None, "it may be how they are asked"
    put_ask(ask_id=ask.pk, on=TODAY, by=by(world.boris), at=AT)
    note_refusal(ask_id=ask.pk, by=by(world.boris), at=AT)
    assert refusal_of(world.vera, LetterKind.PROMOTER, at=AT) is LetterRefusal.NOT_NOW
    assert refusal_of(world.vera, LetterKind.SILENT, at=AT) is None


def test_an_ask_is_given_only_to_who_sees_the_partner(world: World) -> None:
    glad(world)
    with pytest.raises(CannotSpeak):
        proposed(world, owner=world.clara)
    ask = proposed(world, owner=world.anna)
    with pytest.raises(CannotSpeak):
        give_ask(ask_id=ask.pk, owner=world.dmitri, by=by(world.anna), at=AT)
    give_ask(ask_id=ask.pk, owner=world.boris, by=by(world.anna), at=AT)
    ask.refresh_from_db()
    assert ask.owner == world.boris
    assert hand_over_asks(partner_ids=[world.aurora.pk], by=by(world.root), at=AT) == 0
    # Aurora goes to Clara, and then she leaves too.
    Partner.objects.filter(pk=world.aurora.pk).update(manager=world.clara)
    assert hand_over_asks(partner_ids=[world.aurora.pk], by=by(world.root), at=AT) == 1
    assert Ask.objects.get().owner == world.clara
    User.objects.filter(pk=world.clara.pk).update(is_active=False)
    for handed_over in (1, 0):
        assert hand_over_asks(user_id=world.clara.pk, by=by(world.root), at=AT) == handed_over
    assert Ask.objects.get().owner is None


def test_a_referral_is_followed_to_the_partner_that_came_of_it(world: World) -> None:
    glad(world)
    ask = asked(world, AskKind.REFERRAL)
    note = {"ask_id": ask.pk, "by": by(world.anna), "at": AT}
    with pytest.raises(NoReferral):
        note_referral(partner_id=world.borealis.pk, **note)
    agreed(world, ask)
    with pytest.raises(NotTheirReferral):
        note_referral(partner_id=world.aurora.pk, **note)
    for _ in range(2):
        note_referral(partner_id=world.borealis.pk, **note)
    Partner.objects.filter(pk=world.borealis.pk).update(revenue=500)
    found = results(world.anna, program_id=world.program.pk)
    (line,) = found.kinds
    assert (line.asked, line.agreed, line.delivered, found.referred, found.active) == (1, 1, 0, 1, 1)
    assert found.revenue == 500
    # Boris sees that a partner came, not another manager's money.
    assert results(world.boris, program_id=None).revenue is None
    assert results(world.clara, program_id=None).referred == 0
    other = Ask.objects.create(
        program=world.program, partner=world.aurora, contact=world.gleb, kind="referral", state="agreed",
        created_at=AT,
    )  # fmt: skip
    with pytest.raises(ReferredAlready):
        note_referral(ask_id=other.pk, partner_id=world.borealis.pk, by=by(world.anna), at=AT)
    take_back_referral(ask_id=ask.pk, partner_id=world.borealis.pk, by=by(world.anna), at=AT)
    assert not Referral.objects.exists()


def test_who_could_be_asked_now_and_who_is_left_in_peace(world: World) -> None:
    glad(world)
    answered(world, 9, contact=world.gleb, day="2026-02-01")
    answered(world, 4, contact=world.gleb, day="2026-02-20")
    found = promoters(world.boris, program_id=None, on=TODAY, at=AT)
    assert [(one.contact, one.score) for one in found.free] == [(world.vera, 10)]
    assert (list(found.guarded), found.is_cut) == ([], False)
    asked(world)
    found = promoters(world.boris, program_id=world.program.pk, on=TODAY, at=AT)
    (line,) = found.guarded
    assert line.reasons == (GuardReason.UNDER_WAY, GuardReason.ASKED_LATELY)
    assert line.rested_on == TODAY + timedelta(days=180)
    for nobody in (world.clara, world.stranger):
        found = promoters(nobody, program_id=None, on=TODAY, at=AT)
        assert [*found.free, *found.guarded] == []
    assert not promoters(world.anna, program_id=None, on=TODAY, at=AT + timedelta(days=400)).free


def test_merging_keeps_the_trail_and_erasing_takes_its_words(world: World) -> None:
    glad(world)
    ask = agreed(world, asked(world, AskKind.REFERRAL))
    note_referral(ask_id=ask.pk, partner_id=world.borealis.pk, by=by(world.anna), at=AT)
    merge_contacts(source_id=world.vera.pk, target_id=world.gleb.pk, by=by(world.root), at=AT)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world.root), at=AT)
    ask.refresh_from_db()
    assert (ask.contact, ask.partner) == (world.gleb, world.borealis)
    assert AskConsent.objects.get().contact == world.gleb
    assert not Referral.objects.exists()
    erase_contact(contact_id=world.gleb.pk, by=by(world.root), at=AT)
    ask.refresh_from_db()
    assert (ask.state, AskConsent.objects.get().exactly) == (AskState.DROPPED, "")
    assert AskConsent.objects.get().said == ConsentSaid.GIVEN


def test_a_line_of_the_trail_is_written_once_and_changed_by_nobody() -> None:
    """But an erasure, which takes the words, and a merge, which takes the person."""
    change = re.compile(r"(?:AskConsent|consents)\b[\w.()]*\.(create|bulk_create|update|delete|save)\(")
    loop = Path(str(asking.__file__)).parents[1]
    sources = [path for path in loop.rglob("*.py") if "tests" not in path.parts and path.name != "hooks.py"]
    found = [one for path in sources for one in change.findall(path.read_text(encoding="utf-8"))]
    assert found == ["create"]
