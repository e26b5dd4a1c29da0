"""Promises that may be missed, matters we are silent in, agreements to renew, partners nobody talks to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.assist.operations.notices import News, Words
from otklik.assist.rules.vocabulary import NoticeKind
from otklik.desk.public import Ticket, partner_subjects
from otklik.partners.public import Partner


@dataclass(frozen=True, slots=True)
class PromiseNews(News):
    ticket: Ticket
    kind: NoticeKind = NoticeKind.PROMISE_LATE

    @property
    def occasion(self) -> str:  # type: ignore[override]
        return f"t{self.ticket.pk}:{self.ticket.next_due_kind}:{self.ticket.next_due_at:%Y%m%d%H%M}"

    def words(self) -> Words:
        named = {
            "number": self.ticket.pk,
            "subject": partner_subjects([self.ticket])[self.ticket.pk],
            "moment": date_format(timezone.localtime(self.ticket.next_due_at), "DATETIME_FORMAT"),
        }
        lines = [
            _("We promised to come back to you on #%(number)s “%(subject)s” by %(moment)s.") % named,
            _("It may take longer. It is not forgotten, and you need not write again."),
        ]
        title = _("Our answer on #%(number)s may come late") % named
        return Words(
            title, [*lines, *_owner(self.ticket)], _why_matter(), ("portal-matter", (self.ticket.pk,))
        )


@dataclass(frozen=True, slots=True)
class SilenceNews(News):
    ticket: Ticket
    days: int
    kind: NoticeKind = NoticeKind.MATTER_SILENT

    @property
    def occasion(self) -> str:  # type: ignore[override]
        return f"t{self.ticket.pk}:{self.ticket.awaiting_us_since:%Y%m%d%H%M}"

    def words(self) -> Words:
        named = {
            "number": self.ticket.pk,
            "subject": partner_subjects([self.ticket])[self.ticket.pk],
            "days": self.days,
        }
        told = ngettext(
            "We have not written to you about #%(number)s “%(subject)s” for %(days)s working day.",
            "We have not written to you about #%(number)s “%(subject)s” for %(days)s working days.",
            self.days,
        )
        lines = [told % named, _("It is not forgotten: it is still open with us."), *_owner(self.ticket)]
        title = _("We owe you a word on #%(number)s") % named
        return Words(title, lines, _why_matter(), ("portal-matter", (self.ticket.pk,)))


@dataclass(frozen=True, slots=True)
class RenewalNews(News):
    partner: Partner
    on: date
    kind: NoticeKind = NoticeKind.RENEWAL_NEAR

    @property
    def occasion(self) -> str:  # type: ignore[override]
        return f"p{self.partner.pk}:{self.on}"

    def words(self) -> Words:
        day = {"day": date_format(self.on, "DATE_FORMAT")}
        lines = [_("Your agreement with us comes up for renewal on %(day)s.") % day]
        lines.append(_("If something in it should change, now is a good time to write to us."))
        title = _("Your agreement is renewed on %(day)s") % day
        return Words(title, lines, _("You decide for your company."), ("portal-ask", ()))


@dataclass(frozen=True, slots=True)
class NobodyTalksNews(News):
    partner: Partner
    days: int
    month: str
    kind: NoticeKind = NoticeKind.PARTNER_SILENT

    @property
    def occasion(self) -> str:  # type: ignore[override]
        return f"p{self.partner.pk}:{self.month}"

    def words(self) -> Words:
        named = {"partner": self.partner.name, "days": self.days}
        told = ngettext(
            "Nobody has written to or called %(partner)s for %(days)s day.",
            "Nobody has written to or called %(partner)s for %(days)s days.",
            self.days,
        )
        title = _("Nobody talks to %(partner)s") % named
        return Words(title, [told % named], _("You manage this partner."), ("partner", (self.partner.pk,)))


def _owner(ticket: Ticket) -> list[str]:
    if ticket.owner is None:
        return []
    return [_("%(owner)s takes care of it.") % {"owner": ticket.owner.name}]


def _why_matter() -> str:
    return _("You asked us.")
