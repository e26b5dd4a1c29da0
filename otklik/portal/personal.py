"""Somebody's own data, from every room that keeps any: one list of rooms, one file for the person."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from otklik.assist.public import personal_data as of_assist
from otklik.desk.public import personal_data as of_the_desk
from otklik.dialogue.public import personal_data as of_dialogue
from otklik.feedback.public import personal_data as of_feedback
from otklik.knowledge.public import personal_data as of_knowledge
from otklik.loop.public import personal_data as of_the_loop
from otklik.partners.public import Contact
from otklik.partners.public import personal_data as of_partners
from otklik.payouts.public import personal_data as of_payouts
from otklik.portal.models import ErasureRequest, Passkey, PortalAccount, PortalSession
from otklik.relationships.public import personal_data as of_the_map

Data = dict[str, list[dict[str, Any]]]


def of_the_portal(contact_id: int) -> Data:
    """Lists of plain values by what they are of; moments as ISO 8601. No keys and no passwords."""
    account = {"account__contact_id": contact_id}
    return {
        "account": _rows(
            PortalAccount.objects.filter(contact_id=contact_id),
            ("language", "zone", "sees_money", "created_at", "invited_at", "disabled_at", "last_seen_at"),
        ),
        "signed_in": _rows(
            PortalSession.objects.filter(**account).order_by("pk"),
            ("way", "device", "created_at", "last_seen_at"),
        ),
        "passkeys": _rows(
            Passkey.objects.filter(**account).order_by("pk"), ("name", "created_at", "last_used_at")
        ),
        "erasure_requests": _rows(
            ErasureRequest.objects.filter(contact_id=contact_id).order_by("pk"),
            ("asked_at", "answer_by", "withdrawn_at", "declined_at"),
        ),
    }


SOURCES: Mapping[str, Callable[[int], Data]] = {
    "partners": of_partners,
    "desk": of_the_desk,
    "feedback": of_feedback,
    "payouts": of_payouts,
    "knowledge": of_knowledge,
    "dialogue": of_dialogue,
    "assist": of_assist,
    "loop": of_the_loop,
    "relationships": of_the_map,
    "portal": of_the_portal,
}


def everything_about(contact_id: int) -> dict[str, Data]:
    """By room. Reads; nothing is locked."""
    return {name: source(contact_id) for name, source in SOURCES.items()}


def export_of(contact: Contact, *, at: datetime) -> bytes:
    """A zip with the same twice: for programs (data.json) and for reading (data.html)."""
    found = everything_about(contact.pk)
    said = {"made_at": at.isoformat(), "contact_id": contact.pk, "data": found}
    page = render_to_string(
        "portal/me/export.html", {"contact": contact, "parts": _readable(found), "at": at}
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps(said, ensure_ascii=False, indent=1, default=str))
        file.writestr("data.html", page)
    return buffer.getvalue()


def _readable(found: Mapping[str, Data]) -> list[tuple[str, list[str], list[list[str]]]]:
    """(title, columns, lines), what is empty left out. Names stand as in the file for programs."""
    return [
        (
            f"{room}: {name.replace('_', ' ')}",
            list(rows[0]),
            [[_text(value) for value in row.values()] for row in rows],
        )
        for room, data in found.items()
        for name, rows in data.items()
        if rows
    ]


def _text(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows.values(*columns)
    ]
