from otklik.knowledge.models.article import (
    Article,
    ArticleText,
    ArticleTier,
    ArticleVersion,
    Folder,
    Word,
)
from otklik.knowledge.models.drafting import DraftTranslation
from otklik.knowledge.models.extras import Attachment, VideoLink
from otklik.knowledge.models.gap import Gap, KnowledgeFigures
from otklik.knowledge.models.readers import Feedback, View

__all__ = [
    "Article",
    "ArticleText",
    "ArticleTier",
    "ArticleVersion",
    "Attachment",
    "DraftTranslation",
    "Feedback",
    "Folder",
    "Gap",
    "KnowledgeFigures",
    "VideoLink",
    "View",
    "Word",
]
