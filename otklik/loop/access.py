"""Whose alerts somebody sees: those of the partners they see today, and follow up where they may speak for
us. A mention that belongs to no partner is for those who see its program whole."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from otklik.identity.public import Right, User
from otklik.loop.models import Alert, AlertRule, LetterTemplate, RootCause
from otklik.partners.public import Program, visible_partners, visible_programs

# Who may own an alert: they read what was said, and promise and speak for us.
FOLLOWS_UP = frozenset({Right.SEE_PARTNERS, Right.SEE_FEEDBACK, Right.RUN_DIALOGUE})


def alert_scope(user: User) -> Q:
    """As a condition on rows with a ``partner`` and a ``program``."""
    if not user.may(Right.SEE_FEEDBACK):
        return Q(pk__in=())
    if user.may(Right.SEE_ALL_PARTNERS):
        return Q()
    open_programs = Program.objects.filter(managers_see_own_only=False).values("pk")
    return Q(partner__in=visible_partners(user)) | Q(partner=None, program__in=open_programs)


def visible_alerts(user: User) -> QuerySet[Alert]:
    return Alert.objects.filter(alert_scope(user))


def editable_alerts(user: User) -> QuerySet[Alert]:
    return visible_alerts(user) if user.may(Right.RUN_DIALOGUE) else Alert.objects.none()


def visible_rules(user: User) -> QuerySet[AlertRule]:
    """Rules are no secret to those who see answers."""
    return AlertRule.objects.all() if user.may(Right.SEE_FEEDBACK) else AlertRule.objects.none()


def editable_rules(user: User) -> QuerySet[AlertRule]:
    """Retired ones are history."""
    rows = AlertRule.objects.filter(program__in=programs_to_manage(user), retired_at=None)
    return visible_rules(user) & rows


def programs_to_manage(user: User) -> QuerySet[Program]:
    """Whose rules, causes and letters somebody keeps."""
    return visible_programs(user) if user.may(Right.MANAGE_PROGRAMS) else Program.objects.none()


def visible_causes(user: User) -> QuerySet[RootCause]:
    return RootCause.objects.all() if user.may(Right.SEE_FEEDBACK) else RootCause.objects.none()


def editable_causes(user: User) -> QuerySet[RootCause]:
    return visible_causes(user) & RootCause.objects.filter(program__in=programs_to_manage(user))


def editable_letters(user: User) -> QuerySet[LetterTemplate]:
    return LetterTemplate.objects.filter(program__in=programs_to_manage(user))


def may_own(user: User, alert: Alert) -> bool:
    """An active colleague who sees this alert and may follow it up."""
    if not user.is_active or any(not user.may(right) for right in FOLLOWS_UP):
        return False
    return visible_alerts(user).filter(pk=alert.pk).exists()
