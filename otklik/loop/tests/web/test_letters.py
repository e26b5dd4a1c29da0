"""A letter about an alert goes once, through the desk, to somebody who may be written to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from otklik.desk.models import Message, Ticket
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.feedback.tests.answers import nps_version
from otklik.kit.clock import now
from otklik.loop.models import Alert, FollowUp, LetterTemplate
from otklik.loop.operations.beginning import begin_loop
from otklik.loop.operations.closing import close_alert
from otklik.loop.rules.vocabulary import LetterKind, Outcome
from otklik.loop.tests.stories import by, cause, raised
from otklik.loop.tests.web.test_pages import SCRIPT, text
from otklik.partners.models import Address, Contact
from tests.world import World


@pytest.fixture
def boris(client: Client, world: World) -> Client:
    begin_loop(program_id=world.program.pk, by=by(world.anna), at=now())
    client.force_login(world.boris)
    return client


def written(page: str) -> dict[str, str]:
    """What stands in the form of a page."""
    from html.parser import HTMLParser

    found: dict[str, str] = {}

    class Reader(HTMLParser):
        inside = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            named = dict(attrs)
            if tag == "input" and named.get("name"):
                found[str(named["name"])] = named.get("value") or ""
            self.inside = str(named.get("name")) if tag == "textarea" else ""

        def handle_data(self, data: str) -> None:
            if self.inside:
                found[self.inside] = found.get(self.inside, "") + data

        def handle_endtag(self, tag: str) -> None:
            self.inside = ""

    Reader().feed(page)
    return found


def test_a_letter_in_their_language_is_a_ticket_and_a_follow_up_once_and_tells_them_what_was_done(
    boris: Client, world: World
) -> None:
    Contact.objects.filter(pk=world.vera.pk).update(languages=["ru-RU"], name=f"Vera {SCRIPT}")
    alert = raised(world, 3, at=now())
    page = f"/loop/alerts/{alert.pk}/letter/"
    assert f"{page}" in text(boris.get(f"/loop/alerts/{alert.pk}/"))
    shown = text(boris.get(page))
    assert SCRIPT not in shown
    said = written(shown) | {"contact": str(world.vera.pk)}
    assert "Здравствуйте, Vera" in said["text"]
    assert "оценку 3" in said["text"]
    assert "Boris Manager" in said["text"]
    assert "Hello Vera" in text(boris.get(f"{page}?language=en&kind=detractor"))
    for _ in range(2):
        assert boris.post(page, said).status_code == 302
    ticket, follow_up = Ticket.objects.get(), FollowUp.objects.get()
    assert (ticket.partner, ticket.contact, ticket.owner) == (world.aurora, world.vera, world.boris)
    assert (follow_up.ticket, follow_up.way, follow_up.contact) == (ticket, "letter", world.vera)
    message = Message.objects.get()
    assert (message.kind, message.visible_to_partner, message.delivery) == ("reply", True, "queued")
    alert.refresh_from_db()
    assert (alert.state, alert.first_contact_at is not None) == ("contacted", True)
    assert f"#{ticket.pk}" in text(boris.get(f"/loop/alerts/{alert.pk}/"))
    why = cause(world)
    close_alert(
        alert_id=alert.pk, outcome=Outcome.MENDED, cause_ids=[why.pk], result="Paid at once",
        by=by(world.boris), at=now(),
    )  # fmt: skip
    told = written(text(boris.get(page))) | {"contact": str(world.vera.pk)}
    assert "Paid at once" in told["text"]
    assert boris.post(f"{page}?kind=passive", told).status_code == 422
    assert boris.post(page, told).status_code == 302
    alert.refresh_from_db()
    assert (alert.told_how, alert.owes_word, alert.is_closed) == ("letter", False, True)
    assert Ticket.objects.count() == FollowUp.objects.count() == 2


def test_nobody_is_written_to_who_cannot_be_or_does_not_want_it_and_nothing_typed_is_lost(
    boris: Client, world: World
) -> None:
    alert = raised(world, 3, at=now(), version=nps_version(world, SurveyKind.CES))
    assert "How easy it was for them" in text(boris.get(f"/loop/alerts/{alert.pk}/"))
    page = f"/loop/alerts/{alert.pk}/letter/"
    said = {"contact": str(world.vera.pk), "subject": "About you", "text": "kept", "key": "k"}

    def refused(kind: str = "detractor", **more: Any) -> str:
        answer = boris.post(f"{page}?kind={kind}", said | more)
        assert answer.status_code == 422
        return text(answer)

    assert "{done}" in refused(text="We did {done}")
    assert "kept" in refused(subject=" ")
    assert "Select a valid choice" in refused(contact="0")
    Contact.objects.filter(pk=world.vera.pk).update(consent="withdrawn")
    assert "does not want to be asked" in refused("silent")
    Contact.objects.filter(pk=world.vera.pk).update(consent="given")
    # The alert of theirs is open.
    assert "Nothing is asked of them now" in refused("promoter")
    Address.objects.filter(contact=world.vera).update(bounced_at=now())
    assert "come back" in refused()
    assert "come back" in text(boris.get(page))
    Address.objects.filter(contact=world.vera).delete()
    assert "no mail address" in refused()
    Contact.objects.filter(pk=world.vera.pk).update(is_active=False)
    assert "has left" in refused()
    assert Ticket.objects.count() == FollowUp.objects.count() == 0


def test_templates_are_kept_by_those_who_manage_programs_and_say_only_what_can_be_filled_in(
    boris: Client, world: World
) -> None:
    row = LetterTemplate.objects.get(kind=LetterKind.DONE, language="en")
    page = f"/loop/letters/{row.pk}/"
    assert boris.get("/loop/letters/").status_code == boris.get(page).status_code == 403
    alert = raised(world, 3, at=now())
    boris.force_login(world.clara)
    assert boris.get(f"/loop/alerts/{alert.pk}/letter/").status_code == 404
    boris.force_login(world.anna)
    assert "You said, we did" in text(boris.get("/loop/letters/"))
    wrong = text(boris.post(page, {"subject": "Hello", "text": "{nmae} kept", "version": "1"}))
    assert "{nmae}" in wrong
    assert "kept" in wrong
    good = {"subject": f"Hello {SCRIPT}", "text": "{name}: {done}", "version": "1"}
    assert boris.post(page, good).status_code == 302
    assert boris.post(page, good).status_code == 422, "somebody else changed it"
    assert SCRIPT not in text(boris.get("/loop/letters/"))
    # A mention that belongs to nobody we know.
    Alert.objects.filter(pk=alert.pk).update(contact=None, partner=None)
    assert "nobody to write to" in text(boris.get(f"/loop/alerts/{alert.pk}/letter/"))
    assert "A public mention" in text(boris.get(f"/loop/alerts/{alert.pk}/"))
