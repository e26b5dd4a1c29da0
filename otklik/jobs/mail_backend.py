"""What Django's own senders of mail (password reset) use: their messages go into the same queue as ours."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from otklik.jobs.operations.mail import queue_mail
from otklik.kit.clock import now
from otklik.kit.mail import Message


class QueuedMail(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        queued = 0
        for mail in email_messages:
            html = ""
            if isinstance(mail, EmailMultiAlternatives):
                html = next((str(part[0]) for part in mail.alternatives if part[1] == "text/html"), "")
            for address in mail.recipients():
                message = Message(to=address, subject=str(mail.subject), text=str(mail.body), html=html)
                queued += queue_mail(key=f"django:{uuid.uuid4().hex}", message=message, at=now())
        return queued
