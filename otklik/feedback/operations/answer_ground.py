"""What a chunk of answers refers to, read once: as many statements for a hundred answers as for one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from otklik.feedback.models import AskingRules, Invitation, Response, Survey, SurveyLink, SurveyVersion, Wave
from otklik.feedback.rules.forms import Form, read_form
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.kit.rows import rows_by_id, rows_where
from otklik.partners.public import Contact


@dataclass(slots=True)
class Ground:
    """``erased``: when the contact was, None for all others. ``latest``: the newest version by survey."""

    invitations: dict[int, Invitation] = field(default_factory=dict)
    waves: dict[int, Wave] = field(default_factory=dict)
    erased: dict[int, datetime | None] = field(default_factory=dict)
    links: dict[int, SurveyLink] = field(default_factory=dict)
    versions: dict[int, SurveyVersion] = field(default_factory=dict)
    latest: dict[int, SurveyVersion] = field(default_factory=dict)
    surveys: dict[int, Survey] = field(default_factory=dict)
    own_networks: dict[int, Sequence[str]] = field(default_factory=dict)
    by_invitation: dict[int, Response] = field(default_factory=dict)
    by_key: dict[str, Response] = field(default_factory=dict)


def read_ground(invitation_ids: Iterable[int], link_keys: Iterable[tuple[int, str]]) -> Ground:
    """``link_keys``: of a link, and the key of an answer given there. Call inside the transaction: on
    PostgreSQL the people and the links are locked, so that two answers of one person come one after the
    other, and none is stored behind the back of who erases that person.
    """
    ground, keys = Ground(), list(link_keys)
    ground.invitations = rows_by_id(Invitation, invitation_ids)
    if ground.invitations:
        _read_people(ground)
    if keys:
        _read_links(ground, keys)
    rows = [*ground.versions.values(), *ground.latest.values()]
    ground.surveys = rows_by_id(Survey, (version.survey_id for version in rows))
    programs = sorted({survey.program_id for survey in ground.surveys.values()})
    ground.own_networks = {
        rules.program_id: rules.own_networks for rules in rows_where(AskingRules, "program_id", programs)
    }
    return ground


def _read_people(ground: Ground) -> None:
    asked = ground.invitations.values()
    # Contacts before all else: erasing and merging lock them first too, so that nobody waits in a circle.
    people = Contact.objects.select_for_update(no_key=True).filter(pk__in={one.contact_id for one in asked})
    ground.erased = dict(people.order_by("pk").values_list("pk", "erased_at"))
    ground.waves = rows_by_id(Wave, (one.wave_id for one in asked))
    ground.versions = rows_by_id(SurveyVersion, (one.version_id for one in asked))
    found = rows_where(Response, "invitation_id", sorted(ground.invitations))
    ground.by_invitation = {row.invitation_id: row for row in found if row.invitation_id is not None}


def _read_links(ground: Ground, keys: Sequence[tuple[int, str]]) -> None:
    links = SurveyLink.objects.select_for_update(no_key=True).filter(pk__in={link for link, _ in keys})
    ground.links = {link.pk: link for link in links.order_by("pk")}
    surveys = sorted({link.survey_id for link in ground.links.values()})
    for version in sorted(rows_where(SurveyVersion, "survey_id", surveys), key=lambda row: row.number):
        ground.versions[version.pk] = ground.latest[version.survey_id] = version
    programs = Survey.objects.filter(pk__in=surveys).values("program_id")
    found = Response.objects.filter(program_id__in=programs, source_key__in={key for _, key in keys})
    ground.by_key = {row.source_key: row for row in found}


def form_of(version: SurveyVersion, kind: str) -> Form:
    """Versions are never edited, and one is asked for with every answer."""
    return _form(kind, json.dumps([version.wording, version.questions]), version.asks_contact)


@lru_cache(maxsize=256)
def _form(kind: str, stored: str, asks_contact: bool) -> Form:
    words: Any
    words, questions = json.loads(stored)
    return read_form(SurveyKind(kind), words, questions, asks_contact=asks_contact)
