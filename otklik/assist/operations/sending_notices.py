"""Notices leave by day, a few to one person, and only where what they say is still so."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from otklik.assist.models import Notice, NoticeStop
from otklik.assist.queries.permission import who_see_money
from otklik.assist.rules.notices import ABOUT_MONEY, MOST_MAILS_A_DAY
from otklik.assist.rules.vocabulary import NoticeKind, NoticeState
from otklik.desk.public import Ticket
from otklik.jobs.public import queue_mail
from otklik.kit.mail import BadMessage, Message
from otklik.partners.public import Partner, PartnerStatus, first_mail_addresses
from otklik.payouts.public import Hold, HoldState, Payout, PayoutState

log = logging.getLogger(__name__)
AT_ONCE = 500
SALT = "otklik.assist.notice-stop"
_DAY = timedelta(days=1)
_OVERTAKEN = (NoticeKind.PAYOUT_SOON, NoticeKind.PAYOUT_LATE, NoticeKind.HOLD_OPENED)
_AWAITED = (PayoutState.PLANNED, PayoutState.APPROVED, PayoutState.SENT)


def send_notices(*, at: datetime) -> int:
    """How many mails were queued. May run twice, or beside itself: the mail's key and the row's state say
    that it went."""
    waiting = Notice.objects.filter(state=NoticeState.WAITING, send_at__lte=at).order_by("send_at", "pk")
    sent = 0
    for notice_id in list(waiting.values_list("pk", flat=True)[:AT_ONCE]):
        try:
            sent += _send(notice_id, at)
        except BadMessage:
            log.warning("notice %s cannot be a mail", notice_id)
            Notice.objects.filter(pk=notice_id).update(state=NoticeState.SHOWN)
    return sent


@transaction.atomic
def _send(notice_id: int, at: datetime) -> bool:
    rows = Notice.objects.select_for_update(of=("self",)).select_related("contact", "user")
    notice = rows.get(pk=notice_id)
    if notice.state != NoticeState.WAITING:
        return False
    if not _is_still_so(notice, at):
        notice.state = NoticeState.DROPPED
        notice.save(update_fields=["state"])
        return False
    address = _address(notice)
    if not address or _had_enough(notice, at):
        notice.state = NoticeState.SHOWN
        notice.save(update_fields=["state"])
        return False
    queue_mail(key=f"assist:notice:{notice.pk}", message=_mail(notice, address), at=at)
    notice.state, notice.sent_at = NoticeState.SENT, at
    notice.save(update_fields=["state", "sent_at"])
    return True


def _is_still_so(notice: Notice, at: datetime) -> bool:
    """Its person may have left, or lost the right; what it warns of may have been settled overnight."""
    kind, contact = NoticeKind(notice.kind), notice.contact
    if contact is not None:
        if not contact.is_active or contact.erased_at is not None or not notice.title:
            return False
        if NoticeStop.objects.filter(contact=contact, kind=kind).exists():
            return False
        if kind in ABOUT_MONEY and not who_see_money([contact.pk]):
            return False
    number = next(iter(notice.link.get("args", ())), 0)
    if kind in (NoticeKind.PROMISE_LATE, NoticeKind.MATTER_SILENT):
        rows = Ticket.objects.filter(pk=number, is_open=True, awaiting_us_since__isnull=False)
        return rows.exclude(last_outgoing_at__gt=notice.created_at).exists()
    if kind is NoticeKind.RENEWAL_NEAR:
        day = notice.key.rpartition(":")[2]
        active = Partner.objects.filter(pk=notice.partner_id, status=PartnerStatus.ACTIVE)
        return active.filter(renewal_on=day).exists()
    return kind not in _OVERTAKEN or _money_still_so(notice, kind)


def _money_still_so(notice: Notice, kind: NoticeKind) -> bool:
    """Of a payout that is still awaited, of a hold that is still open; and nothing newer is told of it."""
    of = notice.key.rpartition(":")[2]
    about = Notice.objects.filter(contact=notice.contact, kind__in=ABOUT_MONEY, pk__gt=notice.pk)
    if about.filter(key__endswith=f":{of}").exists():
        return False
    if kind is NoticeKind.HOLD_OPENED:
        return Hold.objects.filter(pk=of[1:], state=HoldState.OPEN).exists()
    return Payout.objects.filter(pk=of[1:], state__in=_AWAITED).exists()


def _address(notice: Notice) -> str:
    if notice.user is not None:
        return notice.user.email if notice.user.is_active else ""
    if notice.contact is None:
        return ""
    return first_mail_addresses([notice.contact.pk]).get(notice.contact.pk, "")


def _had_enough(notice: Notice, at: datetime) -> bool:
    """Somebody at a partner gets a few a day; a manager's are counted where they are made."""
    if notice.contact_id is None:
        return False
    lately = Notice.objects.filter(contact_id=notice.contact_id, sent_at__gt=at - _DAY)
    return lately.count() >= MOST_MAILS_A_DAY


def _mail(notice: Notice, address: str) -> Message:
    with translation.override(notice.language):
        parts = ["\n".join(notice.lines)]
        if page := page_of(notice):
            parts.append(_("More: %(address)s") % {"address": page})
        ending = [_("Why you get this: %(why)s") % {"why": notice.why}]
        headers = {}
        if notice.contact_id is not None:
            stop = stop_address(notice.contact_id, NoticeKind(notice.kind))
            ending.append(_("No more mails of this kind: %(address)s") % {"address": stop})
            headers = {
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            }
        else:
            ending.append(_("Whoever manages automatic answers sets when these mails are sent."))
        text = "\n\n".join([*parts, "\n".join(ending)]) + "\n"
        return Message(to=address, subject=notice.title, text=text, headers=headers)


def page_of(notice: Notice) -> str:
    """ "" where there is no such page."""
    try:
        link = notice.link
        return settings.OTKLIK.public_url + reverse(link["name"], args=link["args"]) if link else ""
    except NoReverseMatch:
        return ""


def stop_address(contact_id: int, kind: NoticeKind) -> str:
    token = signing.dumps([contact_id, kind.value], salt=SALT)
    return settings.OTKLIK.public_url + reverse("notice-stop", args=[token])
