"""Reports about mail that another part of the program sent: they arrive at the desk's mailboxes, because that
is where mail is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.desk.channels.mail.protocol import Report
from otklik.desk.rules.mail.parsed import Bounce
from otklik.events.public import Actor
from otklik.kit.registry import Registry


@dataclass(frozen=True, slots=True)
class Returned:
    """``message_ids`` may name the mail it is about, the likeliest first. A complaint (RFC 5965) has no
    bounces: somebody called the mail spam. ``wants_out``: somebody told a provider that they want no more."""

    message_ids: tuple[str, ...]
    bounces: tuple[Bounce, ...]
    is_complaint: bool
    wants_out: bool = False


@dataclass(frozen=True, slots=True)
class MailOwner:
    """``take(returned, by, at)`` says whether the mail was its own. Runs in the transaction that takes the
    report in; anybody can write such a report, so an id has to prove that we made it."""

    name: str
    take: Callable[[Returned, Actor, datetime], bool]


mail_owners: Registry[MailOwner] = Registry()


def is_taken(returned: Returned, *, by: Actor, at: datetime) -> bool:
    return any(owner.take(returned, by, at) for owner in mail_owners)


def take_reports(reports: Iterable[Report], *, by: Actor, at: datetime) -> None:
    """What a provider tells of mails it sent for us; one at a time, and the same told twice changes nothing.
    What nobody owns is let go: a provider tells of every mail."""
    for report in reports:
        bounces = () if report.bounce is None else (report.bounce,)
        returned = Returned(report.message_ids, bounces, report.is_complaint, report.wants_out)
        with transaction.atomic():
            is_taken(returned, by=by, at=at)
