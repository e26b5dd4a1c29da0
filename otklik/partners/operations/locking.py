"""Fetching a row to change it, and finding out that somebody else just did."""

from __future__ import annotations

from typing import TypeVar

from otklik.partners.models import Contact, Partner, Program

Row = TypeVar("Row", Partner, Contact)


class ChangedMeanwhile(Exception):
    """Somebody else changed the row after it was opened for editing; ``current`` is how it is now."""

    def __init__(self, current: Partner | Contact) -> None:
        super().__init__(str(current.pk))
        self.current = current


class AlreadyErased(Exception):
    """Nothing can be changed or stated about who was erased."""


def locked_partner(partner_id: int, expected_version: int | None = None) -> Partner:
    """Raises Partner.DoesNotExist, AlreadyErased, ChangedMeanwhile."""
    # Only the partner's own row: the manager may be null, and an outer join cannot be locked.
    return _checked(Partner.objects.select_for_update(of=("self",)).get(pk=partner_id), expected_version)


def locked_contact(contact_id: int, expected_version: int | None = None) -> Contact:
    """With its partner. Raises Contact.DoesNotExist, AlreadyErased, ChangedMeanwhile."""
    rows = Contact.objects.select_for_update(of=("self",)).select_related("partner")
    return _checked(rows.get(pk=contact_id), expected_version)


def lock_program(program_id: int) -> Program:
    """Whoever looks for a name or an address and creates it if it is not there holds this meanwhile:
    nothing in the tables forbids two of a name."""
    return Program.objects.select_for_update(no_key=True).get(pk=program_id)


def _checked(row: Row, expected_version: int | None) -> Row:
    if row.erased_at is not None:
        raise AlreadyErased(row.pk)
    if expected_version is not None and row.version != expected_version:
        raise ChangedMeanwhile(row)
    return row
