"""The door of the portal."""

from otklik.portal.models import PortalAccount
from otklik.portal.operations.accounts import invite, open_account, show_money, withdraw
from otklik.portal.operations.branding import Look, change_look
from otklik.portal.operations.passwords import set_password

__all__ = [
    "Look",
    "PortalAccount",
    "change_look",
    "invite",
    "open_account",
    "set_password",
    "show_money",
    "withdraw",
]
