"""Whose alerts somebody sees: those of the partners they see today, and follow up where they may speak for
us. A mention that belongs to no partner is for those who see its program whole."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from otklik.identity.public import Right, User
from otklik.loop.models import (
    Alert,
    AlertRule,
    Ask,
    Improvement,
    ImprovementPartner,
    LetterTemplate,
    RootCause,
)
from otklik.partners.public import (
    Contact,
    Partner,
    Program,
    visible_contacts,
    visible_partners,
    visible_programs,
)

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


def visible_asks(user: User) -> QuerySet[Ask]:
    """What is asked of the people at partners they see."""
    if not user.may(Right.SEE_FEEDBACK) or not user.may(Right.SEE_PARTNERS):
        return Ask.objects.none()
    if user.may(Right.SEE_ALL_PARTNERS):
        return Ask.objects.all()
    return Ask.objects.filter(partner__in=visible_partners(user))


def editable_asks(user: User) -> QuerySet[Ask]:
    return visible_asks(user) if user.may(Right.RUN_DIALOGUE) else Ask.objects.none()


def askable_contacts(user: User) -> QuerySet[Contact]:
    """Whom they may speak to for us, whether or not this is the moment."""
    if not user.may(Right.SEE_FEEDBACK) or not user.may(Right.RUN_DIALOGUE):
        return Contact.objects.none()
    return visible_contacts(user).filter(erased_at=None)


def may_speak_for(user: User, partner_id: int) -> bool:
    """An active colleague who sees this partner and may follow up."""
    if not user.is_active or any(not user.may(right) for right in FOLLOWS_UP):
        return False
    return visible_partners(user).filter(pk=partner_id).exists()


def visible_improvements(user: User) -> QuerySet[Improvement]:
    """What a program improves is no secret to those who see answers; which partners are behind it is."""
    if not user.may(Right.SEE_FEEDBACK):
        return Improvement.objects.none()
    return Improvement.objects.filter(program__in=visible_programs(user))


def editable_improvements(user: User) -> QuerySet[Improvement]:
    return visible_improvements(user) if user.may(Right.RUN_DIALOGUE) else Improvement.objects.none()


def affected_rows(user: User) -> QuerySet[ImprovementPartner]:
    """The partners behind improvements whom they see."""
    if not user.may(Right.SEE_FEEDBACK):
        return ImprovementPartner.objects.none()
    if user.may(Right.SEE_ALL_PARTNERS):
        return ImprovementPartner.objects.all()
    return ImprovementPartner.objects.filter(partner__in=visible_partners(user))


def dialogue_partners(user: User) -> QuerySet[Partner]:
    """Whom they may add to an improvement, or name as referred."""
    if not user.may(Right.RUN_DIALOGUE):
        return Partner.objects.none()
    return visible_partners(user).filter(erased_at=None)
