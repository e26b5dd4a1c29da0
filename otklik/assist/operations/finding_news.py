"""What nobody's event tells: days and hours that come near, and words that do not come."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from otklik.assist.models import Notice
from otklik.assist.news.matters import NobodyTalksNews, PromiseNews, RenewalNews, SilenceNews
from otklik.assist.operations.notices import days_of, is_on, people_to_tell, tell_people, tell_user
from otklik.assist.rules.notices import PROMISE_MINUTES, working_days_before
from otklik.assist.rules.vocabulary import NoticeKind
from otklik.desk.public import ClockKind, Ticket, TicketStatus
from otklik.partners.public import Contact, ContactRole, Partner, PartnerStatus

MOST_AT_ONCE = 500
MOST_PARTNERS_A_DAY = 5
"""Of those nobody talks to, to one manager: a list of hundreds helps nobody."""
_PROMISED = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)
_OLDEST = timedelta(days=30)


def find_promises(*, at: datetime) -> int:
    """Every few minutes: open matters whose promised moment is near and who wait for us."""
    if not is_on(NoticeKind.PROMISE_LATE):
        return 0
    near = at + timedelta(minutes=PROMISE_MINUTES)
    rows = _asked().filter(is_open=True, next_due_at__gt=at, next_due_at__lte=near, clocks_paused=False)
    rows = rows.filter(next_due_kind__in=_PROMISED, awaiting_us_since__isnull=False)
    return sum(
        tell_people(PromiseNews(ticket), _asker(ticket, NoticeKind.PROMISE_LATE), at=at)
        for ticket in rows.order_by("next_due_at", "pk")[:MOST_AT_ONCE]
    )


def find_silences(*, at: datetime) -> int:
    """Matters that have waited for us for some working days without a word from us."""
    if not is_on(NoticeKind.MATTER_SILENT):
        return 0
    days = days_of(NoticeKind.MATTER_SILENT)
    since = working_days_before(at, days)
    rows = _asked().filter(is_open=True, awaiting_us_since__lte=since, awaiting_us_since__gt=since - _OLDEST)
    rows = rows.exclude(status=TicketStatus.WAITING).exclude(last_outgoing_at__gt=since)
    return sum(
        tell_people(SilenceNews(ticket, days), _asker(ticket, NoticeKind.MATTER_SILENT), at=at)
        for ticket in rows.order_by("awaiting_us_since", "pk")[:MOST_AT_ONCE]
    )


def find_renewals(*, at: datetime) -> int:
    """To whoever decides there; where nobody is known to, to everybody."""
    if not is_on(NoticeKind.RENEWAL_NEAR):
        return 0
    today = timezone.localdate(at)
    last = today + timedelta(days=days_of(NoticeKind.RENEWAL_NEAR))
    rows = Partner.objects.filter(renewal_on__gte=today, renewal_on__lte=last, erased_at=None)
    told = 0
    for partner in rows.filter(status=PartnerStatus.ACTIVE).order_by("renewal_on", "pk")[:MOST_AT_ONCE]:
        people = people_to_tell(partner.pk, NoticeKind.RENEWAL_NEAR)
        deciding = [contact for contact in people if contact.role == ContactRole.DECISION_MAKER]
        if partner.renewal_on is not None:
            told += tell_people(RenewalNews(partner, partner.renewal_on), deciding or people, at=at)
    return told


def find_lonely_partners(*, at: datetime) -> int:
    """To their managers, a few a day, each partner once a month."""
    if not is_on(NoticeKind.PARTNER_SILENT):
        return 0
    days = days_of(NoticeKind.PARTNER_SILENT)
    since = at - timedelta(days=days)
    spoken = Ticket.objects.filter(partner=OuterRef("pk"), last_outgoing_at__gt=since)
    rows = Partner.objects.filter(status=PartnerStatus.ACTIVE, erased_at=None, created_at__lte=since)
    rows = rows.filter(manager__is_active=True).exclude(Exists(spoken)).select_related("manager")
    month = f"{timezone.localdate(at):%Y-%m}"
    known = Notice.objects.filter(kind=NoticeKind.PARTNER_SILENT, created_at__gte=at - timedelta(days=31))
    rows = rows.exclude(pk__in=known.filter(key__endswith=f":{month}").values("partner_id"))
    today = known.filter(created_at__gt=at - timedelta(days=1))
    left: dict[int, int] = {}
    told = 0
    for partner in rows.order_by("manager_id", "-revenue", "pk")[: MOST_AT_ONCE * 4]:
        manager = partner.manager
        if manager is None:
            continue
        if manager.pk not in left:
            left[manager.pk] = MOST_PARTNERS_A_DAY - today.filter(user=manager).count()
        if left[manager.pk] > 0:
            left[manager.pk] -= 1
            told += tell_user(NobodyTalksNews(partner, days, month), manager, partner.pk, at=at)
    return told


def _asked() -> QuerySet[Ticket]:
    """Matters that a known person at a partner asked."""
    rows = Ticket.objects.filter(contact__isnull=False, partner__isnull=False, merged_into=None)
    return rows.select_related("owner", "contact__partner__program")


def _asker(ticket: Ticket, kind: NoticeKind) -> list[Contact]:
    assert ticket.partner_id is not None
    return [contact for contact in people_to_tell(ticket.partner_id, kind) if contact.pk == ticket.contact_id]
