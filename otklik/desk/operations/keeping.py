"""What the desk works by: topics, canned answers, macros, mailboxes, forms, profiles. Each change leaves a
line in the log that names the fields, never their contents."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from otklik.desk.models import AgentProfile, CannedAnswer, Macro, Mailbox, MailboxGrant, Topic, WebForm
from otklik.desk.operations.automation import actions_of
from otklik.desk.rules.canned import variables_in
from otklik.events.public import Actor, Subject, record

Row = TypeVar("Row", bound=models.Model)
SETTING_SAVED = "desk.setting_saved"
SETTING_REMOVED = "desk.setting_removed"


class NameTaken(Exception):
    """Another one has this name, key or address."""


def save_topic(*, topic_id: int | None, fields: Mapping[str, Any], by: Actor, at: datetime) -> Topic:
    """Raises NameTaken, Topic.DoesNotExist."""
    return keep(found(Topic, topic_id), "topic", fields, by=by, at=at)


def save_canned(*, canned_id: int | None, fields: Mapping[str, Any], by: Actor, at: datetime) -> CannedAnswer:
    """Raises UnknownVariable, BrokenBraces, NameTaken, CannedAnswer.DoesNotExist."""
    for text in fields["texts"].values():
        variables_in(text)
    return keep(found(CannedAnswer, canned_id), "canned_answer", {**fields, "updated_at": at}, by=by, at=at)


def save_macro(*, macro_id: int | None, fields: Mapping[str, Any], by: Actor, at: datetime) -> Macro:
    """Raises BadRule, Macro.DoesNotExist."""
    actions_of(fields["actions"])
    return keep(found(Macro, macro_id, created_at=at), "macro", fields, by=by, at=at)


@transaction.atomic
def remove_macro(*, macro_id: int, by: Actor, at: datetime) -> None:
    """Raises Macro.DoesNotExist."""
    row = Macro.objects.get(pk=macro_id)
    record(SETTING_REMOVED, by=by, at=at, subjects=[Subject("macro", row.pk)])
    row.delete()


def save_mailbox(
    *,
    mailbox_id: int | None,
    fields: Mapping[str, Any],
    grant: Mapping[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> Mailbox:
    """Another server or folder is begun anew; so is one whose old mail is wanted after all. ``grant``: fields
    of ``models.MailboxGrant`` as they shall be, none of them to take it away, None to leave it. Raises
    NameTaken, Mailbox.DoesNotExist."""
    mailbox = found(Mailbox, mailbox_id, created_at=at)
    moved = any(
        name in fields and fields[name] != getattr(mailbox, name) for name in ("host", "folder", "user_name")
    )
    # What was wrong with the old settings says nothing of the new ones: try at once.
    fresh: dict[str, Any] = {"failed_at": None, "failure": "", "claimed_until": None}
    if moved:
        # Since the last fetch and not since now: mail that came in between is not old.
        fresh |= {"uidvalidity": None, "last_uid": 0, "begun_at": mailbox.fetched_at or at}
    elif fields.get("takes_old") and not mailbox.takes_old:
        fresh |= {"uidvalidity": None, "last_uid": 0}
    if fields.get("source") == Mailbox.Source.WEBHOOK and not mailbox.webhook_key:
        fresh["webhook_key"] = secrets.token_urlsafe(32)
    with transaction.atomic():
        kept = keep(mailbox, "mailbox", {**fields, **fresh}, by=by, at=at)
        if grant is not None:
            _keep_grant(kept, grant, by=by, at=at)
    return kept


def _keep_grant(mailbox: Mailbox, fields: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    before = MailboxGrant.objects.filter(mailbox=mailbox).first()
    if fields:
        row = before or MailboxGrant(mailbox=mailbox)
        if before and all(getattr(row, name) == value for name, value in fields.items()):
            return
        for name, value in {**fields, "access_token": "", "expires_at": None}.items():
            setattr(row, name, value)
        row.save()
    elif before:
        before.delete()
    else:
        return
    subjects = [Subject("mailbox", mailbox.pk)]
    record(SETTING_SAVED, by=by, at=at, subjects=subjects, data={"changed": ["grant"]})


def save_web_form(
    *, form_id: int | None, fields: Mapping[str, Any], topics: Iterable[Topic], by: Actor, at: datetime
) -> WebForm:
    """Raises NameTaken, WebForm.DoesNotExist."""
    with transaction.atomic():
        form = keep(found(WebForm, form_id, created_at=at), "web_form", fields, by=by, at=at)
        form.topics.set(topics)
    return form


def save_profile(
    *, user_id: int, fields: Mapping[str, Any], topics: Iterable[Topic], by: Actor, at: datetime
) -> AgentProfile:
    with transaction.atomic():
        known = AgentProfile.objects.filter(user_id=user_id).first()
        profile = keep(known or AgentProfile(user_id=user_id), "agent_profile", fields, by=by, at=at)
        profile.topics.set(topics)
    return profile


def found(model: type[Row], pk: int | None, **new: Any) -> Row:
    """The row, or a new one where there is no ``pk``."""
    return model(**new) if pk is None else model._default_manager.get(pk=pk)


def keep(row: Row, noun: str, fields: Mapping[str, Any], *, by: Actor, at: datetime) -> Row:
    """Nothing happens where nothing differs. Raises NameTaken."""
    is_new = row._state.adding
    changed = sorted(name for name, value in fields.items() if is_new or getattr(row, name) != value)
    if not changed:
        return row
    for name, value in fields.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
            subjects = [Subject(noun, row.pk)]
            record(SETTING_SAVED, by=by, at=at, subjects=subjects, data={"changed": changed})
    except IntegrityError as taken:
        raise NameTaken(noun) from taken
    return row
