"""What the forms of the portal share: files, how often, and that a form sent twice is one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk.public import NewFile, NoRoom, TooLarge, stored_uploads
from otklik.kit.clock import now
from otklik.kit.long_text import LongTextField
from otklik.portal.web.guard import PortalRequest
from otklik.portal.web.limits import is_too_often

LONGEST_TEXT = 50_000
MOST_FILES = 5


class KeyedForm(forms.Form):
    """``key`` is given out with the page and tells one opened page from another."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    @staticmethod
    def new_key() -> str:
        return secrets.token_urlsafe(12)

    def sending_key(self, *said: str, files: Sequence[NewFile] = ()) -> str:
        """One page sent twice is one message; the same page with other words in it is another one."""
        parts = [self.cleaned_data.get("key") or secrets.token_urlsafe(12), *said]
        parts += [f"{file.filename}:{file.blob_id}" for file in files]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


class WriteForm(KeyedForm):
    """``again``: it is still not solved; words are welcome and not needed."""

    text = LongTextField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    again = forms.BooleanField(required=False)


class Refused(Exception):
    """Not taken as it is; ``text`` tells the person why, ``status`` the browser."""

    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.text, self.status = text, status


def taken_files(request: PortalRequest) -> list[NewFile]:
    """Stored before any transaction, and counted: raises Refused."""
    uploads = request.FILES.getlist("files")
    if len(uploads) > MOST_FILES:
        raise Refused(_("Attach five files at most."))
    if is_too_often(request, "write", str(request.person.account_id), at=now()):
        raise Refused(
            _("There were many messages in a short time. Send it once more in an hour, or by e-mail."), 429
        )
    try:
        return stored_uploads(uploads, at=now())
    except TooLarge as found:
        raise Refused(
            _("%(name)s is larger than 25 MB. Send a link to it instead.") % {"name": found.name}
        ) from found
    except NoRoom as full:
        raise Refused(_("We cannot keep the file just now. Send it without the file.")) from full
