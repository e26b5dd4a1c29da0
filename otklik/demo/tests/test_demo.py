"""The demo is believable, the same each time, and holds what later rooms are to find."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django_q.models import OrmQ

from otklik.demo.desk.past import past
from otklik.demo.desk.threads import Kind, Story, threads, waits
from otklik.demo.load import is_loaded, load
from otklik.demo.mood import HANDOVER_MONTH, MONTHS, SUPPORT_REMEMBERED_DAYS
from otklik.demo.passwords import demo_password
from otklik.demo.portal import SIGN_INS
from otklik.demo.story import Answer, Company, answers, companies, manager_in, month_start
from otklik.demo.tests.lived import Lives
from otklik.desk.public import Channel, Delivery, Message, Ticket, TicketStatus
from otklik.desk.queries.inbox import view_counts
from otklik.desk.queries.inbox_filter import View
from otklik.events.models import Event
from otklik.events.public import Origin
from otklik.feedback.models import Wave
from otklik.feedback.public import Invitation, InvitationState, Response
from otklik.feedback.rules.vocabulary import WaveState
from otklik.identity.public import Role, User
from otklik.impact.facts import COLUMNS as EXPOSURES
from otklik.impact.queries.exposures import exposure_rows
from otklik.loop.public import Alert, ReAsk
from otklik.partners.public import Contact, Partner
from otklik.relationships.models import Review
from otklik.relationships.public import CallToAction, ExpectedScore, InfluenceLine, Tie
from otklik.stats.nps import counts_from_scores
from otklik.stats.periods import compare_periods
from otklik.stats.verdicts import Verdict

AT = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
ANCHOR = AT.date().replace(day=1)


def desk(people: list[Company]) -> list[Story]:
    return [*past(people, ANCHOR, AT), *threads(people, AT)]


def told(first: int, last: int) -> list[Answer]:
    people = companies(ANCHOR)
    kept = waits(desk(people))
    return [one for month in range(first, last + 1) for one in answers(people, ANCHOR, month, AT, kept)]


def compared(before: list[Answer], after: list[Answer]) -> Verdict:
    counts = [counts_from_scores([one.score for one in part]) for part in (before, after)]
    return compare_periods(*counts).verdict


def test_the_same_seed_tells_the_same_story() -> None:
    assert [(a.person.key, a.at, a.score) for a in told(-2, -1)] == [
        (a.person.key, a.at, a.score) for a in told(-2, -1)
    ]


def test_there_are_enough_people_with_different_roles() -> None:
    everybody = companies(ANCHOR)
    assert len(everybody) >= 400
    assert sum(len(one.people) for one in everybody) >= 1500
    assert len({person.post.en for one in everybody for person in one.people}) > 5


def test_some_people_never_answer() -> None:
    answered = {one.person.key for one in told(-MONTHS, 0)}
    silent = [p for one in companies(ANCHOR) for p in one.people if p.key not in answered]
    assert len(silent) > 100


def test_the_payout_failure_shows_and_passes() -> None:
    assert compared(told(-12, -10), told(-9, -7)) is Verdict.DOWN
    assert compared(told(-9, -7), told(-4, -2)) is Verdict.UP


def test_those_who_complain_then_name_the_payouts() -> None:
    complaints = [a.text.lower() for a in told(-8, -8) if a.score <= 6 and a.text]
    about_money = [t for t in complaints if any(w in t for w in ("выплат", "деньги", "payout", "delay"))]
    assert len(about_money) > len(complaints) / 2


def test_a_handed_over_partner_changes_manager_once() -> None:
    olga = next(one for one in companies(ANCHOR) if one.manager == "m2")
    assert manager_in(olga, HANDOVER_MONTH - 1) == "m2"
    assert manager_in(olga, HANDOVER_MONTH) == "m3"


def test_months_are_counted_across_years() -> None:
    assert month_start(ANCHOR, -3).isoformat() == "2025-12-01"
    assert month_start(ANCHOR, 10).isoformat() == "2027-01-01"


def test_letters_do_not_read_as_copies_and_none_has_a_brace_left() -> None:
    stories = desk(companies(ANCHOR))
    letters = [story.text for story in stories]
    letters += [step.text for story in stories for step in story.steps if step.kind is Kind.REPLY]
    assert len(set(letters)) > 0.95 * len(letters)
    assert not [text for text in letters if "{" in text or "}" in text]
    assert {story.language for story in stories} == {"ru", "en"}
    assert all(step.at <= AT for story in stories for step in story.steps)


def test_partners_who_are_kept_waiting_by_support_score_lower_afterwards() -> None:
    kept = waits(desk(companies(ANCHOR)))
    lately = told(-2, 0)
    remembered = timedelta(days=SUPPORT_REMEMBERED_DAYS)

    def has_waited(one: Answer) -> bool:
        return any(at < one.at <= at + remembered for at in kept.get(one.company.key, ()))

    waited = [one.score for one in lately if has_waited(one)]
    others = [one.score for one in lately if not has_waited(one)]
    assert len(waited) > 20
    assert sum(waited) / len(waited) < sum(others) / len(others) - 0.5


# One test for both, because filling the rooms takes seconds.
@pytest.mark.django_db
def test_loading_fills_every_room_only_once_and_nothing_outside_is_told() -> None:
    load(at=AT, password="a long enough password")
    assert is_loaded()
    assert Partner.objects.count() >= 400
    assert Contact.objects.count() >= 1500
    assert Response.objects.filter(responded_at__gt=AT).count() == 0
    assert not User.objects.get(email="olga@demo.otklik.example").is_active
    assert User.objects.get(email="head@demo.otklik.example").roles >= {Role.HEAD}
    assert set(Event.objects.values_list("origin", flat=True).distinct()) == {Origin.DEMO}
    # Facts are noted and clocks looked at; nothing that writes to anybody.
    waiting = [job.task["func"] for job in OrmQ.objects.all()]
    assert set(waiting) <= {
        "otklik.events.operations.deliver.deliver_batch",
        "otklik.desk.jobs.refresh_open_tickets",
        # They find a wave that is over.
        "otklik.feedback.wave_jobs.plan_wave",
        "otklik.feedback.wave_jobs.withdraw_unsent",
    }
    # The comments of two years are read by jobs, some hundred answers in each.
    assert len(waiting) < 45, "the first worker begins with people, not with history"
    desk_is_alive()
    a_wave_was_answered()
    the_loop_and_the_map_are_alive()
    what_was_lived_through_is_what_the_story_says()
    call_command("load_demo", if_needed=True)
    with pytest.raises(CommandError, match="empty"):
        call_command("load_demo")


def a_wave_was_answered() -> None:
    """It is over, so that no mail of it ever leaves; its figures are those of an ordinary program."""
    wave = Wave.objects.get()
    assert wave.state == WaveState.CLOSED
    invitations = Invitation.objects.filter(wave=wave)
    assert not invitations.filter(state=InvitationState.PLANNED).exists()
    assert not invitations.exclude(remind_at=None).exists()
    sent = invitations.filter(state=InvitationState.SENT).count()
    answered = invitations.exclude(answered_at=None).count()
    assert 600 <= sent <= 700
    assert 0.08 < answered / sent < 0.4
    assert answered == Response.objects.exclude(invitation=None).count()


def the_loop_and_the_map_are_alive() -> None:
    """Every tab of the board has something, some were asked again, and the team was surprised."""
    alerts = Alert.objects.all()
    assert set(alerts.values_list("state", flat=True)) == {"open", "waiting", "closed"}
    assert alerts.filter(state="closed", told_at__isnull=False, causes__isnull=False).exists()
    assert alerts.filter(owes_word=True).exists()
    assert alerts.filter(snoozed_until__gt=AT).exists()
    assert [after for after in ReAsk.objects.values_list("after", flat=True) if after is not None]
    assert ExpectedScore.objects.filter(wave=Wave.objects.get()).count() > 100
    calls = CallToAction.objects.all()
    assert set(calls.values_list("kind", "state")) >= {
        ("surprise", "open"),
        ("move", "open"),
        ("move", "done"),
    }
    largest = Review.objects.order_by("-partner__revenue")[0]
    ties = Tie.objects.filter(contact__partner=largest.partner)
    assert set(ties.values_list("kind", flat=True)) == {"manager", "sponsor"}
    assert InfluenceLine.objects.filter(source__partner=largest.partner).exists()


def what_was_lived_through_is_what_the_story_says() -> None:
    """Of answers whose window ends before the ten weeks, which have more to them than these counts."""
    kept = {"responded_at__lt": AT - timedelta(days=80), "responded_at__gte": AT - timedelta(days=300)}
    ids = Response.objects.filter(**kept).values_list("pk", flat=True)
    place = {name: number for number, (name, _) in enumerate(EXPOSURES)}
    keys = dict(Partner.objects.values_list("pk", "external_id"))
    lives = Lives(desk(companies(ANCHOR)))
    differ, looked_at = 0, 0
    for row in exposure_rows(list(ids)):
        told = lives.before(keys[row[place["partner"]]], row[place["responded_at"]])
        counted = (row[place[name]] for name in ("tickets", "reopened", "handed_over"))
        assert (told.tickets, told.reopened, told.handed_over) == tuple(counted)
        looked_at += 1
        differ += (told.kept_waiting > 0) is not (row[place["breaches"]] > 0)
    assert looked_at > 500
    assert differ < 0.01 * looked_at, "an hour or a day after the promise passed"


def desk_is_alive() -> None:
    """Every view of the lead's inbox has something, and nothing waits to be sent."""
    tickets = Ticket.objects.all()
    assert 330 <= tickets.filter(created_at__gt=AT - timedelta(days=75)).count() <= 420
    assert tickets.filter(created_at__lt=AT - timedelta(days=365)).exists()
    assert set(tickets.values_list("status", flat=True)) == set(TicketStatus)
    assert set(tickets.values_list("channel", flat=True)) >= set(Channel) - {Channel.STAFF}
    assert tickets.exclude(merged_into=None).exists()
    assert tickets.exclude(customer=None).exists()
    assert tickets.filter(is_open=False).exclude(breached_at=None).exists()
    assert 25 <= tickets.filter(is_open=True, created_at__gt=AT - timedelta(days=5)).count() <= 60
    assert set(Message.objects.values_list("delivery", flat=True)) == {Delivery.NONE, Delivery.SENT}
    lead = User.objects.get(email="lead@demo.otklik.example")
    assert all(view_counts(lead, list(View), now=AT).values())
    asked = set(tickets.filter(is_open=False).values_list("contact__external_id", flat=True))
    assert asked >= set(SIGN_INS), "who tries the portal finds requests of their own"


def test_the_password_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = demo_password(tmp_path)
    assert demo_password(tmp_path) == first
    assert (tmp_path / "demo_password").stat().st_mode & 0o077 == 0
    other = tmp_path / "other"
    other.mkdir()
    assert demo_password(other) != first
