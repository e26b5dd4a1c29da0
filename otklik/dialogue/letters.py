"""Mails to people at partners and to applicants: each once, in their language, by the queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from otklik.desk.public import program_calendar
from otklik.dialogue.labels import SENTENCES
from otklik.dialogue.models import Addressee, Application, Idea
from otklik.dialogue.rules.vocabulary import ApplicationState, Reason
from otklik.jobs.public import queue_mail, queue_mails
from otklik.kit.mail import BadMessage, Message
from otklik.kit.markup import text_of
from otklik.kit.one_line import one_line
from otklik.kit.zones import is_zone
from otklik.partners.public import Contact

_STOP = Signer(salt="otklik.dialogue.stop")


def screen_language(*wanted: str) -> str:
    """The first of these that our pages speak."""
    known = [code for code, _name in settings.LANGUAGES]
    for one in wanted:
        if (code := one.partition("-")[0].lower()) in known:
            return code
    return "en"


def language_of(contact: Contact) -> str:
    """Of their own, then their company's. Needs ``partner``."""
    return screen_language(*map(str, contact.languages), contact.partner.language)


def zone_of(contact: Contact) -> ZoneInfo:
    for name in (contact.time_zone, contact.partner.time_zone):
        if name and is_zone(name):
            return ZoneInfo(name)
    return ZoneInfo("UTC")


def stop_key(contact_id: int) -> str:
    return _STOP.sign(str(contact_id))


def contact_of_stop_key(key: str) -> int | None:
    try:
        return int(_STOP.unsign(key))
    except (BadSignature, ValueError):
        return None


def queue_news(addressees: Iterable[tuple[Addressee, str]], *, reminder: bool, at: datetime) -> int:
    """Each with the address to write to. Needs ``announcement.texts`` and ``contact.partner``."""
    name = "remind" if reminder else "news"
    mails = {}
    for addressee, address in addressees:
        if message := _news(addressee, address, reminder=reminder):
            mails[f"dialogue:{name}:{addressee.announcement_id}:{addressee.contact_id}"] = message
    return queue_mails(mails, at=at)


def _news(addressee: Addressee, address: str, *, reminder: bool) -> Message | None:
    contact, announcement = addressee.contact, addressee.announcement
    texts = {text.language: text for text in announcement.texts.all()}
    wanted = [str(one).partition("-")[0] for one in (*contact.languages, contact.partner.language)]
    text = next((texts[code] for code in (*wanted, "en", *texts) if code in texts), None)
    if text is None:
        return None
    stop = settings.OTKLIK.public_url + reverse("dialogue-stop", args=[stop_key(contact.pk)])
    with translation.override(language_of(contact)):
        context = {
            "program": announcement.program.name,
            "text": text_of(text.body),
            "link": settings.OTKLIK.public_url + reverse("portal-announcement", args=[announcement.pk]),
            "needs_acknowledgement": announcement.needs_acknowledgement,
            "reminder": reminder,
            "stop": stop,
        }
        title = one_line(text.title)
        subject = _("Please confirm: %(title)s") % {"title": title} if reminder else title
        return _message(
            address,
            subject,
            "dialogue/mail/news.txt",
            context,
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )


def queue_done(idea: Idea, voters: Iterable[tuple[Contact, str]], *, at: datetime) -> int:
    """ "You said, we did", to whoever asked for it."""
    mails = {}
    for contact, address in voters:
        with translation.override(language_of(contact)):
            context = {
                "program": idea.program.name,
                "title": one_line(idea.title),
                "outcome": idea.outcome,
                "link": settings.OTKLIK.public_url + reverse("portal-idea", args=[idea.pk]),
            }
            subject = _("Done: %(title)s") % {"title": one_line(idea.title)}
            message = _message(address, subject, "dialogue/mail/idea_done.txt", context)
        if message is not None:
            mails[f"dialogue:idea-done:{idea.pk}:{contact.pk}"] = message
    return queue_mails(mails, at=at)


def program_zone(application: Application) -> ZoneInfo:
    """Whose day an answer is promised by: an applicant's own zone nobody knows."""
    name = program_calendar(application.program_id).zone
    return ZoneInfo(name if is_zone(name) else "UTC")


def status_link(application: Application) -> str:
    return settings.OTKLIK.public_url + reverse("application-status", args=[application.public_key])


def tell_applicant(application: Application, *, at: datetime) -> None:
    """Where it stands now. Nothing that was typed into the form is in it: the address may be somebody
    else's."""
    with (
        translation.override(screen_language(application.language)),
        timezone.override(program_zone(application)),
    ):
        context = {
            "program": application.program.name,
            "state": application.state,
            "due_at": application.due_at,
            "sentence": SENTENCES[Reason(application.reason)] if application.reason else "",
            "note": application.note,
            "link": status_link(application),
            "portal": settings.OTKLIK.public_url + "/portal/",
        }
        subject = {
            ApplicationState.NEW: _("We have your application to %(program)s"),
            ApplicationState.MORE_WANTED: _("Your application to %(program)s: we need a little more"),
            ApplicationState.APPROVED: _("Welcome to %(program)s"),
            ApplicationState.DECLINED: _("Your application to %(program)s"),
        }[ApplicationState(application.state)] % {"program": one_line(application.program.name)}
        message = _message(application.address, subject, "dialogue/mail/application.txt", context)
    if message is not None:
        moment = at.isoformat()
        queue_mail(
            key=f"dialogue:application:{application.pk}:{application.state}:{moment}", message=message, at=at
        )


def _message(
    address: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
) -> Message | None:
    """None where the address takes no mail: one bad row must not keep a thousand others waiting."""
    try:
        text = render_to_string(template, dict(context)).strip() + "\n"
        return Message(to=address, subject=subject[:200], text=text, headers=headers or {})
    except BadMessage:
        return None
