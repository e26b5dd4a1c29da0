"""Which answers somebody may see, in lists and inside figures.

Both follow the partner's manager of *today*, not the one frozen on the answer: a manager sees the whole
history of the partners they look after now, and nothing of those they handed over. The histograms do not know
partners, so figures
over "own partners" are counted from the answers themselves; whoever sees everything reads the histograms.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from otklik.feedback.models import Interview, Invitation, Mention, Objection, Response, Survey, Wave
from otklik.identity.public import Right, User
from otklik.partners.public import Program, visible_programs


@dataclass(frozen=True, slots=True)
class Scope:
    """``programs`` seen whole (None: all there are), and the partners of ``manager`` in all others."""

    programs: frozenset[int] | None = None
    manager: int | None = None

    @property
    def is_everything(self) -> bool:
        return self.programs is None

    def covers(self, program_id: int) -> bool:
        """Whether the program is seen whole, with what belongs to no partner."""
        return self.programs is None or program_id in self.programs


def scope_of(user: User) -> Scope:
    if not user.may(Right.SEE_FEEDBACK):
        return Scope(frozenset())
    if user.may(Right.SEE_ALL_PARTNERS):
        return Scope()
    open_programs = Program.objects.filter(managers_see_own_only=False).values_list("pk", flat=True)
    return Scope(frozenset(open_programs), user.pk)


def visible_responses(scope: Scope) -> QuerySet[Response]:
    if scope.programs is None:
        return Response.objects.all()
    return Response.objects.filter(Q(program_id__in=scope.programs) | _own(scope))


def own_responses(scope: Scope) -> QuerySet[Response]:
    """Those of own partners outside the programs that are seen whole: what the histograms cannot tell."""
    if scope.programs is None:
        return Response.objects.none()
    return Response.objects.filter(_own(scope)).exclude(program_id__in=scope.programs)


def visible_invitations(scope: Scope) -> QuerySet[Invitation]:
    """Like the answers they ask for."""
    if scope.programs is None:
        return Invitation.objects.all()
    return Invitation.objects.filter(Q(program_id__in=scope.programs) | _own(scope))


def visible_surveys(user: User) -> QuerySet[Survey]:
    """Surveys are no secret to those who see answers at all; what is in them is narrowed by ``Scope``."""
    return Survey.objects.all() if user.may(Right.SEE_FEEDBACK) else Survey.objects.none()


def editable_surveys(user: User) -> QuerySet[Survey]:
    return visible_surveys(user) if user.may(Right.RUN_SURVEYS) else Survey.objects.none()


def plannable_waves(user: User) -> QuerySet[Wave]:
    """Waves name whoever is asked, and whoever is left out and why: they are for those who run surveys."""
    return Wave.objects.all() if user.may(Right.RUN_SURVEYS) else Wave.objects.none()


def visible_objections(user: User) -> QuerySet[Objection]:
    """Names and addresses of people: for those who run surveys, of the programs they see."""
    if not user.may(Right.RUN_SURVEYS):
        return Objection.objects.none()
    return Objection.objects.filter(program__in=visible_programs(user))


def visible_interviews(scope: Scope) -> QuerySet[Interview]:
    if scope.programs is None:
        return Interview.objects.all()
    return Interview.objects.filter(Q(program_id__in=scope.programs) | _own(scope))


def visible_mentions(scope: Scope) -> QuerySet[Mention]:
    """One that belongs to no partner is seen by those who see its program whole."""
    rows = Mention.objects.filter(set_aside_at=None)
    if scope.programs is None:
        return rows
    return rows.filter(Q(program_id__in=scope.programs) | _own(scope))


def editable_interviews(user: User) -> QuerySet[Interview]:
    """Own ones, and all that they see for those who run the surveys."""
    rows = visible_interviews(scope_of(user))
    return rows if user.may(Right.RUN_SURVEYS) else rows.filter(interviewer=user)


def _own(scope: Scope) -> Q:
    return Q(partner__manager_id=scope.manager) if scope.manager is not None else Q(pk__in=())
