"""A desk to measure on: programs, partners and their people, staff in teams, topics, a mailbox, a promise.

Made through the operations of the product where it has any; the tickets come afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.bench.scale import COUNTRIES, FIRST, KINDS, LAST, NOUNS, TIERS

TEAMS = ("Payouts", "Tracking", "Integration", "Compliance", "Traffic", "First line")
TOPICS = (
    "payout", "tracking", "links", "postback", "account", "creatives", "traffic", "contract", "tax",
    "report", "bonus", "other",
)  # fmt: skip
MAILBOX = "help@bench.example"
HOURS = {"zone": "Europe/Moscow", "weekly": {"mon-fri": ["09:00-18:00"]}, "holidays": ["RU"]}
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Cast:
    """Ids. ``managers`` see own partners only; ``agents`` see all tickets, ``finance`` those of its team."""

    programs: tuple[int, ...]
    head: int
    managers: tuple[int, ...]
    agents: tuple[int, ...]
    finance: int
    teams: tuple[int, ...]
    topics: tuple[int, ...]
    mailbox: int
    policy: int
    calendar: int


def person(number: int) -> str:
    """Address of a contact."""
    return f"person{number}@partner{number % 9973}.example"


def make_cast(*, partners: int, contacts: int, managers: int, agents: int, at: datetime) -> Cast:
    """``partners`` companies, the first 7 of 10 in a program whose managers see own partners only."""
    from otklik.events.public import Actor
    from otklik.partners.public import create_program

    by = Actor.system()
    programs = tuple(
        create_program(
            name=name, slug=name.lower(), currency="EUR", managers_see_own_only=own, by=by, at=at
        ).pk
        for name, own in (("North", True), ("South", False))
    )
    cast = _staff(programs, managers, agents, at)
    _companies(programs, cast.managers, partners, at)
    _people(programs, partners, contacts, at)
    return cast


def _staff(programs: tuple[int, ...], managers: int, agents: int, at: datetime) -> Cast:
    from otklik.desk.models import AgentProfile, Mailbox, Topic
    from otklik.events.public import Actor
    from otklik.identity.models import Team
    from otklik.identity.operations.staff import create_first_administrator
    from otklik.identity.public import Role, User, create_user

    english = {"language": "en", "time_zone": "UTC"}
    create_first_administrator(
        email="root@bench.example", name="Root", password="not used at all", at=at, **english
    )

    def hire(name: str, role: Role) -> int:
        made = create_user(
            email=f"{name}@bench.example",
            name=name.title(),
            roles=[role],
            by=Actor.system(),
            at=at,
            **english,
        )
        return int(made.pk)

    head, finance = hire("head", Role.HEAD), hire("finance", Role.FINANCE)
    looking_after = tuple(hire(f"manager{n}", Role.ACCOUNT_MANAGER) for n in range(managers))
    answering = tuple(hire(f"agent{n}", Role.AGENT) for n in range(agents))
    teams = tuple(Team.objects.create(name=name).pk for name in TEAMS)
    for n, agent in enumerate(answering):
        User.objects.get(pk=agent).teams.add(teams[n % len(teams)])
    User.objects.get(pk=finance).teams.add(teams[0])
    AgentProfile.objects.bulk_create(
        AgentProfile(user_id=agent, languages={"ru": 3, "en": 2}, capacity=30) for agent in answering
    )
    topics = tuple(
        Topic.objects.create(key=key, names={"en": key.title()}, team_id=teams[n % len(teams)]).pk
        for n, key in enumerate(TOPICS)
    )
    mailbox = Mailbox.objects.create(
        address=MAILBOX, name="North support", program_id=programs[0], source="listener", created_at=at
    )
    calendar, policy = _promise(at)
    return Cast(
        programs, head, looking_after, answering, finance, teams, topics, mailbox.pk, policy, calendar
    )


def _promise(at: datetime) -> tuple[int, int]:
    """First answer in four hours of work, the next ones in six, solved in three working days; what has a low
    priority has ten times as long, about."""
    from otklik.desk.models import BusinessCalendar, CalendarVersion, SlaPolicy, SlaTarget

    calendar = BusinessCalendar.objects.create(name="Office", definition=HOURS, created_at=at)
    CalendarVersion.objects.create(calendar=calendar, version=1, definition=HOURS, since=at)
    policy = SlaPolicy.objects.create(name="Everybody", calendar=calendar, created_at=at)
    for kind, minutes, low in (
        ("first_response", 240, 1440), ("next_response", 360, 2880), ("resolution", 1620, 16_200),
    ):  # fmt: skip
        SlaTarget.objects.create(policy=policy, kind=kind, minutes=minutes)
        SlaTarget.objects.create(policy=policy, kind=kind, minutes=low, priority="low")
    return calendar.pk, policy.pk


def _companies(programs: tuple[int, ...], managers: tuple[int, ...], partners: int, at: datetime) -> None:
    from otklik.events.public import Actor
    from otklik.identity.models import User
    from otklik.partners.models import Partner
    from otklik.partners.public import PartnerRow, store_partners

    cut = partners * 7 // 10
    emails = dict(User.objects.filter(pk__in=managers).values_list("pk", "email"))
    for program, first, last in ((programs[0], 0, cut), (programs[1], cut, partners)):
        for start in range(first, last, _CHUNK):
            rows = [
                PartnerRow(
                    name=f"{NOUNS[n % len(NOUNS)]} {KINDS[n // 14 % len(KINDS)]} {n}",
                    external_id=f"P-{n}",
                    tier=TIERS[n * 7 % 5],
                    country=COUNTRIES[n * 11 % len(COUNTRIES)],
                )
                for n in range(start, min(start + _CHUNK, last))
            ]
            store_partners(program, rows, by=Actor.system(), at=at)
    assert Partner.objects.count() == partners
    for n, manager in enumerate(sorted(emails)):
        Partner.objects.filter(pk__in=range(n + 1, partners + 1, len(emails))).update(manager_id=manager)


def _people(programs: tuple[int, ...], partners: int, contacts: int, at: datetime) -> None:
    from otklik.events.public import Actor
    from otklik.partners.public import ContactRow, store_contacts

    cut = partners * 7 // 10
    for program, mine in ((programs[0], range(cut)), (programs[1], range(cut, partners))):
        numbers = [n for n in range(contacts) if n % partners in mine]
        for start in range(0, len(numbers), _CHUNK):
            rows = [
                ContactRow(
                    name=f"{FIRST[n % len(FIRST)]} {LAST[n // 7 % len(LAST)]} {n}",
                    partner_external_id=f"P-{n % partners}",
                    emails=(person(n),),
                )
                for n in numbers[start : start + _CHUNK]
            ]
            store_contacts(program, rows, by=Actor.system(), at=at)
