"""Inviting somebody to choose their password."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from otklik.events.public import Actor, Subject, record
from otklik.identity.models import User
from otklik.jobs.public import queue_mail
from otklik.kit.mail import Message


class NotActive(Exception):
    """A deactivated person is not invited: activate them first."""


def invite_user(*, user: User, link: str, by: Actor, at: datetime) -> bool:
    """Mail somebody the link to choose a password. False where no mail is set up: then the administrator
    hands the link over. Raises NotActive."""
    if not user.is_active:
        raise NotActive
    with transaction.atomic():
        event_id = record("user.invited", by=by, at=at, subjects=[Subject("user", user.pk)])
        if not settings.OTKLIK.mail_url:
            return False
        with translation.override(user.language):
            context = {"user": user, "link": link, "site": settings.OTKLIK.public_url}
            message = Message(
                to=user.email,
                subject=render_to_string("identity/mail/invitation_subject.txt", context).strip(),
                text=render_to_string("identity/mail/invitation.txt", context),
            )
        queue_mail(key=f"invitation:{event_id}", message=message, at=at)
    return True
