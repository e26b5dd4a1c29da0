"""What waits at the partners that one person keeps, in figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from otklik.identity.public import User
from otklik.partners.public import may_see_revenue
from otklik.relationships.access import map_partners
from otklik.relationships.models import AccountCheck, SilentPerson
from otklik.relationships.rules.renewals import Band, Due
from otklik.relationships.rules.silence import Silence

SOON = [list(Due).index(due) for due in (Due.OVERDUE, Due.WITHIN_30)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """``silent``: regulars and people who matter; ``renewals``: at high or medium risk within
    30 days; ``blind``: partners with a gap in their contract; ``faults``: in the data."""

    silent: int
    renewals: int
    blind: int
    faults: int

    @property
    def is_empty(self) -> bool:
        return not (self.silent or self.renewals or self.blind or self.faults)


def partners_that_wait(user: User) -> Waiting:
    """Two queries."""
    # The band that the list of renewals shows this person.
    band = "band__in" if may_see_revenue(user) else "plain_band__in"
    own = map_partners(user).filter(manager=user)
    silent = SilentPerson.objects.filter(partner__in=own, kind__in=(Silence.REGULAR, Silence.GAP)).count()
    checks = AccountCheck.objects.filter(partner__in=own).aggregate(
        renewals=Count("pk", filter=Q(step__in=SOON, **{band: (Band.HIGH, Band.MEDIUM)})),
        blind=Count("pk", filter=Q(gap__gt=0)),
        faults=Sum("faults", default=0),
    )
    return Waiting(silent, **checks)
