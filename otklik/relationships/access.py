"""Whose maps, tasks and expectations a person sees. All of it follows the partner: account managers see their
own partners where the program says so, those who lead see all."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from otklik.identity.public import Right, User
from otklik.partners.public import Contact, Partner, Program, visible_partners, visible_programs
from otklik.relationships.models import (
    AccountPlan,
    CallToAction,
    CoverageContract,
    ExpectedScore,
    Review,
    Tie,
)


def map_partners(user: User) -> QuerySet[Partner]:
    """Scores stand on the map: it is for those who see answers."""
    if not user.may(Right.SEE_FEEDBACK):
        return Partner.objects.none()
    return visible_partners(user).filter(erased_at=None)


def mapped_people(user: User) -> QuerySet[Contact]:
    """Whose line this person sees."""
    return Contact.objects.filter(partner__in=map_partners(user), erased_at=None, is_active=True)


def editable_maps(user: User) -> QuerySet[Partner]:
    """Whose people this person may place, tie and plan with."""
    return map_partners(user) if user.may(Right.EDIT_PARTNERS) else Partner.objects.none()


def map_people(user: User) -> QuerySet[Contact]:
    return Contact.objects.filter(partner__in=map_partners(user), erased_at=None)


def editable_people(user: User) -> QuerySet[Contact]:
    return Contact.objects.filter(partner__in=editable_maps(user), erased_at=None)


def visible_ties(user: User) -> QuerySet[Tie]:
    return Tie.objects.filter(_of_partners(user, "contact__partner"))


def visible_calls(user: User) -> QuerySet[CallToAction]:
    return CallToAction.objects.filter(_of_partners(user, "partner"))


def editable_calls(user: User) -> QuerySet[CallToAction]:
    """Own ones, and those of the partners they look after."""
    rows = visible_calls(user)
    return rows if user.may(Right.EDIT_PARTNERS) else rows.filter(owner=user)


def expecting_partners(user: User) -> QuerySet[Partner]:
    """Whom this person may say an expected score of: the account team, that is whoever keeps the partner or
    has a tie to somebody there, and those who lead."""
    if user.may(Right.EDIT_PARTNERS):
        return map_partners(user)
    tied = Tie.objects.filter(user=user).values("contact__partner_id")
    return map_partners(user).filter(Q(manager=user) | Q(pk__in=tied))


def visible_expectations(user: User) -> QuerySet[ExpectedScore]:
    """Before the wave began, own ones only: whoever reads what others expect expects the same."""
    theirs = Q(wave__started_at__isnull=False) & _of_partners(user, "contact__partner")
    return ExpectedScore.objects.filter(Q(user=user) | theirs)


def signing_partners(user: User) -> QuerySet[Partner]:
    """Who is asked is signed off by those who see more than their own partners."""
    return editable_maps(user) if user.may(Right.SEE_ALL_PARTNERS) else Partner.objects.none()


def contract_programs(user: User) -> QuerySet[Program]:
    return visible_programs(user) if user.may(Right.MANAGE_PROGRAMS) else Program.objects.none()


def visible_contracts(user: User) -> QuerySet[CoverageContract]:
    return CoverageContract.objects.filter(program__in=visible_programs(user))


def visible_plans(user: User) -> QuerySet[AccountPlan]:
    return AccountPlan.objects.filter(_of_partners(user, "partner"))


def visible_reviews(user: User) -> QuerySet[Review]:
    return Review.objects.filter(_of_partners(user, "partner"))


def _of_partners(user: User, to_partner: str) -> Q:
    if user.may(Right.SEE_FEEDBACK) and user.may(Right.SEE_PARTNERS) and user.may(Right.SEE_ALL_PARTNERS):
        return Q()
    return Q(**{f"{to_partner}__in": map_partners(user)})
