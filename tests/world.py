"""The cast: one small program with the people every permission test needs.

Anna heads the program, Boris manages Aurora and nobody else, Clara manages Borealis, Dmitri answers tickets,
Root administers, Stranger has no role at all. Vera decides at Aurora, Gleb uses the product there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

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
    (user,) = _make_users((email, name, *roles), language=language)
    return user


def make_contact(
    partner: Partner, name: str, email: str, authority: Authority, influence: Influence
) -> Contact:
    (contact,) = _make_contacts((partner, name, email, authority, influence))
    return contact


def build_world() -> World:
    """In few queries: nearly every test begins with it."""
    root, anna, boris, clara, dmitri, stranger = _make_users(
        ("root@example.com", "Root Adminov", Role.ADMINISTRATOR),
        ("anna@example.com", "Anna Head", Role.HEAD),
        ("boris@example.com", "Boris Manager", Role.ACCOUNT_MANAGER),
        ("clara@example.com", "Clara Manager", Role.ACCOUNT_MANAGER),
        ("dmitri@example.com", "Dmitri Agent", Role.AGENT),
        ("stranger@example.com", "Stranger"),
    )
    program = Program.objects.create(name="North", slug="north", managers_see_own_only=True, created_at=NOW)
    aurora, borealis = Partner.objects.bulk_create(
        Partner(program=program, name=name, tier=tier, country=country, manager=manager, created_at=NOW)
        for name, tier, country, manager in (
            ("Aurora", "gold", "RU", boris),
            ("Borealis", "silver", "KZ", clara),
        )
    )
    vera, gleb = _make_contacts(
        (aurora, "Vera Orlova", "vera@aurora.example", Authority.FINAL, Influence.HIGH),
        (aurora, "Gleb Sokolov", "gleb@aurora.example", Authority.NONE, Influence.LOW),
    )
    return World(program, root, anna, boris, clara, dmitri, stranger, aurora, borealis, vera, gleb)


def _make_users(*people: tuple[Any, ...], language: str = "en") -> list[User]:
    """Each: address, name, roles."""
    users = []
    for email, name, *_ in people:
        user = User(email=email, name=name, language=language, created_at=NOW)
        user.set_password(PASSWORD)
        users.append(user)
    User.objects.bulk_create(users)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, granted_at=NOW)
        for user, (_, _, *roles) in zip(users, people, strict=True)
        for role in roles
    )
    return users


def _make_contacts(*people: tuple[Partner, str, str, Authority, Influence]) -> list[Contact]:
    contacts = []
    for partner, name, _, authority, influence in people:
        contact = Contact(partner=partner, name=name, created_at=NOW)
        contact.state_authority(authority, by_user=None, at=NOW)
        contact.state_influence(influence, by_user=None, at=NOW)
        contacts.append(contact)
    Contact.objects.bulk_create(contacts)
    Address.objects.bulk_create(
        Address(contact=contact, kind="email", value=email, normalised=email.lower(), is_primary=True)
        for contact, (_, _, email, _, _) in zip(contacts, people, strict=True)
    )
    return contacts
