from otklik.api.models.call import KeyedCall
from otklik.api.models.token import ApiToken

__all__ = ["ApiToken", "KeyedCall"]
