from __future__ import annotations

from otklik.analytics.models import PendingFact, ScoreRollup
from otklik.feedback.hooks import erasure, merging
from otklik.feedback.models import Objection, Response, SurveyVersion
from otklik.feedback.queries.voices import last_scores_of_contacts, last_scores_of_partners, partner_voices
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.feedback.tests.invited import invite, wave_of
from tests.world import NOW, World


def test_erasing_a_person_blanks_their_words_and_leaves_the_figures(world: World) -> None:
    version = nps_version(world)
    store(
        answer(
            version,
            world.aurora,
            2,
            contact_id=world.vera.pk,
            comment="Call me, Vera",
            language="ru",
            source_key="vera@aurora.example:1",
        ),
        answer(version, world.aurora, 9, contact_id=world.gleb.pk, comment="stays"),
    )

    erasure.erase("contact", [world.vera.pk])

    erased = Response.objects.get(contact=world.vera)
    assert (erased.comment, erased.language, erased.source_key) == ("", "", f"erased:{erased.pk}")
    assert erased.score == 2
    assert ScoreRollup.objects.get(dim1="", dim2="").c2 == 1
    assert Response.objects.get(contact=world.gleb).comment == "stays"


def test_erasing_a_partner_blanks_all_its_answers(world: World) -> None:
    version = nps_version(world)
    store(
        answer(version, world.aurora, 2, comment="of the company"),
        answer(version, world.borealis, 3, comment="b"),
    )

    erasure.erase("partner", [world.aurora.pk])

    assert list(Response.objects.order_by("partner_id").values_list("comment", flat=True)) == ["", "b"]


def test_an_erased_address_stays_in_no_refusal_of_a_mail_server(world: World) -> None:
    version = SurveyVersion.objects.get(pk=nps_version(world))
    wave = wave_of(version)
    said = "550 5.1.1 <vera@aurora.example> no such user"
    bounced = invite(wave, world.vera, state="bounced", reason=said)
    left_out = invite(wave, world.vera, state="left_out", reason="cooldown")
    Objection.objects.create(
        program=world.program, contact=world.vera, kind="complained", at=NOW, lifted_because="Vera called"
    )

    erasure.erase("contact", [world.vera.pk])

    for row in (bounced, left_out):
        row.refresh_from_db()
    assert (bounced.reason, left_out.reason) == ("", "cooldown")
    assert Objection.objects.get().lifted_because == ""


def test_nothing_waits_to_be_sent_to_somebody_who_was_erased(world: World) -> None:
    wave = wave_of(SurveyVersion.objects.get(pk=nps_version(world)))
    waiting = invite(wave, world.vera, state="planned", sent_at=None, send_at=NOW)
    other = invite(wave, world.gleb, state="planned", sent_at=None, send_at=NOW)
    erasure.erase("contact", [world.vera.pk])
    for row in (waiting, other):
        row.refresh_from_db()
    assert (waiting.state, waiting.address, other.state) == ("withdrawn", "", "planned")


def test_merged_people_and_partners_keep_their_answers_and_the_fact_store_learns_of_it(world: World) -> None:
    version = nps_version(world)
    store(answer(version, world.aurora, 2, contact_id=world.gleb.pk))
    PendingFact.objects.all().delete()

    merging.merge("contact", world.gleb.pk, world.vera.pk)
    merging.merge("partner", world.aurora.pk, world.borealis.pk)

    moved = Response.objects.get()
    assert (moved.contact_id, moved.partner_id) == (world.vera.pk, world.borealis.pk)
    assert (moved.role, moved.tier) == ("end_user", "gold")
    noted = PendingFact.objects.filter(source="responses").values_list("row_id", flat=True)
    assert set(noted) == {moved.pk}


def test_the_last_score_is_the_one_answered_last(world: World) -> None:
    version = nps_version(world)
    store(
        answer(version, world.aurora, 9, "2026-02-20", contact_id=world.vera.pk),
        answer(version, world.aurora, 2, "2026-01-20", contact_id=world.vera.pk),
        answer(version, world.aurora, 5, "2026-02-25", contact_id=world.gleb.pk),
    )

    assert last_scores_of_partners([world.aurora.pk, world.borealis.pk])[world.aurora.pk].score == 5
    assert world.borealis.pk not in last_scores_of_partners([world.borealis.pk])
    assert {
        pk: last.score for pk, last in last_scores_of_contacts([world.vera.pk, world.gleb.pk]).items()
    } == {
        world.vera.pk: 9,
        world.gleb.pk: 5,
    }


def test_a_partner_is_told_by_everybodys_latest_answer_and_by_who_is_silent(world: World) -> None:
    version = nps_version(world)
    store(
        answer(version, world.aurora, 9, "2026-01-20", contact_id=world.gleb.pk),
        answer(version, world.aurora, 4, "2026-02-20", contact_id=world.gleb.pk),
        answer(version, world.aurora, 10, "2026-02-21"),
    )

    found = partner_voices(world.aurora.pk)

    (gleb,) = found.voices
    assert (gleb.score, gleb.before) == (4, 9)
    assert [silent.name for silent in found.silent] == ["Vera Orlova"]
    assert (found.nameless, found.answers) == (1, 2)
    assert found.summary.population == 2
    assert found.summary.nps is None
