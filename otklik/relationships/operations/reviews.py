from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User
from otklik.partners.public import Partner
from otklik.relationships.models import Review
from otklik.relationships.operations.people import person_of
from otklik.relationships.queries.reviews import figures_of
from otklik.relationships.rules.quarters import quarter_of


class NoQuarter(Exception):
    """The day begins no quarter, or one that has not begun."""


def make_review(
    *, partner_id: int, quarter: date, words: str, user: User, today: date, by: Actor, at: datetime
) -> Review:
    """The figures as ``user`` sees them now, kept. Made again for the same quarter it replaces the earlier
    one: a review that was wrong is not handed out twice. Raises NoQuarter, Partner.DoesNotExist."""
    if quarter_of(quarter) != quarter or quarter > today:
        raise NoQuarter(quarter)
    partner = Partner.objects.select_related("manager").get(pk=partner_id, erased_at=None)
    figures = figures_of(partner, quarter, user=user, at=at)
    with transaction.atomic():
        Partner.objects.select_for_update(of=("self",)).get(pk=partner_id, erased_at=None)
        review, is_new = Review.objects.update_or_create(
            partner_id=partner_id,
            quarter=quarter,
            defaults={
                "figures": figures,
                "words": words.strip(),
                "made_by_id": person_of(by),
                "made_at": at,
            },
        )
        data = {"quarter": quarter.isoformat(), "again": not is_new}
        record("review.made", by=by, at=at, subjects=[Subject("partner", partner_id)], data=data)
    return review
