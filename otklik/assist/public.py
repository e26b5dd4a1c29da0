"""The door of assist."""

from otklik.assist.operations.answering import Answer, answer_for, link_answer, settle_answer
from otklik.assist.personal import personal_data
from otklik.assist.rules.vocabulary import Intent

__all__ = ["Answer", "Intent", "answer_for", "link_answer", "personal_data", "settle_answer"]
