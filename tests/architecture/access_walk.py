"""Walks the URL resolver with everybody in the cast; see ``access_table.py`` for how to use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

from otklik.desk.models import (
    Callback,
    EndCustomer,
    Participant,
    SavedView,
    SubRequest,
    Ticket,
    WebForm,
)
from otklik.desk.public import Channel, Side, create_ticket
from otklik.events.public import Actor
from otklik.feedback.models import GuideVersion, Interview, InterviewGuide, Mention, MentionFeed, Wave
from otklik.feedback.public import ResponseRow, SurveyKind, ensure_survey, record_responses
from otklik.identity.models import Team, User
from otklik.identity.rules.roles import Role
from otklik.knowledge.models import Feedback, Folder
from otklik.knowledge.operations.articles import Settings, create_article, publish_article
from otklik.knowledge.rules.vocabulary import Visibility
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.payouts.models import (
    AccountDetails,
    Adjustment,
    Hold,
    MoneyImport,
    MoneyUpload,
    PartnerReport,
    Payout,
    PayoutBatch,
    PayoutRequest,
    Statement,
)
from otklik.portal.tests.people import sign_in
from tests.architecture.access_assist import of_assist
from tests.architecture.access_dialogue import of_dialogue
from tests.architecture.access_impact import of_impact
from tests.architecture.access_loop import of_loop
from tests.architecture.access_map import of_the_map
from tests.architecture.access_outer import of_outer
from tests.world import World, make_contact, make_user

TABLE = Path(__file__).with_name("access_table.txt")
HEADER = """\
# What GET answers, for every address and everybody; how to add a page is told in access_table.py.
# in: sent to the sign-in page   go: sent elsewhere   403: signed in, without the right
# 404: there is nothing, or nothing of theirs   +: takes no GET, so this is its answer to an empty POST
# Parameters are filled from tests/world.py: partner_id is Aurora, which Boris manages ("own") and Clara does
# not ("other"); ticket_id is a ticket of Aurora that nobody has taken, page_key its partner's own.
# portal: Vera of Aurora, signed in at the partners' door; portal-other: Nadia of Borealis, there as well.
"""
COLUMNS = (
    "outsider",
    "norole",
    "agent",
    "lead",
    "qa",
    "own",
    "other",
    "traffic",
    "finance",
    "analyst",
    "head",
    "admin",
    "portal",
    "portal-other",
)
_SIGN_IN = ("/account/login/", "/portal/sign-in/")


@dataclass(frozen=True, slots=True)
class Address:
    """``name`` with its namespace, or the route where it has none; ``route`` with its parameters in <>."""

    name: str
    route: str
    parameters: tuple[str, ...]


def parameters(world: World) -> dict[str, object]:
    """A value for every parameter name that any address takes."""
    team, _ = Team.objects.get_or_create(name="North team")
    return _one_meaning_each(
        _of_the_desk(world, team),
        _of_surveys(world),
        _of_voices(world),
        _of_payouts(world),
        _of_articles(world),
        of_dialogue(world),
        of_assist(world),
        of_loop(world),
        of_outer(world),
        of_impact(world),
        {
            "user_id": world.boris.pk,
            "team_id": team.pk,
            "partner_id": world.aurora.pk,
            "contact_id": world.vera.pk,
            "program_id": world.program.pk,
            "uidb36": "zzz",
            "key": "not-a-key",
            "address_id": world.vera.addresses.get(kind="email").pk,
            "item_id": 0,
            "run_id": 0,
            "token_id": 0,
            "passkey_id": 0,
            "branding_id": 0,
            "company_key": "not-a-key",
            "mailbox_id": 0,
            "term_id": 0,
            "mail_id": 0,
            "person_id": 0,
            "link_id": 0,
            "topic_id": 0,
            "answer_id": 0,
            "canned_id": 0,
            "macro_id": 0,
            "trigger_id": 0,
            "absence_id": 0,
            "form_id": 0,
            "target": "partners",
            "pk": 0,
        },
    )


def _one_meaning_each(*parts: Mapping[str, object]) -> dict[str, object]:
    """Two things under one name of a parameter would be taken for each other wherever their numbers happen to
    be the same."""
    merged: dict[str, object] = {}
    for part in parts:
        if twice := merged.keys() & part.keys():
            raise AssertionError(
                f"two apps mean different things by {sorted(twice)}: rename one in its urls.py"
            )
        merged |= part
    return merged


def _of_surveys(world: World) -> dict[str, object]:
    version = ensure_survey(
        program_id=world.program.pk, name="NPS", kind=SurveyKind.NPS, by=Actor.system(), at=world.now
    )
    wave, _ = Wave.objects.get_or_create(
        survey=version.survey, program=world.program, name="Q1", mode="wave", created_at=world.now
    )
    return {
        "survey_id": version.survey_id,
        "number": version.number,
        "wave_id": wave.pk,
        **of_the_map(world, wave.pk),
        "invitation_id": 0,
        "objection_id": 0,
        "response_id": _comment(world, version.pk),
        "topic_key": "payouts",
    }


def _of_voices(world: World) -> dict[str, object]:
    """An interview that Boris held with Vera, and a mention of Aurora."""
    guide, _ = InterviewGuide.objects.get_or_create(
        program=world.program, name="Talk", language="en", created_at=world.now
    )
    GuideVersion.objects.get_or_create(
        guide=guide, number=1, questions=[{"key": "q1", "text": "Why?"}], created_at=world.now
    )
    interview, _ = Interview.objects.get_or_create(
        program=world.program, partner=world.aurora, contact=world.vera, interviewer=world.boris,
        held_at=world.now, channel="call", words="Late.", created_at=world.now,
    )  # fmt: skip
    feed, _ = MentionFeed.objects.get_or_create(
        program=world.program, name="Forum", url="https://forum.example/rss", next_at=world.now,
        created_at=world.now,
    )  # fmt: skip
    mention, _ = Mention.objects.get_or_create(
        program=world.program, source="hand", key="walk", partner=world.aurora, text="Late.",
        published_at=world.now, recorded_at=world.now,
    )  # fmt: skip
    return {
        "guide_id": guide.pk,
        "interview_id": interview.pk,
        "feed_id": feed.pk,
        "mention_id": mention.pk,
    }


def _of_articles(world: World) -> dict[str, object]:
    """An article for everybody in a folder of the program, and a word of Vera about it."""
    folder, _ = Folder.objects.get_or_create(program=world.program, names={"en": "Payouts"})
    article = create_article(
        language="en", title="Payouts", body="On the tenth.", created_key="walk",
        settings=Settings(visibility=Visibility.PUBLIC, folder_id=folder.pk, slug="help"),
        by=Actor.system(), at=world.now,
    )  # fmt: skip
    publish_article(article_id=article.pk, by=Actor.system(), at=world.now)
    said, _ = Feedback.objects.get_or_create(
        article=article, language="en", number=1, helped=False, contact=world.vera, reader="contact:walk",
        at=world.now,
    )  # fmt: skip
    return {
        "article_id": article.pk,
        "folder_id": folder.pk,
        "feedback_id": said.pk,
        "language": "en",
        "video_id": 0,
        "gap_id": 0,
    }


def _of_payouts(world: World) -> dict[str, object]:
    """A hold and a payout of Aurora, and the batch the payout is in."""
    money: dict[str, Any] = {"partner": world.aurora, "currency": "EUR", "amount": 5}
    hold, _ = Hold.objects.get_or_create(
        **money, reason="traffic_check", checking="Clicks", decide_by=world.now.date(),
        opened_at=world.now,
    )  # fmt: skip
    batch, _ = PayoutBatch.objects.get_or_create(
        program=world.program, currency="EUR", pay_on=world.now.date(), earned_until=world.now.date(),
        calculated_at=world.now,
    )  # fmt: skip
    payout, _ = Payout.objects.get_or_create(
        **money, batch=batch, program=world.program, expected_on=world.now.date(),
        original_expected_on=world.now.date(), created_at=world.now,
    )  # fmt: skip
    return {
        "hold_id": hold.pk,
        "batch_id": batch.pk,
        "payout_id": payout.pk,
        **_of_files_of_money(world),
    }


def _of_files_of_money(world: World) -> dict[str, object]:
    """A statement and a request of Aurora, a change by hand, account details, its figures compared, a file
    that came in and one refused."""
    day = world.now.date()
    statement, _ = Statement.objects.get_or_create(
        program=world.program, partner=world.aurora, currency="EUR", start=day, end=day, number="2026-03/1",
        opening=0, closing=5, lines_count=0, issued_at=world.now,
    )  # fmt: skip
    request, _ = PayoutRequest.objects.get_or_create(
        partner=world.aurora, currency="EUR", created_at=world.now
    )
    nothing = {"ours": "0.00", "theirs": "0.00", "explained": "0.00", "unexplained": "0.00"}
    report, _ = PartnerReport.objects.get_or_create(
        partner=world.aurora, currency="EUR", start=day, end=day, uploaded_at=world.now,
        result={**nothing, "agreed": 0, "met_by": "key", "totals": [], "lines": []},
    )  # fmt: skip
    taken, _ = MoneyImport.objects.get_or_create(
        program=world.program, kind="entries", name="march.csv", rows=0, created_at=world.now
    )
    refused, _ = MoneyUpload.objects.get_or_create(
        program=world.program, kind="entries", name="april.csv", zone="UTC", state="refused",
        uploaded_by=world.root, uploaded_at=world.now, form_key=UUID(int=1),
    )  # fmt: skip
    adjustment, _ = Adjustment.objects.get_or_create(
        partner=world.aurora, currency="EUR", amount=5, why="Agreed", proposed_at=world.now,
        proposed_by=world.anna,
    )  # fmt: skip
    details, _ = AccountDetails.objects.get_or_create(
        partner=world.aurora, method="wallet", proposed_at=world.now,
        defaults={"account": "a", "holder": "A"},
    )  # fmt: skip
    return {
        "adjustment_id": adjustment.pk,
        "details_id": details.pk,
        "statement_id": statement.pk,
        "request_id": request.pk,
        "report_id": report.pk,
        "import_id": taken.pk,
        "upload_id": refused.pk,
        "kind": "entries",
    }


def _comment(world: World, version_id: int) -> int:
    row = ResponseRow("walk", world.aurora.pk, version_id, 3, world.now, comment="Payouts are late")
    (outcome,) = record_responses([row], by=Actor.system(), at=world.now)
    assert outcome.response_id is not None
    return outcome.response_id


def _of_the_desk(world: World, team: Team) -> dict[str, object]:
    """A ticket of Aurora, asked by Vera, that nobody has taken, and what belongs to it."""
    if (ticket := Ticket.objects.first()) is None:
        ticket = create_ticket(
            program_id=world.program.pk,
            subject="Payout",
            channel=Channel.EMAIL,
            side=Side.PARTNER,
            text="Where is it?",
            html="<p>Where is it?</p>",
            contact_id=world.vera.pk,
            by=Actor.system(),
            at=world.now,
        )
    message = ticket.messages.order_by("pk")[0]
    form, _ = WebForm.objects.get_or_create(
        slug="help", program=world.program, defaults={"created_at": world.now}
    )
    question, _ = SubRequest.objects.get_or_create(ticket=ticket, team=team, question="?", asked_at=world.now)
    callback, _ = Callback.objects.get_or_create(ticket=ticket, phone="+79120000000", asked_at=world.now)
    view, _ = SavedView.objects.get_or_create(name="Everybody's", created_at=world.now)
    customer, _ = EndCustomer.objects.get_or_create(
        partner=world.aurora, name="Kim Client", created_at=world.now
    )
    reader, _ = Participant.objects.get_or_create(
        ticket=ticket, address="gleb@aurora.example", contact=world.gleb, defaults={"since": world.now}
    )
    return {
        "participant_id": reader.pk,
        "ticket_id": ticket.pk,
        "message_id": message.pk,
        "before": message.pk + 1,
        "page_key": ticket.public_key,
        "slug": form.slug,
        "question_id": question.pk,
        "callback_id": callback.pk,
        "view_id": view.pk,
        "customer_id": customer.pk,
        # A file on the disk would be one more thing to clear away.
        "attachment_id": 0,
        "token": "not-a-token",
        "calendar_id": 0,
        "policy_id": 0,
    }


def people(world: World) -> dict[str, User | None]:
    made = {
        "lead": make_user("lead@example.com", "Lara Lead", Role.LEAD),
        "qa": make_user("qa@example.com", "Quentin Reviewer", Role.QA_REVIEWER),
        "traffic": make_user("traffic@example.com", "Timur Traffic", Role.TRAFFIC_OFFICER),
        "finance": make_user("finance@example.com", "Faina Finance", Role.FINANCE),
        "analyst": make_user("analyst@example.com", "Alma Analyst", Role.ANALYST),
    }
    cast = {
        "outsider": None,
        "norole": world.stranger,
        "agent": world.dmitri,
        "own": world.boris,
        "other": world.clara,
        "head": world.anna,
        "admin": world.root,
    }
    return made | cast


def clients(world: World) -> dict[str, Client]:
    found = {column: _client(person) for column, person in people(world).items()}
    nadia = make_contact(
        world.borealis, "Nadia Belova", "nadia@borealis.example", Authority.FINAL, Influence.HIGH
    )
    for column, contact in (("portal", world.vera), ("portal-other", nadia)):
        found[column] = _client(None)
        sign_in(found[column], contact, sees_money=True)
    return {column: found[column] for column in COLUMNS}


def addresses() -> list[Address]:
    return sorted(set(_walk(get_resolver().url_patterns, "/", "")), key=lambda a: (a.route, a.name))


def answers(world: World, among: Sequence[Address]) -> dict[str, dict[str, str]]:
    """Address -> column -> cell."""
    values = parameters(world)
    if unknown := {name: a.route for a in addresses() for name in a.parameters if name not in values}:
        raise AssertionError(f"say in access_walk.py, parameters(), what these are: {unknown}")
    table: dict[str, dict[str, str]] = {}
    everybody = clients(world)
    for address in among:
        path = filled(address, values)
        table[key_of(address)] = {column: _cell(client, path) for column, client in everybody.items()}
    return table


def render(table: Mapping[str, Mapping[str, str]]) -> str:
    width = max(len(key) for key in table) + 2
    widths = {column: max(9, len(column) + 2) for column in COLUMNS}
    heads = "".join(column.rjust(widths[column]) for column in COLUMNS)
    lines = [HEADER.rstrip("\n"), f"{'#'.ljust(width)}{heads}"]
    for key, row in table.items():
        lines.append(key.ljust(width) + "".join(row[c].rjust(widths[c]) for c in COLUMNS))
    return "\n".join(lines) + "\n"


def read() -> dict[str, dict[str, str]]:
    table = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else ():
        if line and not line.startswith("#"):
            *key, cells = line.rsplit(maxsplit=len(COLUMNS))[0], line.split()[-len(COLUMNS) :]
            table[key[0]] = dict(zip(COLUMNS, cells, strict=True))
    return table


def _walk(patterns: list[URLPattern | URLResolver], before: str, space: str) -> Iterator[Address]:
    for entry in patterns:
        route = before + _route(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, route, inner)
        else:
            names = tuple(_parameters(route))
            yield Address(f"{space}{entry.name}" if entry.name else "-", route, names)


def _route(pattern: object) -> str:
    if isinstance(pattern, RoutePattern):
        return str(pattern._route)
    assert isinstance(pattern, RegexPattern)
    regex = str(pattern._regex).strip("^$").removesuffix("/$")
    # (?P<name>...) is all that regular routes here use; what it matches is of no interest.
    for name in pattern.regex.groupindex:
        start = regex.index(f"(?P<{name}>")
        regex = regex[:start] + f"<{name}>" + regex[_closing(regex, start) + 1 :]
    return regex


def _closing(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(text)


def _parameters(route: str) -> Iterator[str]:
    for part in route.split("<")[1:]:
        yield part.split(">")[0].split(":")[-1]


def key_of(address: Address) -> str:
    return f"{address.route}  [{address.name}]"


def filled(address: Address, values: Mapping[str, object]) -> str:
    path = ""
    for part in address.route.split("<"):
        name, closing, rest = part.partition(">")
        if not closing:
            path += part
            continue
        path += f"{values[name.split(':')[-1]]}{rest}"
    return path


def _client(person: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def _cell(client: Client, path: str) -> str:
    """GET, and where that is not taken, POST with nothing in it; whatever it changed is taken back."""
    held = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        response = client.get(path)
        mark = ""
        if response.status_code == 405:
            response, mark = client.post(path), "+"
        transaction.set_rollback(True)
    # Whoever signed out by this address is back at the next one.
    client.cookies.clear()
    client.cookies.load(held)
    if response.status_code in (301, 302):
        target = urlsplit(response["Location"]).path
        return f"{mark}in" if target in _SIGN_IN else f"{mark}go"
    return f"{mark}{response.status_code}"
