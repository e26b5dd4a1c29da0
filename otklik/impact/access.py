"""Who reads how support moves the score. The figures are of a whole program, so they are for those who see
answers of all its partners; an account manager who sees their own only does not get them."""

from __future__ import annotations

from django.db.models import QuerySet

from otklik.identity.public import Right, User
from otklik.impact.models import ImpactReport, PolicyChange
from otklik.partners.public import Program, visible_programs


def studied_programs(user: User) -> QuerySet[Program]:
    if not (user.may(Right.SEE_FEEDBACK) and user.may(Right.SEE_ALL_PARTNERS)):
        return Program.objects.none()
    return visible_programs(user)


def visible_reports(user: User) -> QuerySet[ImpactReport]:
    return ImpactReport.objects.filter(program__in=studied_programs(user))


def visible_changes(user: User) -> QuerySet[PolicyChange]:
    return PolicyChange.objects.filter(program__in=studied_programs(user))


def editable_changes(user: User) -> QuerySet[PolicyChange]:
    return visible_changes(user) if user.may(Right.MANAGE_DESK) else PolicyChange.objects.none()


def recording_programs(user: User) -> QuerySet[Program]:
    """In which somebody may record what was changed: whoever says how partners are served."""
    return studied_programs(user) if user.may(Right.MANAGE_DESK) else Program.objects.none()
