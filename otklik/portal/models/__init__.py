from otklik.portal.models.accounts import PortalAccount, PortalSession
from otklik.portal.models.branding import Branding, PortalSettings
from otklik.portal.models.company import CompanySignIn
from otklik.portal.models.requests import ErasureRequest
from otklik.portal.models.sign_in import Passkey, SignInLink

__all__ = [
    "Branding",
    "CompanySignIn",
    "ErasureRequest",
    "Passkey",
    "PortalAccount",
    "PortalSession",
    "PortalSettings",
    "SignInLink",
]
