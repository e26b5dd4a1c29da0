from otklik.portal.models.accounts import PortalAccount, PortalSession

__all__ = ["PortalAccount", "PortalSession"]
