"""Interviews, guides and mentions by hand; who sees which voice; the stream of all of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.events.public import Actor, timeline
from otklik.feedback.access import Scope, scope_of
from otklik.feedback.hooks import erasure, merging
from otklik.feedback.models import Interview, InterviewGuide, Mention
from otklik.feedback.operations.comment_readings import read_comments
from otklik.feedback.operations.voices.guides import archive_guide, change_guide, create_guide
from otklik.feedback.operations.voices.interviews import (
    InterviewChangedMeanwhile,
    InterviewRefused,
    Talk,
    change_interview,
    record_interview,
)
from otklik.feedback.operations.voices.mentions import (
    MentionFate,
    NewMention,
    PartnerElsewhere,
    attach_mention,
    record_mention,
)
from otklik.feedback.queries.voice_stream import VoiceFilter, voices
from otklik.feedback.rules.voices.addresses import address_key, key_of
from otklik.feedback.rules.voices.vocabulary import InterviewChannel, QuoteConsent, VoiceKind
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.partners.imports.tests.helpers import bring, counts
from otklik.partners.models import Partner, Program
from tests.world import World

BY = Actor.system()
EVIL = "\"'><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def guide_of(world: World, questions: str = "What happened?\nWhat next?") -> InterviewGuide:
    return create_guide(
        program_id=world.program.pk, name="Detractor", language="en", questions=questions, by=BY, at=world.now
    )


def talk(world: World, **more: Any) -> Talk:
    facts = {"held_on": date(2026, 3, 1), "channel": InterviewChannel.CALL, "contact_id": world.vera.pk}
    return Talk(**{**facts, "words": "Payouts are late.", **more})


def interview(world: World, partner: Partner | None = None, **more: Any) -> Interview:
    return record_interview(
        partner_id=(partner or world.aurora).pk,
        talk=talk(world, **more),
        interviewer_id=world.boris.pk,
        by=BY,
        at=world.now,
    )


def mention(world: World, text: str = "They are great.", **more: Any) -> Mention:
    key = more.pop("key", None) or key_of("test", text)
    pk, _fate = record_mention(
        program_id=world.program.pk,
        mention=NewMention(key, world.now - timedelta(days=1), text=text, **more),
        user_id=None,
        by=BY,
        at=world.now,
    )
    return Mention.objects.get(pk=pk)


def test_an_interview_keeps_the_guide_it_followed(world: World) -> None:
    guide = guide_of(world)
    first = guide.versions.get()
    held = interview(world, version_id=first.pk, notes={"q1": "The payout was late.", "q9": "nothing of it"})

    change_guide(
        guide_id=guide.pk,
        name="Detractor",
        language="en",
        questions="What next?\nWho knew?",
        by=BY,
        at=world.now,
    )

    held.refresh_from_db()
    assert held.version == first
    assert held.notes == {"q1": "The payout was late."}
    latest = guide.versions.order_by("-number")[0]
    assert latest.questions == [{"key": "q2", "text": "What next?"}, {"key": "q3", "text": "Who knew?"}]
    assert (held.sentiment, " payouts " in held.topics) == (-1, True)


def test_a_question_that_comes_back_has_its_old_key(world: World) -> None:
    guide = guide_of(world, "A?\nB?")
    for questions in ("A?", "A?\nC?", "B?\nC?"):
        change_guide(
            guide_id=guide.pk, name="Detractor", language="en", questions=questions, by=BY, at=world.now
        )
    latest = guide.versions.order_by("-number")[0]
    assert [(row["key"], row["text"]) for row in latest.questions] == [("q2", "B?"), ("q3", "C?")]


def test_an_interview_of_nobody_of_tomorrow_or_of_nothing_is_refused(world: World) -> None:
    for wrong, problem in (
        ({"held_on": date(2026, 3, 5)}, "to_come"),
        ({"words": " "}, "nothing_said"),
        ({"contact_id": world.vera.pk}, "not_theirs"),
    ):
        partner = world.borealis if problem == "not_theirs" else world.aurora
        with pytest.raises(InterviewRefused) as refused:
            interview(world, partner, **wrong)
        assert refused.value.problem == problem
    assert not Interview.objects.exists()


def test_two_people_who_mend_one_interview_find_out_about_each_other(world: World) -> None:
    held = interview(world, quotes=[("Pay us", QuoteConsent.NAMED)])
    mended = talk(world, words="More.", quotes=[("Pay us", QuoteConsent.NO)])
    change_interview(interview_id=held.pk, talk=mended, revision=1, by=BY, at=world.now)
    with pytest.raises(InterviewChangedMeanwhile):
        change_interview(interview_id=held.pk, talk=talk(world), revision=1, by=BY, at=world.now)
    held.refresh_from_db()
    assert held.words == "More."
    assert [quote.consent for quote in held.quotes.all()] == ["no"]


def test_a_mention_by_hand_is_stored_once_and_tells_the_partners_timeline(world: World) -> None:
    key = address_key("https://www.forum.example/t/7/?utm_source=mail")
    assert key == address_key("http://forum.example/t/7")
    found = mention(world, "Terrible support, never again.", key=key)
    again = record_mention(
        program_id=world.program.pk,
        mention=NewMention(key, None, text="x"),
        user_id=None,
        by=BY,
        at=world.now,
    )
    assert again == (found.pk, MentionFate.KNOWN)

    attach_mention(mention_id=found.pk, partner_id=world.aurora.pk, by=BY, at=world.now)

    lines = timeline("partner", [world.aurora.pk], limit=5)
    assert [(line.kind, line.data["sentiment"]) for line in lines] == [("mention.attached", -1)]
    page = signed_in(world.boris).get(reverse("partner", args=[world.aurora.pk])).content.decode()
    assert "A public mention with a complaint." in page
    assert "Terrible support" in page


def test_a_mention_is_not_attached_to_a_partner_of_another_program(world: World) -> None:
    other = Program.objects.create(name="South", slug="south", created_at=world.now)
    stranger = Partner.objects.create(program=other, name="Elsewhere", created_at=world.now)
    found = mention(world)
    with pytest.raises(PartnerElsewhere):
        attach_mention(mention_id=found.pk, partner_id=stranger.pk, by=BY, at=world.now)


def test_a_file_of_mentions_is_taken_in_once_and_says_what_it_could_not_read(world: World) -> None:
    rows = (
        "Date;Author;Review;Link;Company\n"
        "01.03.2026;Ivan;<b>Great</b> program;https://forum.example/1;Aurora\n"
        "02.03.2026;Olga;Late payouts;ftp://x;\n"
        "02.03.2026;Olga;Late payouts;https://forum.example/2;Nobody\n"
        "02.03.2026;Olga;Late payouts;https://forum.example/2;\n"
        "02.03.2026;Olga;Late payouts;https://forum.example/2;\n"
    )
    run = bring(world, rows, target="mentions")
    assert counts(run) == {"read": 5, "stored": 2, "skipped": 1, "failed": 2}
    assert counts(bring(world, rows, target="mentions"))["stored"] == 0
    great = Mention.objects.get(author="Ivan")
    assert (great.text, great.partner, great.source) == ("Great program", world.aurora, "file")


def test_the_stream_mixes_everything_newest_first_and_pages_without_gaps(world: World) -> None:
    version = nps_version(world)
    store(*(answer(version, world.aurora, 2, comment=f"c{n}", source_key=str(n)) for n in range(4)))
    for n in range(4):
        interview(world, words=f"i{n}")
        mention(world, f"m{n}")
    whole, end = voices(Scope(), VoiceFilter(), limit=50)
    assert (len(whole), end) == (12, None)
    assert [voice.at for voice in whole] == sorted((voice.at for voice in whole), reverse=True)

    read: list[str] = []
    place = None
    while True:
        page, place = voices(Scope(), VoiceFilter(), before=place, limit=5)
        read += [voice.text for voice in page]
        if place is None:
            break
    assert read == [voice.text for voice in whole]


def test_filters_by_kind_partner_sentiment_topic_and_time(world: World) -> None:
    version = nps_version(world)
    store(answer(version, world.aurora, 2, "2026-02-01", comment="Payouts are late and awful."))
    read_comments(response_ids=[voice.row.pk for voice in voices(Scope(), VoiceFilter())[0]], at=world.now)
    interview(world, words="Support is great.")
    mention(world, "Payouts are late and awful.", partner_id=world.borealis.pk)

    def kinds(**chosen: Any) -> list[str]:
        return [str(voice.kind) for voice in voices(Scope(), VoiceFilter(**chosen))[0]]

    assert kinds() == ["interview", "mention", "answer"]
    assert kinds(kind=VoiceKind.INTERVIEW) == ["interview"]
    assert kinds(partner_id=world.aurora.pk) == ["interview", "answer"]
    assert kinds(name="BORE") == ["mention"]
    assert kinds(sentiment=(1,)) == ["interview"]
    assert kinds(sentiment=(-1,), topic="payouts") == ["mention", "answer"]
    assert kinds(sentiment=(None,)) == []
    assert kinds(since=world.now - timedelta(days=7)) == ["interview", "mention"]


def test_an_account_manager_hears_own_partners_only(world: World) -> None:
    interview(world)
    interview(world, world.borealis, contact_id=None, words="Of Borealis.")
    mention(world, "About nobody.")
    mention(world, "Of Borealis too.", partner_id=world.borealis.pk)

    def heard(user: Any) -> set[str]:
        return {voice.text for voice in voices(scope_of(user), VoiceFilter())[0]}

    assert heard(world.boris) == {"Payouts are late."}
    assert heard(world.clara) == {"Of Borealis.", "Of Borealis too."}
    assert len(heard(world.anna)) == 4
    assert heard(world.stranger) == set()

    client = signed_in(world.clara)
    theirs = Interview.objects.get(partner=world.aurora)
    nobodys = Mention.objects.get(partner=None)
    assert client.get(reverse("interview", args=[theirs.pk])).status_code == 404
    assert client.get(f"{reverse('interview-new')}?partner={world.aurora.pk}").status_code == 404
    assert client.post(reverse("mention-partner", args=[nobodys.pk])).status_code == 404
    world.program.managers_see_own_only = False
    world.program.save()
    assert len(heard(world.clara)) == 4


def test_what_people_wrote_is_shown_as_text_everywhere(world: World) -> None:
    guide = guide_of(world, f"Why {EVIL}?")
    held = interview(
        world,
        version_id=guide.versions.get().pk,
        words=EVIL,
        notes={"q1": EVIL},
        quotes=[(EVIL, QuoteConsent.NAMED)],
    )
    found = mention(world, EVIL, title=EVIL, author=EVIL, partner_id=world.aurora.pk)
    client = signed_in(world.anna)
    for address in (
        reverse("voices"),
        reverse("interviews"),
        reverse("mentions"),
        reverse("guides"),
        reverse("guide", args=[guide.pk]),
        reverse("interview", args=[held.pk]),
        reverse("interview-edit", args=[held.pk]),
        reverse("mention-partner", args=[found.pk]),
        reverse("partner", args=[world.aurora.pk]),
    ):
        page = client.get(address).content.decode()
        assert "<img src=x" not in page, address


def test_an_interview_is_written_down_and_mended_on_its_pages(world: World) -> None:
    guide = guide_of(world)
    client = signed_in(world.boris)
    start = client.get(reverse("interview-new"))
    assert f"?partner={world.aurora.pk}" in start.content.decode()
    assert "Borealis" not in start.content.decode()
    form = f"{reverse('interview-new')}?partner={world.aurora.pk}&guide={guide.pk}"
    assert "What happened?" in client.get(form).content.decode()

    posted = {
        "version": guide.versions.get().pk,
        "held_on": "2026-03-01",
        "contact": world.vera.pk,
        "channel": "video",
        "score": "3",
        "note_q1": "The payout came late.",
        "quote_0": "I do not trust the dates.",
        "consent_0": "nameless",
    }
    done = client.post(form, posted)

    held = Interview.objects.get()
    assert done["Location"] == reverse("interview", args=[held.pk])
    assert (held.score, held.interviewer, held.quotes.get().consent) == (3, world.boris, "nameless")
    page = client.get(done["Location"]).content.decode()
    assert "The payout came late." in page
    assert "may be quoted without a name" in page
    edit = reverse("interview-edit", args=[held.pk])
    assert client.post(edit, {**posted, "revision": 1, "note_q2": "A call on Friday."}).status_code == 302
    assert client.post(edit, {**posted, "revision": 1}).status_code == 422
    assert signed_in(world.dmitri).get(edit).status_code == 404
    assert signed_in(world.dmitri).get(reverse("interview", args=[held.pk])).status_code == 200


def test_a_suggested_partner_is_confirmed_with_one_press(world: World) -> None:
    mention(world, "Does anybody know Borealis?")
    client = signed_in(world.anna)
    assert "It is about Borealis" in client.get(reverse("mentions")).content.decode()
    found = Mention.objects.get()
    client.post(reverse("mention-partner", args=[found.pk]), {"partner": world.borealis.pk})
    found.refresh_from_db()
    assert (found.partner, found.suggested) == (world.borealis, None)
    client.post(reverse("mention-removal", args=[found.pk]))
    assert "Does anybody" not in client.get(reverse("mentions")).content.decode()


def test_a_standard_guide_opens_ready_to_save_in_the_readers_language(world: World) -> None:
    client = signed_in(world.anna)
    client.cookies["django_language"] = "ru"
    world.anna.language = "ru"
    world.anna.save()
    page = client.get(f"{reverse('guide-new')}?start=detractor", headers={"accept-language": "ru"})
    assert "Чего вы ждали в тот момент" in page.content.decode()


def test_an_archived_guide_leads_no_more_talks(world: World) -> None:
    guide = guide_of(world)
    archive_guide(guide_id=guide.pk, is_archived=True, by=BY, at=world.now)
    page = signed_in(world.boris).get(
        f"{reverse('interview-new')}?partner={world.aurora.pk}&guide={guide.pk}"
    )
    assert "What happened?" not in page.content.decode()


def test_pages_cost_the_same_however_many_voices_there_are(world: World) -> None:
    version = nps_version(world)
    client = signed_in(world.anna)

    def add(amount: int, start: int) -> None:
        store(
            *(
                answer(version, world.aurora, 2, comment=f"c{n}", source_key=str(n))
                for n in range(start, start + amount)
            )
        )
        for n in range(start, start + amount):
            interview(world, words=f"i{n}", quotes=[("word", QuoteConsent.NO)])
            mention(world, f"m{n} about Borealis")

    add(3, 0)
    counts_before = {}
    names = ("voices", "interviews", "mentions")
    pages = [reverse(name) for name in names] + [reverse("partner", args=[world.aurora.pk])]
    for page in pages * 2:
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        counts_before[page] = len(captured)
    add(6, 10)
    for page in pages:
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        assert len(captured) == counts_before[page], page


def test_erased_people_leave_no_words_and_merged_ones_keep_theirs(world: World) -> None:
    held = interview(world, contact_id=world.gleb.pk, quotes=[("mine", QuoteConsent.NAMED)], score=4)
    found = mention(world, "Aurora is late", author="Ivan", partner_id=world.aurora.pk)
    merging.merge("contact", world.gleb.pk, world.vera.pk)
    held.refresh_from_db()
    assert held.contact == world.vera
    merging.merge("partner", world.aurora.pk, world.borealis.pk)

    erasure.erase("contact", [world.vera.pk])
    erasure.erase("partner", [world.borealis.pk])

    held.refresh_from_db()
    found.refresh_from_db()
    assert (held.partner, held.words, held.quotes.count(), held.score) == (world.borealis, "", 0, 4)
    assert (found.partner, found.text, found.author) == (world.borealis, "", "")
    assert signed_in(world.anna).get(reverse("voices")).status_code == 200
