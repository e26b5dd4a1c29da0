"""The door of assist."""

from otklik.assist.operations.answering import Answer, answer_for, link_answer, settle_answer
from otklik.assist.operations.examples import begin_with_examples
from otklik.assist.operations.notices import set_notice
from otklik.assist.operations.reviewing import review_answer
from otklik.assist.operations.settling import settle_answers
from otklik.assist.operations.teaching import teach
from otklik.assist.personal import personal_data
from otklik.assist.queries.notices import ShownNotice, notices_for
from otklik.assist.rules.vocabulary import Intent, NoticeKind, Review

__all__ = [
    "Answer",
    "Intent",
    "NoticeKind",
    "Review",
    "ShownNotice",
    "answer_for",
    "begin_with_examples",
    "link_answer",
    "notices_for",
    "personal_data",
    "review_answer",
    "set_notice",
    "settle_answer",
    "settle_answers",
    "teach",
]
