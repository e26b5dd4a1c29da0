"""Sentences of the map, for the picture and the table alike. Made once a page: three hundred people would ask
for the same translations thousands of times."""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from otklik.partners.public import AUTHORITY, INFLUENCE, ROLE
from otklik.relationships.labels import (
    DOUBTS,
    INFLUENCE_KINDS,
    STANDINGS,
    TIE_KINDS,
    TIE_LEVELS,
    TITLE_DOUBTS,
)
from otklik.relationships.models import InfluenceLine
from otklik.relationships.queries.partner import Drawn, TieLine
from otklik.relationships.rules.freshness import TitleDoubt
from otklik.relationships.rules.segments import Segment
from otklik.relationships.rules.ties import Contacts


class Words:
    """In the language of the page that is being made."""

    def __init__(self) -> None:
        self.standing = {str(key): str(words) for key, words in STANDINGS.items()}
        self.kind = {str(key): str(words) for key, words in TIE_KINDS.items()}
        self.level = {str(key): str(words) for key, words in TIE_LEVELS.items()}
        self.doubt = {str(key): str(words) for key, words in DOUBTS.items()}
        self.influence_kind = {str(key): str(words) for key, words in INFLUENCE_KINDS.items()}
        self.title_doubt = {str(key): str(words) for key, words in TITLE_DOUBTS.items()}
        self.authority = {str(key): str(words) for key, words in AUTHORITY.items()}
        self.influence = {str(key): str(words) for key, words in INFLUENCE.items()}
        self.role = {str(key): str(words) for key, words in ROLE.items()}

    def tie(self, tie: TieLine) -> str:
        """What it is, as the team judges it, and what the log says."""
        return self._tie % {
            "who": tie.row.user.name,
            "kind": self.kind[tie.row.kind],
            "level": self.level[tie.judged.stated],
            "logged": self.level[tie.judged.evidence.level],
        }

    def contacts(self, contacts: Contacts) -> str:
        return self._contacts % {
            "sent": contacts.to_them,
            "replies": contacts.replies,
            "begun": contacts.from_them,
            "complaints": contacts.complaints,
        }

    def tie_with_log(self, tie: TieLine) -> str:
        return f"{self.tie(tie)} ({self.contacts(tie.contacts)})"

    def person(self, one: Drawn) -> str:
        """Read aloud, and shown when pointed at."""
        member = one.member
        facts = [one.row.name, one.row.job_title, self.standing[one.standing]]
        if member.score is not None:
            facts.append(self._score % {"score": member.score})
        facts += [
            self.authority[member.authority],
            self._influence % {"level": self.influence[member.influence]},
        ]
        facts += [self.tie(tie) for tie in one.ties]
        return ", ".join(fact for fact in facts if fact)

    def line(self, one: InfluenceLine) -> str:
        return f"{one.source.name} → {one.target.name}: {self.influence_kind[one.kind]}"

    def segment(self, segment: Segment) -> str:
        """How many, and of those who answered how many of each kind."""
        counts = segment.counts
        return self._segment % {
            "people": segment.people,
            "promoters": counts.promoters,
            "passives": counts.passives,
            "detractors": counts.detractors,
        }

    def title(self, doubt: TitleDoubt | None) -> str:
        return "" if doubt is None else self.title_doubt[doubt]

    @cached_property
    def _tie(self) -> str:
        return _("%(who)s: %(kind)s, %(level)s; by the log %(logged)s")

    @cached_property
    def _contacts(self) -> str:
        return _("from us %(sent)s, answered %(replies)s, begun by them %(begun)s; complaints %(complaints)s")

    @cached_property
    def _score(self) -> str:
        return _("score %(score)s")

    @cached_property
    def _influence(self) -> str:
        return _("influence: %(level)s")

    @cached_property
    def _segment(self) -> str:
        return pgettext("segment of the map", "n %(people)s: ▲%(promoters)s ●%(passives)s ▼%(detractors)s")
