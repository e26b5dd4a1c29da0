"""The door of identity: who the person is and what they may do.

A view of another app begins like this:

    @needs(Right.SEE_PARTNERS)
    def partner_list(request: StaffRequest) -> HttpResponse: ...

Whoever is not signed in is sent to the sign-in page and back; whoever lacks the right gets the 403 page,
which names the administrators who can help. Objects outside one's rows are 404: fetch them through the app's
own ``access.py``. ``signed_in`` is for pages that any member of staff may see.
"""

from otklik.identity.models import Team, User
from otklik.identity.operations.staff import create_user, deactivate_user
from otklik.identity.operations.teams import save_team
from otklik.identity.queries import (
    active_managers,
    active_staff,
    holders_of,
    names_of,
    staff_choices,
    staff_with,
)
from otklik.identity.rules.roles import RIGHTS, Right, Role, rights_of
from otklik.identity.web.guard import NeedsRight, StaffRequest, actor_for, needs, signed_in

__all__ = [
    "RIGHTS",
    "NeedsRight",
    "Right",
    "Role",
    "StaffRequest",
    "Team",
    "User",
    "active_managers",
    "active_staff",
    "actor_for",
    "create_user",
    "deactivate_user",
    "holders_of",
    "names_of",
    "needs",
    "rights_of",
    "save_team",
    "signed_in",
    "staff_choices",
    "staff_with",
]
