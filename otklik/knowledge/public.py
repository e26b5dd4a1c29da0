"""The door of knowledge."""

from otklik.knowledge.models import Article, ArticleText, Feedback, View
from otklik.knowledge.queries.reading import Reading, readable_articles, reading_of, texts_for
from otklik.knowledge.queries.searching import Found, Results, search, search_articles
from otklik.knowledge.rules.visibility import ANYBODY, Reader
from otklik.knowledge.rules.vocabulary import ArticleState, CameFrom, TextState, Visibility, WhyNot

__all__ = [
    "ANYBODY",
    "Article",
    "ArticleState",
    "ArticleText",
    "CameFrom",
    "Feedback",
    "Found",
    "Reader",
    "Reading",
    "Results",
    "TextState",
    "View",
    "Visibility",
    "WhyNot",
    "readable_articles",
    "reading_of",
    "search",
    "search_articles",
    "texts_for",
]
