"""The door of assist."""

from otklik.assist.operations.answering import Answer, answer_for, link_answer, settle_answer
from otklik.assist.personal import personal_data
from otklik.assist.queries.notices import ShownNotice, notices_for
from otklik.assist.rules.vocabulary import Intent, NoticeKind

__all__ = [
    "Answer",
    "Intent",
    "NoticeKind",
    "ShownNotice",
    "answer_for",
    "link_answer",
    "notices_for",
    "personal_data",
    "settle_answer",
]
