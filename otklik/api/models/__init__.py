from otklik.api.models.token import ApiToken

__all__ = ["ApiToken"]
