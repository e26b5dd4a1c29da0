"""Whose questions and answers a person reads."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from otklik.assist.models import AutomaticAnswer
from otklik.assist.rules.vocabulary import ABOUT_MONEY
from otklik.identity.public import Right, User
from otklik.partners.public import visible_partners
from otklik.payouts.public import money_partners


def visible_answers(user: User) -> QuerySet[AutomaticAnswer]:
    """Of the partners they see; what tells of money only to whoever sees the money of that partner."""
    if not user.may(Right.SEE_TICKETS):
        return AutomaticAnswer.objects.none()
    rows = AutomaticAnswer.objects.filter(partner__in=visible_partners(user))
    is_money = Q(intent__in=[intent.value for intent in ABOUT_MONEY])
    if not user.may(Right.SEE_MONEY):
        return rows.exclude(is_money)
    return rows.filter(~is_money | Q(partner__in=money_partners(user)))
