"""The cast: one small program with the people every permission test needs.

Anna heads the program, Boris manages Aurora and nobody else, Clara manages Borealis, Dmitri answers tickets,
Root administers, Stranger has no role at all. Vera decides at Aurora, Gleb uses the product there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from otklik.identity.models import RoleGrant, User
from otklik.identity.rules.roles import Role
from otklik.partners.models import Address, Contact, Partner, Program
from otklik.partners.rules.vocabulary import Authority, Influence

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class World:
    program: Program
    root: User
    anna: User
    boris: User
    clara: User
    dmitri: User
    stranger: User
    aurora: Partner
    borealis: Partner
    vera: Contact
    gleb: Contact
    now: datetime = NOW


def make_user(email: str, name: str, *roles: Role, language: str = "en") -> User:
    user = User(email=email, name=name, language=language, created_at=NOW)
    user.set_password(PASSWORD)
    user.save()
    RoleGrant.objects.bulk_create([RoleGrant(user=user, role=role, granted_at=NOW) for role in roles])
    return user


def make_contact(
    partner: Partner, name: str, email: str, authority: Authority, influence: Influence
) -> Contact:
    contact = Contact(partner=partner, name=name, created_at=NOW)
    contact.state_authority(authority, by_user=None, at=NOW)
    contact.state_influence(influence, by_user=None, at=NOW)
    contact.save()
    Address.objects.create(
        contact=contact, kind="email", value=email, normalised=email.lower(), is_primary=True
    )
    return contact


def build_world() -> World:
    root = make_user("root@example.com", "Root Adminov", Role.ADMINISTRATOR)
    anna = make_user("anna@example.com", "Anna Head", Role.HEAD)
    boris = make_user("boris@example.com", "Boris Manager", Role.ACCOUNT_MANAGER)
    clara = make_user("clara@example.com", "Clara Manager", Role.ACCOUNT_MANAGER)
    dmitri = make_user("dmitri@example.com", "Dmitri Agent", Role.AGENT)
    stranger = make_user("stranger@example.com", "Stranger")
    program = Program.objects.create(name="North", slug="north", managers_see_own_only=True, created_at=NOW)
    aurora = Partner.objects.create(
        program=program, name="Aurora", tier="gold", country="RU", manager=boris, created_at=NOW
    )
    borealis = Partner.objects.create(
        program=program, name="Borealis", tier="silver", country="KZ", manager=clara, created_at=NOW
    )
    vera = make_contact(aurora, "Vera Orlova", "vera@aurora.example", Authority.FINAL, Influence.HIGH)
    gleb = make_contact(aurora, "Gleb Sokolov", "gleb@aurora.example", Authority.NONE, Influence.LOW)
    return World(program, root, anna, boris, clara, dmitri, stranger, aurora, borealis, vera, gleb)
