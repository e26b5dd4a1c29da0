"""The door of knowledge."""

from otklik.knowledge.access import visible_articles
from otklik.knowledge.hooks import personal_data
from otklik.knowledge.labels import FILE_PROBLEMS, WHY_NOT
from otklik.knowledge.models import Article, ArticleText, Attachment, Feedback, Folder, View
from otklik.knowledge.operations.importing import ArticleFilesRefused, Imported, import_articles
from otklik.knowledge.operations.readers import Verdict, give_feedback, record_view
from otklik.knowledge.operations.texts import Written, save_text
from otklik.knowledge.queries.deflection import latest_figures
from otklik.knowledge.queries.reading import Reading, readable_articles, reading_of, texts_for
from otklik.knowledge.queries.searching import Found, Results, search, search_articles
from otklik.knowledge.queries.shown import ShownArticle, related_articles, shown_article
from otklik.knowledge.rules.front_matter import BadArticleFile
from otklik.knowledge.rules.visibility import ANYBODY, Reader
from otklik.knowledge.rules.vocabulary import ArticleState, CameFrom, TextState, Visibility, WhyNot
from otklik.knowledge.web.answers import verdict_from
from otklik.knowledge.web.files import file_answer

__all__ = [
    "ANYBODY",
    "FILE_PROBLEMS",
    "WHY_NOT",
    "Article",
    "ArticleFilesRefused",
    "ArticleState",
    "ArticleText",
    "Attachment",
    "BadArticleFile",
    "CameFrom",
    "Feedback",
    "Folder",
    "Found",
    "Imported",
    "Reader",
    "Reading",
    "Results",
    "ShownArticle",
    "TextState",
    "Verdict",
    "View",
    "Visibility",
    "WhyNot",
    "Written",
    "file_answer",
    "give_feedback",
    "import_articles",
    "latest_figures",
    "personal_data",
    "readable_articles",
    "reading_of",
    "record_view",
    "related_articles",
    "save_text",
    "search",
    "search_articles",
    "shown_article",
    "texts_for",
    "verdict_from",
    "visible_articles",
]
