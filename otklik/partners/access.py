"""Which partners and people somebody may see and change. Pages and the API get objects only through here:
what is outside is not found."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from otklik.identity.public import Right, User
from otklik.kit.rows import rows_by_id, rows_where
from otklik.partners.models import Contact, Partner, Program


def visible_partners(user: User) -> QuerySet[Partner]:
    """An account manager sees own partners, and others only where the program lets managers see all."""
    if not user.may(Right.SEE_PARTNERS):
        return Partner.objects.none()
    if user.may(Right.SEE_ALL_PARTNERS):
        return Partner.objects.all()
    return Partner.objects.filter(_own_or_open("", user))


def visible_contacts(user: User) -> QuerySet[Contact]:
    """People at the partners this person sees."""
    if not user.may(Right.SEE_PARTNERS):
        return Contact.objects.none()
    if user.may(Right.SEE_ALL_PARTNERS):
        return Contact.objects.all()
    return Contact.objects.filter(_own_or_open("partner__", user))


def visible_programs(user: User) -> QuerySet[Program]:
    """Programs are no secret to those who see partners at all."""
    return Program.objects.all() if user.may(Right.SEE_PARTNERS) else Program.objects.none()


def visible_contact(user: User, contact_id: int) -> Contact | None:
    """One of ``visible_contacts``, with their partner; None where there is none that this person sees."""
    if not user.may(Right.SEE_PARTNERS) or not user.may(Right.SEE_ALL_PARTNERS):
        return visible_contacts(user).select_related("partner").filter(pk=contact_id).first()
    # Asked with each ticket that a program begins.
    contact = rows_by_id(Contact, [contact_id]).get(contact_id)
    if contact is not None:
        contact.partner = rows_by_id(Partner, [contact.partner_id])[contact.partner_id]
    return contact


def visible_program(user: User, slug: str) -> Program | None:
    found = rows_where(Program, "slug", [slug]) if user.may(Right.SEE_PARTNERS) else []
    return found[0] if found else None


def editable_partners(user: User) -> QuerySet[Partner]:
    found = visible_partners(user) if user.may(Right.EDIT_PARTNERS) else Partner.objects.none()
    return found.filter(erased_at=None)


def editable_contacts(user: User) -> QuerySet[Contact]:
    found = visible_contacts(user) if user.may(Right.EDIT_PARTNERS) else Contact.objects.none()
    return found.filter(erased_at=None)


def may_see_revenue(user: User) -> bool:
    return user.may(Right.SEE_REVENUE)


def partner_scope(user: User) -> Q:
    """The same rows as a condition on search documents of kind "partner"."""
    return _scope(visible_partners(user), user)


def contact_scope(user: User) -> Q:
    return _scope(visible_contacts(user), user)


def _scope(visible: QuerySet[Partner] | QuerySet[Contact], user: User) -> Q:
    if user.may(Right.SEE_PARTNERS) and user.may(Right.SEE_ALL_PARTNERS):
        return Q()
    return Q(Exists(visible.filter(pk=OuterRef("object_id"))))


def _own_or_open(to_partner: str, user: User) -> Q:
    # A subquery instead of a join: either side of the OR then has an index of its own.
    open_programs = Program.objects.filter(managers_see_own_only=False).values("pk")
    return Q(**{f"{to_partner}manager": user}) | Q(**{f"{to_partner}program_id__in": open_programs})
