"""Mailboxes: how mail gets here and leaves, and whether that works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.models import Mailbox, MailboxGrant
from otklik.desk.operations.keeping import NameTaken, save_mailbox
from otklik.desk.operations.trying import Trouble, try_mailbox
from otklik.desk.web.settings.lists import Line, Table, form_page, listed
from otklik.desk.web.settings.mailbox_form import GRANT, MAILBOX_SECRETS, MailboxForm
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

_COLUMNS = [name for name in MailboxForm.base_fields if name not in (*MAILBOX_SECRETS, *GRANT)]


@require_safe
@needs(Right.MANAGE_DESK)
def mailboxes(request: StaffRequest) -> HttpResponse:
    rows = Mailbox.objects.select_related("program", "team").defer("password", "smtp_url")
    lines = [
        Line(
            reverse("mailbox", args=[row.pk]),
            row.address,
            [row.program.name, row.team.name if row.team else "", source_name(row.source)],
            row.is_active,
            _("Fetching fails") if row.failed_at else "",
        )
        for row in rows
    ]
    table = Table(
        _("Mailboxes"),
        reverse("mailbox-new"),
        _("New mailbox"),
        [_("Address"), _("Program"), _("Team"), _("How mail gets here")],
        lines,
        (_("No mailboxes yet"), _("Name the address that partners write to: each mail becomes a ticket.")),
        icon="mail",
    )
    return listed(request, table)


def source_name(source: str) -> str:
    choices: Any = MailboxForm.base_fields["source"]
    return str(dict(choices.choices).get(source, source))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def mailbox(request: StaffRequest, mailbox_id: int | None = None) -> HttpResponse:
    row = get_object_or_404(Mailbox, pk=mailbox_id) if mailbox_id is not None else None
    form = _form(request, row)
    if form.is_valid():
        fields, grant = _typed(form.cleaned_data)
        try:
            saved = save_mailbox(
                mailbox_id=mailbox_id, fields=fields, grant=grant, by=actor_for(request), at=now()
            )
        except NameTaken:
            form.add_error("address", _("There is a mailbox with this address."))
        else:
            messages.success(request, _("Saved. Try the connection now."))
            return redirect("mailbox", saved.pk)
    title = row.address if row else _("New mailbox")
    return form_page(
        request,
        form,
        title=title,
        back="mailboxes",
        back_label=_("Mailboxes"),
        template="desk/settings/mailbox.html",
        mailbox=row,
        hook=_hook(request, row),
        has_password=bool(row and row.password),
        grant=bool(form.initial.get("client_id")),
        failure=_failure(row),
    )


def _form(request: StaffRequest, row: Mailbox | None) -> MailboxForm:
    grant = MailboxGrant.objects.filter(mailbox=row).first() if row else None
    initial = {name: getattr(row, name) for name in _COLUMNS} if row else {}
    if grant is not None:
        initial |= {name: getattr(grant, name) for name in GRANT if name not in MAILBOX_SECRETS}
    stored = [name for name in MAILBOX_SECRETS if getattr(grant if name in GRANT else row, name, None)]
    return MailboxForm(request.POST or None, initial=initial, is_new=row is None, stored=stored)


def _typed(typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Columns of the mailbox, and of its leave to sign in without a password, empty where it has none."""
    fields = {name: typed[name] for name in _COLUMNS}
    fields |= {name: typed[name] for name in ("password", "smtp_url") if typed[name]}
    fields |= {
        name: ""
        for name, told in (("password", "forget_password"), ("smtp_url", "forget_server"))
        if typed.get(told)
    }
    known = [name for name in GRANT if typed[name] or name not in MAILBOX_SECRETS]
    return fields, {name: typed[name] for name in known} if typed["client_id"] else {}


@require_POST
@needs(Right.MANAGE_DESK)
def attempt(request: StaffRequest, mailbox_id: int) -> HttpResponse:
    """Signs in at the servers and says in words what happened. A mail server may well stand in our own
    network, so only whoever manages the desk gets here."""
    row = get_object_or_404(Mailbox, pk=mailbox_id)
    names = {"incoming": _("Incoming mail"), "outgoing": _("Outgoing mail")}
    lines = [
        (names[part], str(_WORDS[trouble]) if trouble else "") for part, trouble in try_mailbox(row).items()
    ]
    if request.headers.get("HX-Request"):
        return render(request, "desk/settings/_attempt.html", {"lines": lines})
    for what, text in lines:
        if text:
            messages.error(request, f"{what}: {text}")
        else:
            messages.success(request, _("%(what)s: works.") % {"what": what})
    return redirect("mailbox", row.pk)


def _failure(row: Mailbox | None) -> str:
    """Of the last fetch, in words where we have them; the row holds the error as it was raised."""
    if row is None:
        return ""
    trouble = _BY_ERROR.get(row.failure.partition(":")[0])
    return str(_WORDS[trouble]) if trouble else row.failure


def _hook(request: StaffRequest, row: Mailbox | None) -> str:
    if row is None or not row.webhook_key:
        return ""
    try:
        return request.build_absolute_uri(reverse("mail-webhook", args=[row.webhook_key]))
    except NoReverseMatch:
        return ""


_WORDS: dict[Trouble, Promise] = {
    Trouble.UNREACHABLE: gettext_lazy(
        "no connection. Check the server's name and port, and whether this machine may reach it."
    ),
    Trouble.SIGN_IN: gettext_lazy(
        "the server does not accept this user name and password. Some providers want an app password."
    ),
    Trouble.GRANT: gettext_lazy(
        "the token server gives no access token. Grant leave again and enter the new refresh token."
    ),
    Trouble.FOLDER: gettext_lazy("there is no such folder. INBOX always exists."),
    Trouble.ENCRYPTION: gettext_lazy(
        "the password would travel unencrypted. Choose TLS or STARTTLS; without them only on this machine."
    ),
    Trouble.CERTIFICATE: gettext_lazy("the server's certificate is not trusted, or is for another name."),
    Trouble.UNREADABLE: gettext_lazy("the stored password cannot be read with this key. Type it again."),
    Trouble.NO_WAY_OUT: gettext_lazy(
        "there is no server to send with. Name one here, or set OTKLIK_MAIL_URL."
    ),
    Trouble.ODD: gettext_lazy("the server answered in a way that is not understood. Its log may say more."),
}
_BY_ERROR = {
    "MailboxUnreachable": Trouble.UNREACHABLE,
    "SignInRefused": Trouble.SIGN_IN,
    "GrantRefused": Trouble.GRANT,
    "FolderMissing": Trouble.FOLDER,
    "EncryptionRequired": Trouble.ENCRYPTION,
    "SecretUnreadable": Trouble.UNREADABLE,
}
