"""What staff see of the dialogue: of the partners they see, and announcements and ideas of the programs.
Account managers who see own partners only do not read what others wrote to partners they do not see."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from otklik.dialogue.models import (
    Addressee,
    Announcement,
    Application,
    Commitment,
    Goal,
    Idea,
    Onboarding,
)
from otklik.identity.public import Right, User
from otklik.partners.public import Partner, visible_partners


def partner_rows(user: User) -> Q:
    """As a condition on rows with a ``partner``."""
    if user.may(Right.SEE_ALL_PARTNERS):
        return Q()
    return Q(partner__in=visible_partners(user))


def dialogue_partners(user: User) -> QuerySet[Partner]:
    """Whom this person may write to, agree with and start."""
    if not user.may(Right.RUN_DIALOGUE):
        return Partner.objects.none()
    return visible_partners(user).filter(erased_at=None)


def visible_announcements(user: User) -> QuerySet[Announcement]:
    """Of one's own, and those that went to somebody at a partner one sees."""
    if not user.may(Right.RUN_DIALOGUE):
        return Announcement.objects.none()
    if user.may(Right.SEE_ALL_PARTNERS):
        return Announcement.objects.all()
    theirs = Addressee.objects.filter(announcement=OuterRef("pk"), partner__in=visible_partners(user))
    return Announcement.objects.filter(Q(created_by=user) | Exists(theirs))


def editable_announcements(user: User) -> QuerySet[Announcement]:
    """What a colleague wrote only those change who see everybody it went to."""
    found = visible_announcements(user)
    return found if user.may(Right.SEE_ALL_PARTNERS) else found.filter(created_by=user)


def visible_addressees(user: User) -> QuerySet[Addressee]:
    return Addressee.objects.filter(partner_rows(user))


def visible_goals(user: User) -> QuerySet[Goal]:
    return Goal.objects.filter(partner_rows(user)) if user.may(Right.RUN_DIALOGUE) else Goal.objects.none()


def visible_commitments(user: User) -> QuerySet[Commitment]:
    if not user.may(Right.RUN_DIALOGUE):
        return Commitment.objects.none()
    return Commitment.objects.filter(partner_rows(user))


def visible_ideas(user: User) -> QuerySet[Idea]:
    """Ideas are the program's: partners read each other's, and so do those who answer them. What waits for
    moderation an account manager sees of own partners."""
    if not user.may(Right.RUN_DIALOGUE):
        return Idea.objects.none()
    if user.may(Right.SEE_ALL_PARTNERS):
        return Idea.objects.all()
    return Idea.objects.filter(Q(moderation="shown") | Q(partner__in=visible_partners(user)))


def editable_ideas(user: User) -> QuerySet[Idea]:
    found = visible_ideas(user)
    return found if user.may(Right.SEE_ALL_PARTNERS) else found.filter(partner__in=visible_partners(user))


def visible_applications(user: User) -> QuerySet[Application]:
    """Of nobody's partners yet: whoever vets sees them all."""
    return Application.objects.all() if user.may(Right.VET_APPLICATIONS) else Application.objects.none()


def visible_onboardings(user: User) -> QuerySet[Onboarding]:
    if not user.may(Right.RUN_DIALOGUE):
        return Onboarding.objects.none()
    return Onboarding.objects.filter(partner_rows(user))
