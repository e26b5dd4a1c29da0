"""The first page: what waits for them, what we promised, and how their matters stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.assist.public import notices_for
from otklik.desk.public import MatterFilter, matter_page, open_count, promised_matters, waiting_matters
from otklik.dialogue.public import news_for, onboarding_progress, promises_to, waiting_for
from otklik.feedback.public import waiting_surveys
from otklik.kit.clock import now
from otklik.payouts.public import partner_money
from otklik.portal.web.guard import PortalRequest, person_page
from otklik.portal.web.surveys import QUESTIONS

_MOST = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that this person or their company has to do. ``url`` "": its page is not open to them."""

    what: str
    title: str
    url: str
    until: date | None = None
    is_late: bool = False


@require_safe
@person_page
def home(request: PortalRequest) -> HttpResponse:
    """The same number of queries whatever there is."""
    person, at = request.person, now()
    today = localdate(at)
    partner_id, reader = person.partner.pk, person.contact.pk
    context = {
        "at": at,
        "today": today,
        "waiting": _waiting(request, today),
        "promised": promised_matters(partner_id, reader=reader, limit=_MOST),
        "commitments": promises_to(partner_id, today=today)[:_MOST],
        "matters": matter_page(partner_id, MatterFilter(is_open=True), reader=reader, limit=_MOST).matters,
        "open_count": open_count(partner_id, reader=reader),
        "money": partner_money(person.partner, today) if person.sees_money else None,
        "money_url": _address("portal-money") if person.sees_money else "",
        "news": [
            (line, _address("portal-announcement", line.id))
            for line in news_for(person.contact.pk, language=person.language, at=at)
        ],
        "notices": [
            (notice, _address(notice.link_name, *notice.link_args) if notice.link_name else "")
            for notice in notices_for(person.contact.pk, at=at)
        ],
        "onboarding": onboarding_progress(partner_id, language=person.language),
        "onboarding_url": _address("portal-start"),
    }
    return render(request, "portal/home.html", context)


def _waiting(request: PortalRequest, today: date) -> list[Waiting]:
    """What waits longest for us to go on comes first, then what has a day, then surveys."""
    person, at = request.person, now()
    contact_id, partner_id = person.contact.pk, person.partner.pk
    found = [
        Waiting(
            _("We need your answer"), one.subject or f"#{one.id}", reverse("portal-matter", args=[one.id])
        )
        for one in waiting_matters(partner_id, reader=contact_id, limit=_MOST)
    ]
    words = {
        "acknowledge": _("Please confirm that you have read it"),
        "goal": _("A goal we propose"),
        "commitment": _("A commitment we propose"),
        "promise": _("You promised us"),
        "step": _("Your next step"),
    }
    for line in waiting_for(partner_id, contact_id, language=person.language, today=today, at=at)[:_MOST]:
        name, args = line.url
        found.append(
            Waiting(words.get(line.what, ""), line.title, _address(name, *args), line.due_on, line.is_overdue)
        )
    for survey in waiting_surveys(contact_id, at=at):
        title, url = str(QUESTIONS[survey.kind]), reverse("answer", args=[survey.token])
        found.append(Waiting(_("A survey"), title, url, localdate(survey.until)))
    return found


def _address(name: str, *args: object) -> str:
    """A room that is not open here leaves no dead link behind."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
