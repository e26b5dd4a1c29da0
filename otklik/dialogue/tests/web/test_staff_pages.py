"""The staff's pages: who may open what, odd input, other people's partners, and nothing typed is markup."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.dialogue.models import (
    Announcement,
    AnnouncementQuestion,
    Commitment,
    Goal,
    Idea,
    Onboarding,
    ProgramManners,
    StepTemplate,
)
from otklik.dialogue.operations.announcements import ask_about
from otklik.dialogue.operations.goals import GoalTerms, propose_goal
from otklik.dialogue.tests.stories import (
    AT,
    DUE,
    TODAY,
    applied,
    at_partner,
    by,
    draft,
    idea_of,
    published,
    shown_idea,
    takes_applications,
    terms,
)
from otklik.partners.models import Partner
from tests.world import World

SCRIPT = "<script>alert(1)</script>"
NEWS = {
    "kind": "news",
    "mails_copy": "on",
    "language_0": "en",
    "title_0": f"Rates {SCRIPT}",
    "body_0": f"**Soon** {SCRIPT} [x](javascript:alert(1))",
    "language_1": "ru",
    "partners": "aurora",
    "key": "k",
}


@pytest.fixture
def anna(client: Client, world: World) -> Client:
    client.force_login(world.anna)
    return client


def test_an_announcement_is_written_once_shown_safe_and_published(anna: Client, world: World) -> None:
    new = f"/dialogue/announcements/new/?partner={world.aurora.pk}"
    assert "Aurora" in anna.get(new).content.decode()
    for _ in range(2):
        assert anna.post("/dialogue/announcements/new/", NEWS).status_code == 302
    news = Announcement.objects.get()
    page = f"/dialogue/announcements/{news.pk}/"
    html = anna.get(page).content.decode()
    assert SCRIPT not in html
    assert "<strong>Soon</strong>" in html
    assert "It reaches 2 people" in html
    anna.post(f"{page}publish/", {"publish_at": "tomorrow"})
    assert Announcement.objects.get().state == "draft"
    for _ in range(2):
        anna.post(f"{page}publish/", {"publish_at": ""})
    html = anna.get(page).content.decode()
    assert "0 of 2 people have read it" in html
    assert anna.get(f"{page}edit/").status_code == 302
    anna.post(f"{page}withdraw/")
    assert Announcement.objects.get().state == "withdrawn"
    assert "Rates" in anna.get("/dialogue/").content.decode()


def test_what_a_colleague_saved_meanwhile_is_neither_overwritten_nor_published_unseen(
    anna: Client, world: World
) -> None:
    news = draft(world)
    page = f"/dialogue/announcements/{news.pk}/"
    assert 'name="version" value="1"' in anna.get(page).content.decode()
    assert anna.post(f"{page}edit/", NEWS | {"version": "1"}).status_code == 302
    mine = NEWS | {"title_0": "Mine", "version": "1"}
    refused = anna.post(f"{page}edit/", mine)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Somebody saved this announcement meanwhile" in html
    assert ('value="Mine"' in html, 'name="version" value="2"' in html) == (True, True)
    anna.post(f"{page}publish/", {"publish_at": "", "version": "1"})
    news.refresh_from_db()
    assert (news.state, news.texts.filter(title="Mine").exists()) == ("draft", False)
    assert anna.post(f"{page}edit/", mine | {"version": "2"}).status_code == 302
    anna.post(f"{page}publish/", {"publish_at": "", "version": "3"})
    assert Announcement.objects.get().state == "published"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"title_0": ""}, "A language needs both a title and a text."),
        ({"title_0": "", "body_0": ""}, "at least one language"),
        ({"title_1": "x", "body_1": "y", "language_1": "en"}, "Choose a language, each only once."),
        ({"partners": "aurora\nNobody & Co"}, "Nobody &amp; Co"),
        ({"kind": "gossip"}, "gossip"),
        ({"tiers": "platinum"}, "platinum"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_lost(
    anna: Client, world: World, changed: dict[str, str], problem: str
) -> None:
    answer = anna.post("/dialogue/announcements/new/", NEWS | changed)
    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert Announcement.objects.count() == 0


def test_an_account_manager_reads_and_changes_own_matters_only(client: Client, world: World) -> None:
    news, hidden = published(world), draft(world)
    goal = propose_goal(
        partner_id=world.aurora.pk, terms=GoalTerms("Secret goal", DUE), on=TODAY, by=by(world.boris), at=AT
    )
    waiting = idea_of(world.vera)
    client.force_login(world.clara)
    for page in (
        f"announcements/{news.pk}/",
        f"announcements/{hidden.pk}/",
        f"partners/{world.aurora.pk}/goals/",
        f"partners/{world.aurora.pk}/goals/new/",
        f"partners/{world.aurora.pk}/onboarding/",
        f"announcements/new/?partner={world.aurora.pk}",
        f"ideas/{waiting.pk}/",
    ):
        assert client.get(f"/dialogue/{page}").status_code == 404, page
    assert client.post(f"/dialogue/goals/{goal.pk}/state/", {"state": "dropped"}).status_code == 404
    assert client.post(f"/dialogue/partners/{world.aurora.pk}/onboarding/start/").status_code == 404
    assert "Secret goal" not in client.get("/dialogue/goals/").content.decode()
    client.force_login(world.boris)
    assert client.get(f"/dialogue/announcements/{news.pk}/").status_code == 200
    assert client.post(f"/dialogue/announcements/{news.pk}/withdraw/").status_code == 404
    assert "Secret goal" in client.get("/dialogue/goals/").content.decode()


def test_ideas_are_everybodys_and_names_are_not(client: Client, world: World) -> None:
    idea = shown_idea(world, world.vera)
    client.force_login(world.clara)
    for page in ("/dialogue/ideas/", f"/dialogue/ideas/{idea.pk}/"):
        html = client.get(page).content.decode()
        assert idea.title in html
        assert "Aurora" not in html
        assert "Vera" not in html
    assert client.post(f"/dialogue/ideas/{idea.pk}/reply/", {"reply": "x"}).status_code == 404


def test_a_question_becomes_an_answer_for_all_by_choice(anna: Client, world: World) -> None:
    news = published(world)
    ask_about(
        announcement_id=news.pk,
        contact_id=world.vera.pk,
        subject="Rates",
        text=f"Since when? {SCRIPT}",
        language="en",
        key="q",
        by=at_partner(world.vera),
        at=AT,
    )
    question = AnnouncementQuestion.objects.get()
    page = f"/dialogue/announcements/{news.pk}/"
    html = anna.get(page).content.decode()
    assert "Since when?" in html
    assert SCRIPT not in html
    anna.post(f"{page}questions/{question.pk}/", {"question": "Since when?", "answer": ""})
    assert AnnouncementQuestion.objects.get().shown_at is None
    anna.post(f"{page}questions/{question.pk}/", {"question": "Since when?", "answer": "Since May"})
    assert AnnouncementQuestion.objects.get().shown_answer == "Since May"
    other = published(world)
    assert anna.post(f"/dialogue/announcements/{other.pk}/questions/{question.pk}/").status_code == 404


def test_goals_and_commitments_are_proposed_and_closed(anna: Client, world: World) -> None:
    partner = f"/dialogue/partners/{world.aurora.pk}"
    assert "Nothing is agreed" in anna.get(f"{partner}/goals/").content.decode()
    said = {"text": SCRIPT, "due_on": "2100-01-01", "owner": world.boris.pk, "key": "g"}
    for _ in range(2):
        anna.post(f"{partner}/goals/new/", said)
    anna.post(f"{partner}/commitments/new/", said | {"side": "ours"})
    goal, promise = Goal.objects.get(), Commitment.objects.get()
    assert (goal.state, promise.state) == ("proposed", "agreed")
    assert anna.post(f"{partner}/goals/new/", said | {"due_on": "2001-01-01"}).status_code == 422
    assert anna.post(f"{partner}/goals/new/", said | {"contact": "999"}).status_code == 422
    for state in ("agreed", "nonsense"):
        anna.post(f"/dialogue/goals/{goal.pk}/state/", {"state": state})
    anna.post(f"/dialogue/goals/{goal.pk}/state/", {"state": "dropped", "note": " "})
    assert Goal.objects.get().state == "proposed"
    anna.post(f"/dialogue/commitments/{promise.pk}/state/", {"state": "done", "note": "sent"})
    assert Commitment.objects.get().state == "done"
    for page in (f"{partner}/goals/", "/dialogue/goals/", "/dialogue/goals/?what=commitments&show=ended"):
        html = anna.get(page).content.decode()
        assert "&lt;script&gt;" in html
        assert SCRIPT not in html


def test_the_first_page_says_what_waits_and_for_whom(client: Client, world: World) -> None:
    takes_applications(world.program)
    applied(world.program)
    idea_of(world.vera)
    propose_goal(
        partner_id=world.aurora.pk, terms=GoalTerms("More", DUE), on=TODAY, by=at_partner(world.vera), at=AT
    )
    told = ("Applications to answer", "Ideas to look at", "Partners' proposals")
    for who, lines in ((world.boris, told), (world.clara, told[:1]), (world.dmitri, ())):
        client.force_login(who)
        html = client.get("/").content.decode()
        assert tuple(line for line in told if line in html) == lines


def test_the_partners_page_shows_what_is_agreed(anna: Client, world: World) -> None:
    propose_goal(
        partner_id=world.aurora.pk, terms=GoalTerms("Mobile share", DUE), on=TODAY, by=by(world.anna), at=AT
    )
    html = anna.get(f"/partners/{world.aurora.pk}/").content.decode()
    assert "Mobile share" in html
    assert "Open a topic to this partner" in html


def test_ideas_are_moderated_answered_and_merged(anna: Client, world: World) -> None:
    idea, other = idea_of(world.vera, f"Payouts {SCRIPT}", text=SCRIPT), shown_idea(world, world.gleb)
    page = f"/dialogue/ideas/{idea.pk}/"
    assert SCRIPT not in anna.get(page).content.decode()
    assert "(1)" in anna.get("/dialogue/ideas/?state=waiting").content.decode()
    anna.post(f"{page}moderate/", {"shown": "1"})
    anna.post(f"{page}state/", {"state": "declined", "reason": ""})
    anna.post(f"{page}state/", {"state": "nonsense"})
    assert Idea.objects.get(pk=idea.pk).state == "new"
    anna.post(f"{page}reply/", {"reply": "Thanks\x00"})
    for into in ("", "x", str(idea.pk), "9" * 30):
        anna.post(f"{page}merge/", {"into": into})
    anna.post(f"{page}merge/", {"into": str(other.pk)})
    merged = Idea.objects.get(pk=idea.pk)
    assert (merged.moderation, merged.reply, merged.merged_into_id) == ("shown", "Thanks", other.pk)
    assert "merged into another one" in anna.get(page).content.decode()


def test_an_application_is_vetted_and_decided_once(anna: Client, world: World) -> None:
    takes_applications(world.program)
    application = applied(world.program, company="Aurorra")
    page = f"/applications/{application.pk}/"
    html = anna.get(page).content.decode()
    assert "There is a partner of nearly this name" in html
    assert "overdue" in anna.get("/applications/?state=overdue").content.decode()
    anna.post(f"{page}decide/", {"decision": "approved"})
    anna.post(f"{page}decide/", {"decision": "declined", "reason": "nonsense"})
    step = application.steps.get()
    anna.post(f"{page}steps/{step.pk}/", {"outcome": "nonsense"})
    anna.post(f"{page}steps/{step.pk}/", {"outcome": "passed", "note": "fine"})
    for _ in range(2):
        anna.post(f"{page}decide/", {"decision": "approved", "manager": world.clara.pk})
    assert Partner.objects.get(name="Aurorra").manager_id == world.clara.pk
    assert anna.post(f"{page}forget/").status_code == 403
    anna.force_login(world.root)
    anna.post(f"{page}forget/")
    application.refresh_from_db()
    assert application.address == ""
    assert anna.get(page).status_code == 200


def test_numbers_no_row_has_are_not_found(anna: Client) -> None:
    huge = 99999999999999999999
    for page in (
        f"announcements/{huge}/",
        f"announcements/new/?program={huge}",
        f"ideas/{huge}/",
        f"partners/{huge}/goals/",
        f"partners/{huge}/onboarding/",
        f"settings/{huge}/",
    ):
        assert anna.get(f"/dialogue/{page}").status_code == (200 if "?" in page else 404), page
    assert anna.get(f"/applications/{huge}/").status_code == 404
    assert anna.post(f"/dialogue/partners/{huge}/onboarding/steps/{huge}/").status_code == 404
    assert anna.post(f"/dialogue/announcements/{huge}/questions/{huge}/").status_code == 404


def test_another_applications_step_is_not_found(anna: Client, world: World) -> None:
    takes_applications(world.program)
    first, second = applied(world.program), applied(world.program, key="k2")
    step = second.steps.get()
    answer = anna.post(f"/applications/{first.pk}/steps/{step.pk}/", {"outcome": "passed"})
    assert answer.status_code == 404


def test_the_settings_take_lists_and_name_the_line_that_is_wrong(anna: Client, world: World) -> None:
    page = f"/dialogue/settings/{world.program.pk}/"
    said = {
        "takes_applications": "on",
        "questions": "How many? | Сколько? *",
        "vetting": "Site\nTraffic",
        "answer_days": "2",
        "resources": "Guide | https://a.example/",
    }
    assert anna.post(page, said | {"resources": "Guide | javascript:alert(1)"}).status_code == 422
    assert ProgramManners.objects.count() == 0
    assert anna.post(page, said).status_code == 302
    assert ProgramManners.objects.get().vetting == ["Site", "Traffic"]
    assert "How many? | Сколько? *" in anna.get(page).content.decode()
    rows = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-title_en": "Read",
        "form-0-kind": "article",
        "form-0-side": "theirs",
        "form-0-due_days": "3",
        "form-0-link": "/portal/",
        "form-1-kind": "other",
        "form-1-side": "ours",
        "form-1-due_days": "7",
    }
    assert anna.post(f"{page}steps/", rows | {"form-0-link": "javascript:x"}).status_code == 422
    assert anna.post(f"{page}steps/", rows).status_code == 302
    assert StepTemplate.objects.get().titles == {"en": "Read", "ru": ""}
    start = f"/dialogue/partners/{world.aurora.pk}/onboarding/"
    for _ in range(2):
        anna.post(f"{start}start/")
    step = Onboarding.objects.get().steps.get()
    anna.post(f"{start}steps/{step.pk}/", {"done": "1"})
    assert Onboarding.objects.get().finished_at is not None
    assert "Read" in anna.get(start).content.decode()
    assert "Aurora" in anna.get("/dialogue/onboarding/?state=finished").content.decode()
    assert anna.get("/dialogue/onboarding/").status_code == 200


def test_lists_cost_the_same_however_long_they_are(anna: Client, world: World) -> None:
    anna.get("/dialogue/")
    counts = []
    for _ in range(2):
        published(world, terms())
        shown_idea(world, world.vera)
        with CaptureQueriesContext(connection) as found:
            for page in ("/dialogue/", "/dialogue/ideas/", "/dialogue/goals/"):
                anna.get(page)
        counts.append(len(found))
    assert counts[0] == counts[1]
