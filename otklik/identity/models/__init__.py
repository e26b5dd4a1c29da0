from otklik.identity.models.installation import Installation
from otklik.identity.models.team import Team
from otklik.identity.models.user import RoleGrant, User

__all__ = ["Installation", "RoleGrant", "Team", "User"]
