from otklik.search.models import lookups
from otklik.search.models.document import Document, IndexedText

__all__ = ["Document", "IndexedText", "lookups"]
