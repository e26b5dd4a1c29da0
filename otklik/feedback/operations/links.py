"""Addresses that anybody may answer at."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import Survey, SurveyLink

# Neither vowels nor look-alikes: nobody reads a word in it, and it can be typed from paper.
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"
_LENGTH = 10


class SurveyArchivedAlready(Exception):
    """Nobody is asked with it any more."""


@dataclass(frozen=True, slots=True)
class LinkFields:
    """``hosts``: origins whose pages may show the form; ``is_shared``: many people use one device."""

    name: str
    closes_at: datetime | None = None
    hosts: Sequence[str] = ()
    is_shared: bool = False


def create_link(*, survey_id: int, fields: LinkFields, by: Actor, at: datetime) -> SurveyLink:
    """Raises Survey.DoesNotExist, SurveyArchivedAlready."""
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey_id)
        if survey.archived_at is not None:
            raise SurveyArchivedAlready
        link = SurveyLink(survey=survey, slug=_slug(), created_by_id=by.id, created_at=at)
        _set(link, fields)
        _tell("link.created", link, by, at)
    return link


def change_link(*, link_id: int, fields: LinkFields, by: Actor, at: datetime) -> SurveyLink:
    """Raises SurveyLink.DoesNotExist."""
    with transaction.atomic():
        link = SurveyLink.objects.select_for_update().get(pk=link_id)
        _set(link, fields)
        _tell("link.changed", link, by, at)
    return link


def _slug() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def _set(link: SurveyLink, fields: LinkFields) -> None:
    link.name, link.closes_at = fields.name, fields.closes_at
    link.hosts, link.is_shared = list(fields.hosts), fields.is_shared
    link.save()


def _tell(kind: str, link: SurveyLink, by: Actor, at: datetime) -> None:
    closes = link.closes_at.isoformat() if link.closes_at else None
    data = {"link": link.pk, "closes_at": closes, "hosts": link.hosts, "is_shared": link.is_shared}
    record(kind, by=by, at=at, subjects=[Subject("survey", link.survey_id)], data=data)
