from otklik.assist.models.answer import AutomaticAnswer
from otklik.assist.models.notice import Notice, NoticeSetting, NoticeStop
from otklik.assist.models.settings import AnswerSettings, IntentSetting
from otklik.assist.models.teaching import Example, IntentModel

__all__ = [
    "AnswerSettings",
    "AutomaticAnswer",
    "Example",
    "IntentModel",
    "IntentSetting",
    "Notice",
    "NoticeSetting",
    "NoticeStop",
]
