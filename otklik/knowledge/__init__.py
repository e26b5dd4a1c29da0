"""One base of articles for partners and staff: languages and their freshness, visibility, versions, search,
feedback, gaps and what articles spared people from asking.

Nouns: folder, article, text (an article in one language), version (a text as it was saved), attachment, video
link, reader, view, feedback, word (of the vocabulary that mistyped words are held against). Writes
``article.created``, ``article.changed``, ``article.text_saved``, ``article.text_checked``,
``article.text_removed``, ``article.published``, ``article.archived``, ``article.reviewed``,
``article.file_added``, ``article.file_removed``, ``article.feedback_given``.

A translation is stale as soon as its source changed. Nobody outside the staff sees a draft, and what a reader
may not read is not found by them either.
"""
