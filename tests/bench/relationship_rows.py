"""A partner with as many people as a map is drawn of, and sisters whose answers it is compared with."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from otklik.desk.models import Message, Ticket
from otklik.events.public import Actor
from otklik.feedback.models import Invitation, Response, SurveyVersion, Wave
from otklik.feedback.public import SurveyKind, ensure_survey
from otklik.feedback.rules.vocabulary import WaveMode, WaveState
from otklik.identity.models import User
from otklik.partners.models import Contact, Partner, Program
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.relationships.models import InfluenceLine, Tie
from otklik.relationships.rules.vocabulary import InfluenceKind, TieKind, TieLevel

TITLES = (
    "CEO",
    "Директор по развитию партнёрской сети и международным проектам",
    "Заместитель генерального директора по коммерческим вопросам и взаимодействию с ключевыми клиентами",
    "Head of Traffic",
    "Менеджер по рекламе",
    "",
    "مدير التسويق",
)
NAMES = ("Vera Orlova", "Александра Преображенская-Воскресенская", "Gleb", "محمد العربي", "Li Wei", "Ян")
_SEED = 11


def fill(partner: Partner, *, users: list[User], people: int, at: datetime, one_cell: bool = False) -> None:
    """Half of the people answer, most have a tie, some a matter, some have a say with each other."""
    draw = random.Random(_SEED)
    contacts = []
    for number in range(people):
        contact = Contact(partner=partner, name=f"{NAMES[number % len(NAMES)]} {number}", created_at=at)
        contact.job_title = TITLES[number % len(TITLES)]
        contact.state_title(at=at - timedelta(days=draw.randrange(600)))
        authority, influence = draw.choice(list(Authority)), draw.choice(list(Influence))
        if one_cell:
            authority, influence = Authority.FINAL, Influence.HIGH
        contact.state_authority(authority, by_user=None, at=at - timedelta(days=draw.randrange(500)))
        contact.state_influence(influence, by_user=None, at=at)
        contacts.append(contact)
    Contact.objects.bulk_create(contacts)
    ask(contacts, at=at, share=0.8)
    for contact in contacts:
        if draw.random() < 0.7:
            _tie(contact, draw.choice(users), draw, at)
        if draw.random() < 0.3:
            _matter(contact, draw.choice(users), draw, at)
    for source, target in zip(contacts[::7], contacts[1::7], strict=False):
        kind = draw.choice(list(InfluenceKind))
        InfluenceLine.objects.create(source=source, target=target, kind=kind, stated_at=at)


def ask(contacts: list[Contact], *, at: datetime, share: float, waves: int = 2) -> None:
    """Everybody is asked by so many waves a quarter apart, and answers three times of five."""
    draw = random.Random(_SEED + len(contacts))
    for back in range(waves):
        begun = at - timedelta(days=30 + 91 * back)
        wave = _wave(contacts[0].partner.program_id, begun)
        chosen = [contact for contact in contacts if draw.random() < share]
        scores = {contact.pk: draw.choice((2, 5, 7, 8, 9, 10)) for contact in chosen if draw.random() < 0.6}
        Invitation.objects.bulk_create(
            Invitation(
                wave=wave,
                key=f"contact:{contact.pk}",
                version=wave.version,
                program_id=wave.program_id,
                partner=contact.partner,
                contact=contact,
                state="sent",
                planned_at=begun,
                sent_at=begun,
                answered_at=begun + timedelta(days=1) if contact.pk in scores else None,
                expires_at=begun + timedelta(days=30),
            )
            for contact in chosen
        )
        Response.objects.bulk_create(
            Response(
                version=wave.version,
                kind="nps",
                partner=contact.partner,
                contact=contact,
                score=scores[contact.pk],
                comment="Выплаты задерживают уже второй месяц, и никто не отвечает."
                if contact.pk % 3
                else "",
                source_key=f"w{wave.pk}-{contact.pk}",
                responded_at=begun + timedelta(days=1),
                recorded_at=begun + timedelta(days=1),
                program_id=wave.program_id,
                role=contact.role,
                channel="email",
            )
            for contact in chosen
            if contact.pk in scores
        )


def _wave(program_id: int, begun: datetime) -> Wave:
    version = ensure_survey(
        program_id=program_id, name="Bench", kind=SurveyKind.NPS, by=Actor.system(), at=begun
    )
    version = SurveyVersion.objects.select_related("survey").get(pk=version.pk)
    return Wave.objects.create(
        survey=version.survey,
        version=version,
        program_id=program_id,
        name=f"{begun:%Y-%m-%d}",
        mode=WaveMode.WAVE,
        state=WaveState.CLOSED,
        created_at=begun,
        started_at=begun,
        closed_at=begun + timedelta(days=10),
    )


def _tie(contact: Contact, user: User, draw: random.Random, at: datetime) -> None:
    stated = at - timedelta(days=draw.randrange(500))
    level = draw.choice([level for level in TieLevel if level is not TieLevel.UNKNOWN])
    Tie.objects.create(
        contact=contact, user=user, kind=draw.choice(list(TieKind)), level=level, stated_at=stated
    )


def _matter(contact: Contact, user: User, draw: random.Random, at: datetime) -> None:
    begun = at - timedelta(days=draw.randrange(5, 300))
    ticket = Ticket.objects.create(
        program_id=contact.partner.program_id,
        partner=contact.partner,
        contact=contact,
        subject="Отчёт за август не сходится с кабинетом",
        channel="email",
        owner=user,
        priority_reasons=[{"kind": "mood", "points": 1}] if draw.random() < 0.2 else [],
        created_at=begun,
        updated_at=begun,
        public_key=f"bench-{contact.pk}",
        is_open=draw.random() < 0.5,
    )
    Message.objects.bulk_create(
        Message(
            ticket=ticket,
            kind="incoming" if number % 2 == 0 else "reply",
            side="partner",
            channel="email",
            author=None if number % 2 == 0 else user,
            contact=contact if number % 2 == 0 else None,
            text="…",
            happened_at=begun + timedelta(hours=number),
            created_at=begun,
        )
        for number in range(draw.randrange(1, 8))
    )


def sisters(program: Program, *, count: int, people: int, at: datetime) -> None:
    partners = Partner.objects.bulk_create(
        Partner(program=program, name=f"Sister {number}", tier="gold", created_at=at)
        for number in range(count)
    )
    contacts = []
    for number, partner in enumerate(partner for partner in partners for _ in range(people)):
        contact = Contact(partner=partner, name=f"S {number}", created_at=at)
        contact.state_authority(list(Authority)[number % 4], by_user=None, at=at)
        contact.state_influence(list(Influence)[number % 4], by_user=None, at=at)
        contacts.append(contact)
    Contact.objects.bulk_create(contacts)
    ask(contacts, at=at, share=0.9, waves=1)
