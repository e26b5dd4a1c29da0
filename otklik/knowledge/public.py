"""The door of knowledge."""

from otklik.knowledge.hooks import personal_data
from otklik.knowledge.labels import WHY_NOT
from otklik.knowledge.models import Article, ArticleText, Attachment, Feedback, Folder, View
from otklik.knowledge.operations.readers import Verdict, give_feedback, record_view
from otklik.knowledge.queries.reading import Reading, readable_articles, reading_of, texts_for
from otklik.knowledge.queries.searching import Found, Results, search, search_articles
from otklik.knowledge.queries.shown import ShownArticle, related_articles, shown_article
from otklik.knowledge.rules.visibility import ANYBODY, Reader
from otklik.knowledge.rules.vocabulary import ArticleState, CameFrom, TextState, Visibility, WhyNot
from otklik.knowledge.web.answers import verdict_from
from otklik.knowledge.web.files import file_answer

__all__ = [
    "ANYBODY",
    "WHY_NOT",
    "Article",
    "ArticleState",
    "ArticleText",
    "Attachment",
    "CameFrom",
    "Feedback",
    "Folder",
    "Found",
    "Reader",
    "Reading",
    "Results",
    "ShownArticle",
    "TextState",
    "Verdict",
    "View",
    "Visibility",
    "WhyNot",
    "file_answer",
    "give_feedback",
    "personal_data",
    "readable_articles",
    "reading_of",
    "record_view",
    "related_articles",
    "search",
    "search_articles",
    "shown_article",
    "texts_for",
    "verdict_from",
]
